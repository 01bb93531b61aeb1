package federation

import (
	"fmt"
	"strings"
	"testing"

	"communique/federation/vocab"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

var theMinistry = author{site: press.Site{Base: "https://press.mfa.example"}, name: "ministry", quotes: QuotesAnyone}

// TestActivitiesFit: the largest article that can be stored stays under the
// size of an activity that receivers take, and says where the rest is.
func TestActivitiesFit(t *testing.T) {
	t.Parallel()
	for _, block := range []string{`<p>"Quoted" & more.</p>`, "<p>" + strings.Repeat(`"`, 100) + "</p>", "<h2>外</h2>", "<table><tr><th>a</th><td>b</td></tr></table>"} {
		s := fixture()
		s.rendition = newsdesk.AsArticle
		s.Body, _ = richtext.Clean(strings.Repeat(block, press.MaxBody/(len(block)+1)), nil)
		text, err := vocab.Marshal(vocab.NewCreate("https://press.mfa.example/ap/activities/1/create", theMinistry.object(s)))
		if err != nil || len(text) >= 1<<20 {
			t.Errorf("%.20s: %d bytes, %v", block, len(text), err)
		}
	}
	s := fixture()
	s.rendition = newsdesk.AsArticle
	s.Body = press.HTML(strings.Repeat("<p>"+strings.Repeat("word ", 1000)+"</p>", 150))
	if content := theMinistry.article(s).HTML; !strings.HasSuffix(content, theMinistry.pageLink(s)) || len(content) > maxContent+1000 {
		t.Errorf("%d bytes that end in %s", len(content), content[len(content)-200:])
	}
}

// TestPictures: at most four, none twice, none that receivers would not show,
// and no size that they would not believe.
func TestPictures(t *testing.T) {
	t.Parallel()
	images := []press.Image{
		{Src: "https://a.example/1.jpg"}, {Src: "https://a.example/1.jpg"}, {Src: "https://a.example/x.svg"}, {Src: "https://a.example/none"},
		{Src: "https://press.mfa.example/media/2", Type: "image/png", Width: 6000, Height: 10},
	}
	for i := range 5 {
		images = append(images, press.Image{Src: fmt.Sprintf("https://a.example/more%d.webp", i)})
	}
	got := pictures(images)
	var types []string
	for _, p := range got {
		types = append(types, p.MediaType)
	}
	if strings.Join(types, " ") != "image/jpeg image/png image/webp image/webp" || got[1].Width != 0 {
		t.Errorf("pictures are %+v", got)
	}
}

// TestWhatIsSaidOfPictures: what an attachment has no place for stands in the text of an
// Article.
func TestWhatIsSaidOfPictures(t *testing.T) {
	t.Parallel()
	four := make([]press.Image, maxPictures)
	for i := range four {
		four[i] = press.Image{Src: fmt.Sprintf("https://a.example/%d.jpg", i), Alt: "Four"}
	}
	pier := press.Image{Src: "https://a.example/pier.jpg", Alt: "The pier", Caption: "The pier <after> 3 May", Credit: "A. Ek", Terms: "Free use"}
	for name, test := range map[string]struct {
		body   string
		images []press.Image
		want   string
	}{
		"attached":                 {"<p>A</p>", []press.Image{pier}, "<p>A</p><p><em>The pier &lt;after&gt; 3 May</em></p>"},
		"without a caption":        {"<p>A</p>", four[:1], "<p>A</p>"},
		"in the text and attached": {`<p><img src="https://a.example/pier.jpg" alt="The pier"></p>`, []press.Image{pier}, `<p><a href="https://a.example/pier.jpg">Picture: The pier</a></p><p><em>The pier &lt;after&gt; 3 May</em></p>`},
		"one too many":             {"<p>A</p>", append(four[:maxPictures:maxPictures], pier), `<p>A</p><p><a href="https://a.example/pier.jpg">Picture: The pier</a></p><p><em>The pier &lt;after&gt; 3 May · A. Ek · Free use</em></p>`},
		"one too many, in the text": {`<p><img src="https://a.example/pier.jpg" alt="The pier"></p>`, append(four[:maxPictures:maxPictures], pier),
			`<p><a href="https://a.example/pier.jpg">Picture: The pier</a></p><p><em>The pier &lt;after&gt; 3 May · A. Ek · Free use</em></p>`},
		"of a type that nobody shows": {"<p>A</p>", []press.Image{{Src: "https://a.example/map.svg", Alt: "Map"}}, `<p>A</p><p><a href="https://a.example/map.svg">Picture: Map</a></p>`},
	} {
		s := fixture()
		s.Lead, s.Body, s.Images = "", press.HTML(test.body), test.images
		if got := strings.TrimSuffix(theMinistry.whole(s), corrections(s)); got != test.want {
			t.Errorf("%s: %s\nwant %s", name, got, test.want)
		}
	}
}

// TestLeadIsSaidOnce: many pages repeat the lead as the beginning of the body.
func TestLeadIsSaidOnce(t *testing.T) {
	t.Parallel()
	s := fixture()
	for body, want := range map[string]int{"<p>The treaty was signed.</p>": 1, "<p>" + s.Lead + "</p><p>It was signed.</p>": 1} {
		s.Body = press.HTML(body)
		if got := strings.Count(theMinistry.whole(s), s.Lead); got != want {
			t.Errorf("the lead stands %d times in %s", got, theMinistry.whole(s))
		}
	}
}

// TestProfileFits: what all receivers take of a name and a summary.
func TestProfileFits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "One.\n\nTwo.", strings.Repeat("&<> ", 3000), strings.Repeat("字", 5000)} {
		got := fitted(text)
		if n := len([]rune(got)); n > maxActorSummary || strings.Count(got, "<p>") != strings.Count(got, "</p>") {
			t.Errorf("a summary of %d characters: %.60s", n, got)
		}
	}
	if got := fitted("One.\n\nTwo."); got != "<p>One.</p><p>Two.</p>" {
		t.Errorf("a summary that fits is %s", got)
	}
}
