package richtext

import (
	"errors"
	"strings"
	"testing"
)

// TestTooManyLinksLine: a text with too many links is refused at the line of the first that
// is too much.
func TestTooManyLinksLine(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"links":          "[a](/b)\n",
		"pictures":       "![a](/b)\n",
		"bare addresses": "www.a.example\n",
		"mail":           "a@b.example\n",
	} {
		_, err := ReadMarkdown([]byte("Text.\n\n"+strings.Repeat(strings.Repeat(line, 100)+"\n", maxLinks/100+1)), nil)
		at, ok := errors.AsType[*LineError](err)
		if want := 3 + maxLinks/100*101; !ok || at.Line != want || !strings.Contains(at.Text, "links and pictures") {
			t.Errorf("%s: %v, want line %d", name, err, want)
		}
	}
}
