package newsroom

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"communique/storage/richtext"
)

// line is the text of a field that is shown in one line. As in the body, a line end between
// Han characters or kana is no blank.
func line(n ast.Node) string {
	text, _ := scalar(n)
	switch n := n.(type) {
	case *ast.LiteralNode:
		if strings.HasPrefix(n.Start.Value, ">") {
			text = unfolded(text, n.Value.GetToken().Origin)
		}
	case *ast.StringNode:
		text = unfolded(text, n.GetToken().Origin)
	}
	return richtext.Line(richtext.LinesJoined(text))
}

// unfolded puts the line ends of a text back of which YAML has made blanks, and the empty
// lines of which it has made line ends (YAML 1.2 §6.5).
func unfolded(text, written string) string {
	var b strings.Builder
	rest := text
	for piece := range strings.SplitSeq(written, "\n") {
		piece = strings.Trim(strings.TrimSpace(piece), `"'`)
		at := strings.Index(rest, piece)
		if piece == "" || at < 0 { // the whole line is an escape, or has one
			continue
		}
		switch gap := rest[:at]; {
		case b.Len() == 0:
			b.WriteString(gap)
		case gap == " ":
			b.WriteByte('\n')
		default:
			b.WriteString(strings.ReplaceAll(gap, "\n", "\n\n"))
		}
		b.WriteString(piece)
		rest = rest[at+len(piece):]
	}
	return b.String() + rest
}
