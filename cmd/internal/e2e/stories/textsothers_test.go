package stories

import (
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// TestComparisonsShowAll: whatever a correction changes for those who read or follow
// the text, the comparison shows, in words where it has no letters.
func TestComparisonsShowAll(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	for _, tt := range []struct{ before, after, shown string }{
		{"See [x](https://a.example/1).", "See [x](https://a.example/2).", "https://a.example/2"},
		{"We do not accept.", "We ~~do not~~ accept.", "<del>"},
		{"7. a", "8. a", "8</ins>"},
		{"x<sup>2</sup>", "x2", "x2</ins>"},
		{"![a](https://a.example/1.png)", "![a](https://a.example/2.png)", "Other changes"},
		{"![a](https://a.example/1.png)", "![b](https://a.example/1.png)", "[Picture: b]</ins>"},
		{"a **b** c", "a b c", "Other changes"},
		{"<ol type=\"a\"><li>x</ol>", "<ol type=\"A\"><li>x</ol>", "A</ins>"},
		{"10 000", "10\u00a0000", "Other changes"},
		{"x[^1]\n\n[^1]: a", "x[^1]\n\n[^1]: b", "b</ins>"},
		{"[x](#a) <p id=a>A</p><p id=b>B</p>", "[x](#b) <p id=a>A</p><p id=b>B</p>", "Other changes"},
		{"- [ ] x", "- [x] x", "☑</ins>"},
		{"<abbr title=\"a\">x</abbr>", "<abbr title=\"b\">x</abbr>", "Other changes"},
		{"> x", "x", "Other changes"},
	} {
		a := s.File("publish", "--again", s.Markdown("Compared", tt.before))
		s.Must("correct", a.ID, s.Markdown("Compared", tt.after), "--note", "Mended.")
		page := string(e2etest.Get(t, s.Base+"/en/articles/"+a.ID+"/history/1-2", "Accept", "text/html").Body)
		shown := strings.ReplaceAll(strings.ReplaceAll(page, `<span class="unseen">Removed: </span>`, ""), `<span class="unseen">Added: </span>`, "")
		if !strings.Contains(shown, tt.shown) || strings.Contains(page, "are the same in both versions") {
			t.Errorf("from %q to %q: the comparison lacks %q: %s", tt.before, tt.after, tt.shown, between(page, `<div class="text compared">`, "</main>"))
		}
	}
}

// TestStrangersTexts: what strangers say is shown as they say it, without what is
// hidden in it, and leads nowhere on our page.
func TestStrangersTexts(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	for i, tt := range []struct{ in, want string }{
		{"<p>3~5 May and 7~9 May</p>", "<p>3~5 May and 7~9 May</p>"},
		{"<p>10<sup>6</sup> and H<sub>2</sub>O</p>", "<p>10<sup>6</sup> and H<sub>2</sub>O</p>"},
		{"<p>We <del>do not</del> accept <ins>peace</ins></p>", "<p>We <s>do not</s> accept <u>peace</u></p>"},
		{`<p>One<span style="display:none">hidden</span> two<span hidden>hidden</span></p>`, "<p>One two</p>"},
		{"<p>발표 <Joint Statement on Trade>its text</Joint> 전문</p>", "<p>발표 its text 전문</p>"},
		{`<p id="content"><a href="#content">up</a> <a name="x">x</a></p>`, "<p>up x</p>"},
		{`<p>a<img src="https://evil.example/x.png" alt="b">c</p>`, "<p>a c</p>"},
		{`<ol type="a" start="3"><li>x</li></ol>`, `<ol type="a" start="3"><li>x</li></ol>`},
		{`<object data="https://evil.example/x"><p>instead</p></object>`, "<p>instead</p>"},
	} {
		name := string(rune('a' + i))
		p.Sends(s, p.Activity("Create", name, p.Post(name, tt.in, s.ObjectID(a))))
		waiting := s.Replies(audience.ReplyPending)
		if len(waiting) != 1 {
			t.Fatalf("%s: %d replies wait", tt.in, len(waiting))
		}
		e2etest.Equal(t, tt.in, string(waiting[0].Content), tt.want)
		s.Must("replies", "approve", waiting[0].Token)
		if page := string(s.Page(a).Body); !strings.Contains(page, tt.want) {
			t.Errorf("%s: the page lacks %s", tt.in, tt.want)
		}
	}
}
