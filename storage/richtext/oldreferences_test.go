package richtext

import (
	"strings"
	"testing"
)

// TestOldReferences: what editors paste from old pages is read as HTML reads it.
func TestOldReferences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Meeting 3&#150;5 May, cost 5 &#128;": "Meeting 3–5 May, cost 5 €",
		"it&#146;s &#x93;so&#x94;":            "it’s “so”",
		`3\&#150;5`:                           "3&amp;#150;5",
		"a &#123;b&#125;":                     "a {b}",
		"[a](https://x.example/a&#150;b)":     "https://x.example/a%E2%80%93b",
	} {
		got, _, err := Markdown([]byte(in), nil)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s is %s (%v), want %s", in, got, err, want)
		}
	}
}
