package richtext_test

import (
	"strings"
	"testing"

	"communique/storage/richtext"
)

func TestWithout(t *testing.T) {
	t.Parallel()
	const gone, other = "https://mfa.example/media/1.jpg", "https://mfa.example/media/2.jpg"
	for name, tt := range map[string]struct{ text, note, want string }{
		"another picture":       {`<p>A <img src="` + other + `" alt="x"></p>`, "Gone.", `<p>A <img src="` + other + `" alt="x"></p>`},
		"alone in a paragraph":  {`<p>A</p><p><img src="` + gone + `" alt="x"></p><p>B</p>`, "", `<p>A</p><p>B</p>`},
		"with a note":           {`<p><img src="` + gone + `" alt="x"></p>`, "Gone.", `<p><em>Gone.</em></p>`},
		"between words":         {`<p>A <img src="` + gone + `" alt="x"> B</p>`, "", `<p>A B</p>`},
		"a link":                {`<p>The <a href="` + gone + `"><b>treaty</b></a>.</p>`, "", `<p>The <b>treaty</b>.</p>`},
		"a link with a note":    {`<p>The <a href="` + gone + `">treaty</a>.</p>`, "gone & barred", `<p>The treaty <em>(gone &amp; barred)</em>.</p>`},
		"a picture in a link":   {`<p>A</p><p><a href="` + gone + `"><img src="` + gone + `" alt="x"></a></p>`, "", `<p>A</p>`},
		"the note is plain":     {`<p><img src="` + gone + `" alt="x"></p>`, "<b>", `<p><em>&lt;b&gt;</em></p>`},
		"two, and what is kept": {`<ul><li><img src="` + gone + `" alt="x"> A</li><li><img src="` + gone + `" alt="x"> <a href="` + other + `">B</a></li></ul>`, "", `<ul><li>A</li><li><a href="` + other + `">B</a></li></ul>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, _ := richtext.Clean(tt.text, nil)
			want, _ := richtext.Clean(tt.want, nil)
			got := richtext.Without(text, func(address string) bool { return address == gone }, tt.note)
			if got != want {
				t.Errorf("%s\nbecame %s\nwant   %s", text, got, want)
			}
			if again, _ := richtext.Clean(string(got), nil); again != got {
				t.Errorf("%s is not clean", got)
			}
			if strings.Contains(string(got), gone) {
				t.Error("it is there still")
			}
		})
	}
	want, _ := richtext.Clean(`<p><em>"Gone" &amp; barred</em></p><p>A</p>`, nil)
	if got := richtext.Noted("<p>A</p>", `"Gone" & barred`); got != want {
		t.Error(got)
	}
}
