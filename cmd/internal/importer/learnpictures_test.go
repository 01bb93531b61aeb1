package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// boxes are what stands among the paragraphs of some pages: BOX.
var boxShells = []struct {
	name, markup, box, kept string // kept is what stays of the box, as plain text
	pictures                int
	every                   bool // whether every page has its own
}{
	{name: "other pages in the text", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST BOX REST</div>`,
		box: `<div class="more-of"><h3>Read on</h3><ul><li><a href="/news/1NUMBER">Statement on WHO in the town of Almira</a></li><li><a href="/news/2NUMBER">Statement on WHO in the town of Torvik</a></li></ul></div>`},
	{name: "a delegation in the text", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST BOX REST</div>`, kept: "Delegation Ilva WHO Oro WHO",
		box: `<div class="more-of"><h3>Delegation</h3><ul><li><a href="/news/1NUMBER">Ilva WHO</a></li><li><a href="/news/2NUMBER">Oro WHO</a></li></ul></div>`},
	{name: "pages of another kind in the text", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST BOX REST</div>`, kept: "Treaties The treaty of NUMBER on WHO and on the harbours",
		box: `<div class="more-of"><h3>Treaties</h3><p><a href="/treaties/NUMBER">The treaty of NUMBER on WHO and on the harbours</a></p></div>`},
	{name: "a caption in a list of terms", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST BOX REST</div>`, pictures: 1, kept: "The harbour of NUMBER",
		box: `<dl class="pic"><dt><img src="/p/NUMBER.jpg" alt=""></dt><dd class="says">The harbour of NUMBER</dd></dl>`},
	{name: "captions of two kinds", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST BOX REST</div>`, pictures: 2, kept: "The harbour of NUMBER The bridge of NUMBER",
		box: `<p><img src="/p/NUMBER.jpg" alt=""></p><div class="says">The harbour of NUMBER</div><div class="box2"><a href="/p/b/NUMBER.jpg"><img src="/p/s/NUMBER.jpg" alt=""></a><span class="told">The bridge of NUMBER</span></div>`},
	{name: "pictures below the text", markup: `<div class="post"><h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div>BOX<p class="sends">Pass it on: <a href="#">Tele</a></p></div>`, pictures: 2,
		box: `<div class="pics"><a href="/p/1-NUMBER.jpg"><img src="/p/1-NUMBER.jpg" alt=""></a><a href="/p/2-NUMBER.jpg"><img src="/p/2-NUMBER.jpg" alt=""></a></div>`},
	{name: "a picture above the text", markup: `<div class="post"><h1>TITLE</h1><p class="when">DATE</p><div class="main-pic"><img src="/p/PICTURE.jpg" alt=""></div><div class="words">FIRST BOX REST</div></div>`, pictures: 1, every: true},
	{name: "the picture of every page", markup: `<h1>TITLE <a href="#"><img src="/print.png" alt="" width="60" height="60"></a></h1><p class="when">DATE</p><div class="speaker"><img src="/minister.jpg" alt=""></div><div class="words">FIRST BOX REST</div>`, pictures: 1,
		box: `<p><img src="/p/NUMBER.jpg" alt=""></p>`},
	{name: "tags of a search engine", markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<noindex><div class="sends"></div></noindex></div>`},
}

// TestLearnBoxes: what stands among the paragraphs on some pages only is kept with its captions,
// or known as an offer of other pages.
func TestLearnBoxes(t *testing.T) {
	t.Parallel()
	for _, s := range boxShells {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			texts, has := map[string]string{}, map[string]bool{}
			pages := fifty(func(i int) sitePage {
				number := fmt.Sprint(31*i + 7)
				s := s
				s.markup = strings.ReplaceAll(s.markup, "PICTURE", number)
				fill := strings.NewReplacer("WHO", subjects[i%len(subjects)], "NUMBER", number)
				box, kept := "", ""
				if i%4 == 1 {
					box, kept = fill.Replace(s.box), fill.Replace(s.kept)
				}
				markup := strings.NewReplacer("BOX", "", "DATE", time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i).Format("2 January 2006")).Replace(s.markup)
				p, text := oddPage(i, "", markup)
				if box != "" {
					at := strings.Replace(s.markup, "BOX", box, 1)
					at = strings.Replace(at, "DATE", time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i).Format("2 January 2006"), 1)
					p, _ = oddPage(i, "", at)
					p.html = strings.ReplaceAll(p.html, "NUMBER", number)
				}
				p.html = strings.Replace(p.html, "</head>", `<link rel="canonical" href="https://mfa.example/news/`+number+`"></head>`, 1)
				texts[p.file], has[p.file] = text, box != ""
				if kept != "" {
					texts[p.file] = strings.Replace(text, p.first, p.first+" "+kept, 1)
				}
				return p
			})
			ps := learnedOf(t, pages)[1]
			for _, want := range pages {
				p := want.readBy(t, ps)
				faults := want.saying(p, texts[want.file])
				pictures := 0
				if has[want.file] || s.every {
					pictures = s.pictures
				}
				if len(p.Images) != pictures {
					faults = append(faults, fmt.Sprintf("pictures %v, want %d", p.Images, pictures))
				}
				if n := strings.Count(string(p.Body), "<figcaption>"); pictures > 0 && s.kept != "" && n != pictures {
					faults = append(faults, fmt.Sprintf("%d captions, want %d: %s", n, pictures, p.Body))
				}
				if len(faults) > 0 {
					t.Fatalf("%s: %s", want.file, strings.Join(faults, "; "))
				}
			}
		})
	}
}

// TestWordsInBrackets: an element that a page closes is none of the words in angle brackets.
func TestWordsInBrackets(t *testing.T) {
	t.Parallel()
	for markup, want := range map[string]int{
		"<noindex><p>" + sentence + "</p></noindex>": 0,
		"<NoIndex><p>" + sentence + "</p></NOINDEX>": 0,
		"<p>Write to <minister>, please.</p>":        1,
		"<p>The <minister> and the <b>bold</b>.</p>": 1,
	} {
		p, err := ReadPage("a.html", []byte(`<html lang="en"><head><title>The treaty</title></head><body><article><h1>The treaty</h1><p>5 March 2024</p><p>`+sentence+`</p>`+markup+`<p>`+sentence+`</p></article></body></html>`), Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Doubts) != want {
			t.Errorf("%s: doubts %v, want %d", markup, p.Doubts, want)
		}
	}
}
