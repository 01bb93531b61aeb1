package ops

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestA37OneLineWhateverIsInIt: what strangers put into a value ends no line, reaches no
// terminal as a sequence of its own and turns nothing around, in either format.
func TestA37OneLineWhateverIsInIt(t *testing.T) {
	t.Parallel()
	const nasty = "Ana\x1b[31m\u202e%s\r\nlevel=ERROR msg=lost\u2066\u0085\u009b"
	for _, format := range []Format{Text, JSON} {
		var b bytes.Buffer
		slog.New(NewHandler(&b, format, slog.LevelInfo)).Warn("refused "+nasty, "name", nasty, "error", errors.New(nasty), "count", 3)
		line := b.String()
		if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") || strings.ContainsAny(line, "\x1b\r\u202e\u2066\u0085\u009b") {
			t.Errorf("%s: %q", format, line)
		}
		if format == JSON && !json.Valid(b.Bytes()) {
			t.Errorf("no JSON: %q", line)
		}
	}
}
