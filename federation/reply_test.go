package federation

import (
	"net/url"
	"strings"
	"testing"

	"communique/storage/richtext"
)

// FuzzReplyText: whatever a stranger writes, what is shown of it is clean, loads
// nothing from their server and is bounded.
func FuzzReplyText(f *testing.F) {
	for _, s := range []string{
		`<p>Well <img src="https://evil.example/x.png" onerror="x()">said</p>`, "<img", "<picture><img src=x></picture>", `<p title="<img src=x>">`,
		"<table><tr><td><img src='https://a.example/>'>", "&lt;img src=x&gt;", "<a href='javascript:x()'><img src=x alt='<img src=y>'></a>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := replyText(raw)
		if again, _ := richtext.Clean(string(got), nil); again != got {
			t.Errorf("%q became %q, which is cleaned to %q", raw, got, again)
		}
		if strings.Contains(string(got), "<img") || strings.Contains(string(got), "<script") {
			t.Errorf("%q became %q", raw, got)
		}
		if n := len([]rune(richtext.Text(got))); n > maxReply+1 {
			t.Errorf("%d characters are left of %d", n, len(raw))
		}
	})
}

// FuzzReplyAfter: the address of a page of replies is read as it was written, or
// refused.
func FuzzReplyAfter(f *testing.F) {
	f.Add("0", "")
	f.Add("-9223372036854775808", "https://a.example/1?x&y#z")
	f.Add("9223372036854775807", "'")
	f.Fuzz(func(t *testing.T, after, id string) {
		got, err := replyAfter(url.Values{"after": {after}, "id": {id}})
		if err != nil {
			return
		}
		at, err := url.Parse(repliesPageID("https://mfa.example/replies", got))
		if err != nil {
			t.Fatal(err)
		}
		again, err := replyAfter(at.Query())
		if err != nil || again.ID != got.ID || !again.Published.Equal(got.Published) {
			t.Errorf("%s %q became %s %q: %v", got.Published, got.ID, again.Published, again.ID, err)
		}
	})
}
