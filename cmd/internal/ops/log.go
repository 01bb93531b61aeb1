package ops

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"unicode"
)

// Format is the form of the lines of a log.
type Format string

// The formats.
const (
	Text Format = "text" // key=value
	JSON Format = "json" // an object in a line
)

// NewHandler writes a log. Whatever a stranger has put into a value, a record is one line
// without control characters and without signs that change the direction of the rest
// (SECURITY A37).
func NewHandler(w io.Writer, format Format, from slog.Leveler) slog.Handler {
	if format == JSON {
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: from, ReplaceAttr: visible})
	}
	// It quotes what cannot be printed by itself.
	return slog.NewTextHandler(w, &slog.HandlerOptions{Level: from})
}

// visible spells out what of a value cannot be seen.
func visible(_ []string, a slog.Attr) slog.Attr {
	var text string
	switch value := a.Value.Resolve(); value.Kind() {
	case slog.KindString:
		text = value.String()
	case slog.KindAny:
		switch v := value.Any().(type) {
		case error:
			text = v.Error()
		case fmt.Stringer:
			text = v.String()
		default:
			return a
		}
	default:
		return a
	}
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }) {
		return slog.String(a.Key, text) // the encoder escapes ends of lines
	}
	quoted := strconv.Quote(text)
	return slog.String(a.Key, quoted[1:len(quoted)-1])
}
