package feeds_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/url"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// TestPictureOfTheText: an article whose only picture stands in its text has it
// as its picture everywhere.
func TestPictureOfTheText(t *testing.T) {
	t.Parallel()
	n := open(t)
	m := photograph(t)
	n.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	address := base + "/media/" + m.Name()
	body, _ := richtext.Clean(`<p>Text.</p><figure><img src="`+address+`" alt="A slope"><figcaption>The hill. Photograph: A. B.</figcaption></figure><p><img src="https://pictures.example/2.png"></p>`, nil)
	a := n.publish(press.Draft{Title: "Hill", Body: body})

	page := text(t, n.get("/en/articles/"+string(a.ID)+"/hill"))
	for _, want := range []string{`<meta property="og:image" content="` + base + "/media/" + m.Sizes[1].Name(), `<meta property="og:image:alt" content="A slope"`, `width="1000" height="400"`} {
		if !strings.Contains(page, want) && !strings.Contains(page, strings.Replace(want, m.Sizes[1].Name(), m.Name(), 1)) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, "The hill. Photograph: A. B.") != 1 {
		t.Error("the caption stands on the page more than once, or not at all")
	}
	if rss := text(t, n.get("/en/feed.rss")); !strings.Contains(rss, `<enclosure url="`+address+`"`) || !strings.Contains(rss, "The hill. Photograph: A. B.") {
		t.Errorf("RSS: %s", rss)
	}
	var feed struct {
		Items []struct {
			Image       string `json:"image"`
			Attachments []struct {
				URL  string `json:"url"`
				Size int64  `json:"size_in_bytes"`
			} `json:"attachments"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(text(t, n.get("/en/feed.json"))), &feed); err != nil {
		t.Fatal(err)
	}
	if i := feed.Items[0]; i.Image != address || len(i.Attachments) != 1 || i.Attachments[0].Size != int64(len(m.Content)) {
		t.Errorf("JSON Feed: %+v", i)
	}
}

// TestPictureByItsAddress: of a picture elsewhere a feed says the type by the end of its
// path, as far as that tells.
func TestPictureByItsAddress(t *testing.T) {
	t.Parallel()
	n := open(t)
	body, _ := richtext.Clean(`<p>Text. <img src="https://a.example/100%-x.PNG?v=1.gif" alt="b"></p>`, nil)
	n.publish(press.Draft{Title: "Percent", Body: body})
	feed := text(t, n.get("/en/feed.json"))
	if !strings.Contains(feed, `"url": "https://a.example/100%-x.PNG?v=1.gif"`) || !strings.Contains(feed, `"mime_type": "image/png"`) {
		t.Errorf("JSON Feed: %s", feed)
	}
}

// TestNoCounterStandsIn: a picture of one point counts readers. It is not what an
// article shows.
func TestNoCounterStandsIn(t *testing.T) {
	t.Parallel()
	n := open(t)
	var point bytes.Buffer
	if err := png.Encode(&point, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	m, err := newsdesk.NewMedia(point.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	// The second is as a program before this one has stored it.
	body := press.HTML(`<p>Text. <img src="` + base + "/media/" + m.Name() + `" alt=""/> <img src="https://count.example/c.gif" alt="" width="1" height="1"/> <img src="https://pictures.example/2.png" alt="Pier"/></p>`)
	a := n.publish(press.Draft{Title: "Counted", Body: body})
	page := text(t, n.get("/en/articles/"+string(a.ID)+"/counted"))
	if !strings.Contains(page, `<meta property="og:image" content="https://pictures.example/2.png"`) {
		t.Error("the picture of the article is not the first that shows something")
	}
}

// TestFeedsSayWhatThePageSays: captions and credits are in the content of a feed,
// and links within the text lead to the page.
func TestFeedsSayWhatThePageSays(t *testing.T) {
	t.Parallel()
	n := open(t)
	here, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	body, _, err := richtext.Markdown([]byte("See [below](#annex)[^1].\n\n![Port](https://pictures.example/2.png)\n\n## Annex\n\nWe ~~do not~~ accept.\n\n[^1]: Source.\n"), here)
	if err != nil {
		t.Fatal(err)
	}
	a := n.publish(press.Draft{Title: "Annexed", Body: body, Images: []press.Image{
		{Src: "https://pictures.example/1.png", Alt: "Pier", Caption: "The <pier>", Credit: "C. D.", Terms: "CC BY 4.0"},
		{Src: "https://pictures.example/2.png", Caption: "The port", Credit: "E. F."},
	}})
	page := base + "/en/articles/" + string(a.ID) + "/annexed"
	var feed struct {
		Items []struct {
			HTML    string `json:"content_html"`
			Summary string `json:"summary"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(text(t, n.get("/en/feed.json"))), &feed); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<figcaption>The &lt;pier&gt; · C. D. · CC BY 4.0</figcaption>", "<p>The port · E. F.</p>",
		`<a href="` + page + `#text-annex">below</a>`, `href="` + page + `#text-fn-1">1</a></sup>`, "<s>do not</s>",
	} {
		if !strings.Contains(feed.Items[0].HTML, want) {
			t.Errorf("the feed lacks %s:\n%s", want, feed.Items[0].HTML)
		}
	}
	if feed.Items[0].Summary != "See below. We accept." {
		t.Errorf("summary %q", feed.Items[0].Summary)
	}
	shown := text(t, n.get(strings.TrimPrefix(page, base)))
	for _, want := range []string{`<a href="#text-annex">below</a>`, `<h2 id="text-annex">Annex</h2>`, `content="See below. We accept."`} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
