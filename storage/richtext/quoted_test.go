package richtext

import "testing"

func TestQuoted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"外務大臣\u3000会見":              "\"外務大臣\u3000会見\"",
		"10\u00a0000\u202f€":        "\"10\u00a0000\u202f€\"",
		`The "Almira" case, C:\new`: `"The "Almira" case, C:\new"`,
		"می\u200cخواهد 👩\u200d🔬":    "\"می\u200cخواهد 👩\u200d🔬\"",
		"e\u0301 a\ufe0f":           "\"e\u0301 a\ufe0f\"",
		"a\x1b[31m\tb\u0085\u202ec": `"a\x1b[31m\tb\u0085\u202ec"`,
	} {
		if got := Quoted(in); got != want {
			t.Errorf("%+q: %+q, want %+q", in, got, want)
		}
	}
}
