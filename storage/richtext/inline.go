package richtext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// inlines returns the inline content of nodes; of blocks among them, only the
// text remains, set apart by a space.
func inlines(in []*node, depth int) []*node {
	var out []*node
	for _, n := range in {
		out = appendInline(out, n, depth)
	}
	return out
}

// appendInline adds a node to a run, unwrapping what is not kept.
func appendInline(run []*node, n *node, depth int) []*node {
	switch {
	case n.kind == hidden:
		return run
	case n.kind == anchor:
		return append(run, n)
	case n.kind == characters:
		return append(run, textNode(n.text))
	case n.kind == void && n.name == "br":
		return append(withIDs(run, n), &node{kind: void, name: n.name, attrs: n.attrs})
	case n.kind == void:
		return append(run, &node{kind: void, name: n.name, attrs: n.attrs, ids: n.ids})
	case n.kind.block() || n.blocks || n.apart:
		run = appendInline(withIDs(run, n), textNode(" "), depth)
		if n.apart && n.kept() && depth <= maxDepth {
			run = appendInline(run, &node{kind: inline, name: n.name, attrs: n.attrs, children: n.children}, depth)
		} else {
			for _, c := range n.children {
				run = appendInline(run, c, depth)
			}
		}
		return appendInline(run, textNode(" "), depth)
	}
	name := n.name
	if !n.kept() {
		if name = ""; len(n.ids) > 0 {
			name = "span" // what a link leads to
		}
	}
	if name == "" || depth > maxDepth {
		run = withIDs(run, n)
		for _, c := range n.children {
			run = appendInline(run, c, depth)
		}
		return run
	}
	children := inlines(n.children, depth+1)
	if blank(children) {
		run = withIDs(run, n)
		for _, c := range children {
			run = appendInline(run, c, depth)
		}
		return run
	}
	return append(run, &node{kind: inline, name: name, attrs: n.attrs, ids: n.ids, children: children})
}

// withIDs leaves the ids of an element that is not kept where it stood.
func withIDs(run []*node, n *node) []*node {
	if len(n.ids) == 0 {
		return run
	}
	return append(run, &node{kind: anchor, ids: n.ids})
}

// blank reports whether nodes hold white space at most.
func blank(nodes []*node) bool {
	for _, n := range nodes {
		if n.kind != anchor && (n.kind != characters || strings.TrimSpace(n.text) != "") {
			return false
		}
	}
	return true
}

// splitParagraphs cuts a run where two line breaks follow one another: old
// pages make paragraphs so.
func splitParagraphs(run []*node) [][]*node {
	var parts [][]*node
	start := 0
	for i := 0; i < len(run); i++ {
		if run[i].name != "br" {
			continue
		}
		end := i
		for j := i + 1; j < len(run) && (run[j].name == "br" || blank(run[j:j+1])); j++ {
			if run[j].name == "br" {
				end = j
			}
		}
		if end > i {
			parts = append(parts, run[start:i])
			start = end + 1
			i = end
		}
	}
	return append(parts, run[start:])
}

// trim puts the texts of a run into their final form and removes white space
// and line breaks at its ends. The ids that stood in it go to the block around.
func trim(run []*node) ([]*node, []string) {
	run, ids := finish(run, false)
	return trimRight(trimLeft(run)), ids
}

// trimVerbatim does the same for preformatted text, where only empty lines at
// the ends go. A parser drops one line end after <pre> (HTML §13.2.6.4.7), so
// none may stand there.
func trimVerbatim(run []*node) ([]*node, []string) {
	run, ids := finish(run, true)
	if blank(run) {
		return nil, ids
	}
	for len(run) > 0 && (run[0].name == "br" || run[0].kind == characters && strings.Trim(run[0].text, "\n") == "") {
		run = run[1:]
	}
	if len(run) > 0 {
		run[0].text = strings.TrimLeft(run[0].text, "\n")
	}
	if last := len(run) - 1; last >= 0 && run[last].kind == characters {
		run[last].text = strings.TrimRight(run[last].text, "\n ")
		if run[last].text == "" {
			run = run[:last]
		}
	}
	return run, ids
}

// finish joins neighbouring texts, collapses their white space and normalises
// them. Joining comes first: a letter and its accent may come from two texts.
func finish(run []*node, verbatim bool) (out []*node, ids []string) {
	out = run[:0:0]
	var texts []*node
	flush := func() {
		if text := joinedText(texts); text != "" {
			texts[0].text = finishText(text, verbatim)
			out = append(out, texts[0])
		}
		texts = texts[:0]
	}
	for _, n := range run {
		switch n.kind {
		case characters:
			texts = append(texts, n)
			continue
		case anchor:
			ids = append(ids, n.ids...)
			continue
		}
		flush()
		var inner []string
		n.children, inner = finish(n.children, verbatim)
		ids = append(ids, inner...)
		out = append(out, n)
	}
	flush()
	return out, ids
}

func joinedText(texts []*node) string {
	if len(texts) == 1 {
		return texts[0].text
	}
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(t.text)
	}
	return b.String()
}

func finishText(s string, verbatim bool) string {
	if verbatim {
		s = strings.ReplaceAll(s, "\r", "\n")
	} else {
		s = collapse(s)
	}
	return norm.NFC.String(s)
}

// collapse makes one space of each run of the white space of HTML.
func collapse(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f':
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// margin reports whether a character may be cut off at the edge of a block;
// paragraphs indented by ideographic or hard spaces are common.
func margin(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
}

func trimLeft(run []*node) []*node {
	for len(run) > 0 {
		n := run[0]
		switch {
		case n.kind == characters:
			n.text = strings.TrimLeftFunc(n.text, margin)
			if n.text != "" {
				return run
			}
		case n.name == "br":
		case n.kind == void:
			return run
		default:
			n.children = trimLeft(n.children)
			if len(n.children) > 0 {
				return run
			}
		}
		run = run[1:]
	}
	return run
}

func trimRight(run []*node) []*node {
	for len(run) > 0 {
		n := run[len(run)-1]
		switch {
		case n.kind == characters:
			n.text = strings.TrimRightFunc(n.text, margin)
			if n.text != "" {
				return run
			}
		case n.name == "br":
		case n.kind == void:
			return run
		default:
			n.children = trimRight(n.children)
			if len(n.children) > 0 {
				return run
			}
		}
		run = run[:len(run)-1]
	}
	return run
}
