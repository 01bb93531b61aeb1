package site

import (
	"testing"
	"time"

	"communique/storage/press"
)

// closing leads to a section with a name in the page's language and to one
// without.
func closing() *Closing {
	return &Closing{At: time.Date(2026, 9, 2, 22, 30, 0, 0, time.UTC), Instead: trail}
}

// TestEnding: what a feed ends with is in its language, with every way on.
func TestEnding(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	c := *closing()
	c.Instead = []press.Section{{Path: "press-room", Names: map[press.Language]string{"en": `<b> & "Press"`}}}
	got := s.Ending(c, "fr")
	want := Ending{
		Title: "Ce flux a pris fin", Link: "https://press.example/fr/press-room/",
		Summary: "Cette rubrique a été fermée le 3 septembre 2026. Les communiqués déjà publiés restent accessibles à la même adresse.",
		Content: "<p>Cette rubrique a été fermée le 3 septembre 2026. Les communiqués déjà publiés restent accessibles à la même adresse.</p>" +
			"<p>Les nouveaux communiqués sont publiés ici :</p>" +
			`<ul><li><a href="https://press.example/fr/press-room/">&lt;b&gt; &amp; &#34;Press&#34;</a>` +
			` · <a href="https://press.example/fr/press-room/feed.atom">Atom</a>` +
			` · <a href="https://press.example/fr/press-room/feed.rss">RSS</a>` +
			` · <a href="https://press.example/fr/press-room/feed.json">JSON</a></li></ul>`,
	}
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got := s.Ending(Closing{At: c.At}, "en"); got.Link != "https://press.example/en/" {
		t.Errorf("without another section it leads to %q", got.Link)
	}
}
