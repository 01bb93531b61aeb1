package former

import (
	"net/url"
	"testing"
)

// TestFormer holds what the program of version 0.4 made of texts: hashes of it
// are in databases.
func TestFormer(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://ministry.example/news/page.html")
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"会议于3~5日举行，论坛于7~9日举行。":                      "<p>会议于3<s>5日举行，论坛于7</s>9日举行。</p>",
		"x[^1]\n\n[^1]: note":                       "<p>x<a href=\"https://ministry.example/news/note\">^1</a></p>",
		"fell to <two per cent> of GDP":             "<p>fell to of GDP</p>",
		"# A\n\n## B":                               "<h2>A</h2>\n<h2>B</h2>",
		"See [the annex](#annex).":                  `<p>See <a href="https://ministry.example/news/page.html#annex">the annex</a>.</p>`,
		"| A | B |\n|---|---|\n| A | Yes | extra |": "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>A</td><td>Yes</td></tr></tbody></table>",
	} {
		if got := Markdown([]byte(in), base); string(got) != want {
			t.Errorf("Markdown(%q) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"<p hidden>A</p><button>b</button>":        "<p>A</p>",
		"<ol type=a start=3><li>x</ol>":            `<ol start="3"><li>x</li></ol>`,
		`<a href="https://mfa.example/100%-club">`: "",
		`<a href="https://mfa.example/100%-x">y`:   "<p>y</p>",
	} {
		if got := Clean(in, base); string(got) != want {
			t.Errorf("Clean(%q) = %s, want %s", in, got, want)
		}
	}
	if got := CleanText(" Aide de 10\u202f000\u00a0€ "); got != "Aide de 10 000 €" {
		t.Errorf("CleanText = %q", got)
	}
}
