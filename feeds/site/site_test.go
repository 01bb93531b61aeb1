package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
	"communique/storage/terms"
)

var update = flag.Bool("update", false, "write the golden files anew")

func identity() Identity {
	return Identity{
		Site:      press.Site{Base: "https://press.example", Tag: "press.example,2026"},
		Names:     map[press.Language]string{"en": "Ministry of External Relations", "ar": "وزارة العلاقات الخارجية"},
		Languages: []press.Language{"en", "ar"}, Zone: time.FixedZone("", 3*3600+1800), Actor: "ministry",
		Arms: "/media/arms.png", Contact: "mailto:press@press.example", Imprint: "https://press.example/imprint",
		CorrectionsPolicy: "https://press.example/corrections", Kinds: []Kind{{Name: "speech"}, {Name: "press-release", Names: map[press.Language]string{"ar": "بيان للصحافة"}}},
	}
}

func open(t *testing.T, id Identity) *Site {
	t.Helper()
	s, err := New(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var trail = []press.Section{
	{ID: 1, Slug: "the-ministry", Path: "the-ministry", Names: map[press.Language]string{"en": "The Ministry", "ar": "الوزارة"}},
	{ID: 2, Parent: 1, Slug: "activities", Path: "the-ministry/activities", Names: map[press.Language]string{"en": "Activities"}},
}

func article() Article {
	published := time.Date(2026, 9, 1, 8, 30, 0, 0, time.UTC)
	return Article{
		Article: press.Article{
			ID: "abcdefghijklmnop", Section: 2, Language: "en", Title: `The bridge of "Telm" & <others>`,
			Lead: "After nine years the crossing is open.", Body: "<p>The text says <em>more</em>.</p>",
			Images: []press.Image{{Src: "https://press.example/media/bridge.jpg", Alt: "The bridge"}},
			Tags:   []string{"bridges"}, Published: published, Precision: press.ToTheMinute, Updated: published.Add(48 * time.Hour),
			Revision: 3, State: press.Published,
		},
		Trail: trail,
		Translations: []press.Translation{
			{ID: "ponmlkjihgfedcba", Language: "ar", Title: "جسر تيلم"},
			{ID: "abcdefghijklmnop", Language: "en", Title: `The bridge of "Telm" & <others>`},
		},
		History: []press.Revision{
			{Number: 1, At: published},
			{Number: 2, At: published.Add(48 * time.Hour), Note: "The name of the <river>."},
			{Number: 3, At: published.Add(49 * time.Hour), Minor: true},
		},
	}
}

// illustrated is an article with pictures of ours, beside and in its text.
func illustrated() Article {
	v := article()
	beside := press.Image{
		Src: "https://press.example/media/9f86d081884c7d659a2feaa0c55ad015.jpg", Alt: "The bridge", Caption: "The bridge <at> dawn",
		Credit: "A. Photographer", Terms: "CC BY 4.0", Width: 2000, Height: 1000, Type: "image/jpeg",
	}
	inside := press.Image{
		Src: "https://press.example/media/60303ae22b998861bce3b28f33eec1be.png", Alt: "A plan", Credit: "The ministry",
		Width: 900, Height: 600, Type: "image/png",
	}
	v.Article.Images = []press.Image{beside, inside}
	v.Article.Body = press.HTML(`<p>The plan:</p><figure><img src="` + inside.Src + `" alt="A plan"/></figure><p><img src="https://elsewhere.example/a.png" alt=""/></p>`)
	v.Sizes = map[string][]Size{
		beside.Src: {
			{URL: "https://press.example/media/small.jpg", Type: "image/jpeg", Width: 480, Height: 240},
			{URL: "https://press.example/media/wide.jpg", Type: "image/jpeg", Width: 1600, Height: 800},
		},
		inside.Src: {{URL: "https://press.example/media/plan.png", Type: "image/png", Width: 480, Height: 320}},
	}
	return v
}

// answered is an article that the fediverse has reacted to, not always kindly.
func answered() Article {
	v := article()
	v.Reactions = Reactions{Likes: 12, Shares: 3, ReplyCount: 3, Replies: []Reply{
		{
			Name: `Ana "<b>" Ramos`, Handle: "@ana@social.example", AuthorURL: "https://social.example/@ana", URL: "https://social.example/@ana/1",
			Content: `<h2>Well</h2><p>See <a href="https://social.example/x">this</a>.</p>`, Language: "en", At: v.Article.Published,
		},
		{
			Name: "سلمى", Handle: "@salma@social.example", AuthorURL: "javascript:alert(1)", URL: "https://social.example/@salma/1",
			Content: "<p>شكراً</p>", At: v.Article.Published.Add(24 * time.Hour),
		},
		{
			Name: "@nameless@social.example", Handle: "@nameless@social.example", AuthorURL: "https://social.example/@nameless",
			URL: "https://social.example/@nameless/1", Content: "<p>Noted.</p>", At: v.Article.Published.Add(48 * time.Hour),
		},
	}}
	return v
}

// particulars are those of a press release, with what could break a page.
func particulars() press.Particulars {
	return press.Particulars{
		Kind: "press-release", Place: `Telm & "Port"`, NotesToEditors: []string{"The text is at <https://mfa.example/en/text?a=1&b=2>.", "It is open to others."},
		Contacts: []press.Contact{{Name: "Rosa <Vale>", Role: "Press Office", Telephone: "+351 21 555 0100", Email: "rosa+press@mfa.example"}, {Role: "Night desk", Telephone: "on ٠٢١٥٥٥"}},
	}
}

func render(t *testing.T, s *Site, view any) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch v := view.(type) {
	case Article:
		err = s.Article(&b, v)
	case Section:
		err = s.Section(&b, v)
	case Tag:
		err = s.Tag(&b, v)
	case Tags:
		err = s.Tags(&b, v)
	case Archive:
		err = s.Archive(&b, v)
	case Versions:
		err = s.Versions(&b, v)
	case Version:
		err = s.Version(&b, v)
	case Comparison:
		err = s.Compare(&b, v)
	case Search:
		err = s.Search(&b, v)
	case Problem:
		err = s.Problem(&b, v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func document(t *testing.T, page []byte) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func views() map[string]any {
	arabic := article()
	arabic.Article.Language, arabic.Article.Title, arabic.Article.Precision = "ar", "جسر تيلم", press.ToTheDay
	arabic.Article.ID, arabic.Article.Lead, arabic.Article.Images = "ponmlkjihgfedcba", "", nil
	japanese := article()
	japanese.Article.Language, japanese.Article.Title, japanese.Translations = "ja", "テルムの橋", nil
	tree := press.NewTree(trail)
	found := Search{
		Language: "en", Form: SearchForm{Query: `bridge "of <Telm>"`, In: "", Section: "the-ministry/activities", From: "2026-01-01"}, Tree: tree,
		Asked: true, Count: 1000, Many: true, Cut: true, Partial: true,
		First: "https://press.example/en/search?q=bridge", Next: "https://press.example/en/search?q=bridge&after=3-x",
		Results: []Result{
			{Article: article().Article, Section: trail[1], Title: []terms.Fragment{{Text: "The "}, {Text: "bridge", Hit: true}, {Text: ` of "Telm" & <others>`}},
				Extract: []terms.Fragment{{Text: "…"}, {Text: "<b>", Hit: true}, {Text: " & more"}}},
			{Article: arabic.Article, Section: trail[0], Title: []terms.Fragment{{Text: "جسر", Hit: true}, {Text: " تيلم"}}},
		},
	}
	list := Section{Language: "en", Trail: trail[:1], Children: trail[1:], List: List{Articles: []press.Article{article().Article}, Older: "https://press.example/en/the-ministry/?before=x"}}
	old := article().Article
	old.Title, old.Lead, old.Body, old.Revision = "The bridge of Talm", "After nine years.", "<p>The text says <em>more</em>.</p><p>Gone.</p>", 1
	arabicOld := arabic.Article
	release := article()
	release.Article.Particulars = particulars()
	arabicRelease := arabic
	arabicRelease.Article.Particulars = press.Particulars{
		Kind: "press-release", Place: "تيلم", NotesToEditors: []string{"النص متاح على https://mfa.example/ar/text."},
		Contacts: []press.Contact{{Name: "سلمى", Role: "المكتب الصحفي", Telephone: "+351 21 555 0100", Email: "press@mfa.example"}},
	}
	other := release.Article
	other.Revision, other.Kind, other.Place = 1, "speech", ""
	other.NotesToEditors, other.Contacts = []string{"It was open to others."}, []press.Contact{{Name: "Rosa Vale", Telephone: "+351 21 555 0199"}}
	ofKind := Section{Language: "en", Trail: trail[:1], Kind: "press-release", Kinds: []press.ArticleKind{"speech", "press-release"}, List: List{Articles: []press.Article{release.Article}, Older: "https://press.example/en/the-ministry/?kind=press-release&before=x"}}
	arabicOld.Body, arabicOld.Revision = "<p>النص يقول المزيد.</p>", 1
	return map[string]any{
		"versions": Versions{article()}, "version": Version{article(), old}, "version-current": Version{article(), article().Article},
		"compare": Comparison{article(), old, article().Article}, "compare-ar": Comparison{arabic, arabicOld, arabic.Article},
		"release": release, "release-ar": arabicRelease, "version-release": Version{release, other}, "compare-release": Comparison{release, other, release.Article},
		"section-kind": ofKind, "section-kinds-ar": Section{Language: "ar", Trail: trail[:1], Kinds: ofKind.Kinds, List: List{Articles: []press.Article{arabicRelease.Article}}},
		"compare-same": Comparison{article(), article().Article, article().Article},
		"archive":      Archive{Language: "en", Years: []int{2026, 1998}, Counts: []int{1204, 1}}, "archive-empty": Archive{Language: "ar"},
		"archive-year":  Archive{Language: "ar", Trail: trail, Year: 2026, Months: []time.Month{time.September}, Counts: []int{3}},
		"archive-month": Archive{Language: "en", Trail: trail[:1], Year: 2026, Month: time.September, List: List{Articles: []press.Article{article().Article}, Older: "https://press.example/en/archive/2026/09/?before=x"}},
		"illustrated":   illustrated(), "answered": answered(),
		"article": article(), "article-ar": arabic, "article-ja": japanese,
		"section-closed-ar": Section{Language: "ar", Trail: trail, Closing: closing()},
		"tag":               Tag{Language: "ar", Name: "الموانئ", List: List{Articles: []press.Article{arabic.Article}, Older: "https://press.example/ar/tags/x/?before=x"}},
		"tags":              Tags{Language: "en", Names: []string{"treaties", "Bridges", "سفن"}},
		"section":           list, "front-ar": Section{Language: "ar", Children: trail[:1]},
		"search": found, "search-ar": Search{Language: "ar", Form: SearchForm{Query: "جسر", In: "ar"}, Tree: tree, Asked: true},
		"search-form": Search{Language: "en", Form: SearchForm{In: "en"}, Tree: tree},
		"withdrawn":   Problem{Status: 410, Withdrawn: &press.WithdrawnError{Language: "ar", At: time.Date(2026, 9, 3, 22, 0, 0, 0, time.UTC), Reason: "نُشر خطأً"}},
		"not-found":   Problem{Status: 404, Language: "en", Near: trail[:1]},
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	for name, view := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The style's name changes with every touch of the style.
			got := strings.ReplaceAll(string(render(t, s, view)), s.stylePath, "/assets/style.css")
			file := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s differs (-want +got), -update writes it anew:\n%s", file, diff)
			}
		})
	}
}

// TestEveryPageIsAccessible checks what a machine can: one h1, headings without
// gaps, named landmarks, a skip link that leads somewhere, unique ids, labels.
func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	for name, view := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := document(t, render(t, s, view))
			if n := d.Find("h1").Length(); n != 1 {
				t.Errorf("%d h1", n)
			}
			level := 1
			d.Find("main").Find("h1, h2, h3, h4").Each(func(_ int, h *goquery.Selection) {
				next := int(goquery.NodeName(h)[1] - '0')
				if next > level+1 {
					t.Errorf("%s %q follows h%d", goquery.NodeName(h), h.Text(), level)
				}
				level = next
			})
			if d.Find("html[lang][dir]").Length() != 1 || d.Find("title").Text() == "" {
				t.Error("no language, direction or title")
			}
			if first := d.Find("body a").First(); first.AttrOr("href", "") != "#content" || d.Find("main#content").Length() != 1 {
				t.Error("the first link does not skip to the content")
			}
			d.Find("nav").Each(func(_ int, nav *goquery.Selection) {
				if nav.AttrOr("aria-label", "")+nav.AttrOr("aria-labelledby", "") == "" {
					t.Errorf("a nav without a name: %s", nav.Text())
				}
			})
			seen := map[string]bool{}
			d.Find("[id]").Each(func(_ int, e *goquery.Selection) {
				if id := e.AttrOr("id", ""); seen[id] {
					t.Errorf("id %s twice", id)
				} else {
					seen[id] = true
				}
			})
			d.Find("img:not([alt])").Each(func(_ int, e *goquery.Selection) { t.Errorf("no alt on %s", e.AttrOr("src", "")) })
			d.Find("input:not([type=hidden])").Each(func(_ int, e *goquery.Selection) {
				if d.Find("label[for="+e.AttrOr("id", "x")+"]").Length() != 1 {
					t.Errorf("no label for %s", e.AttrOr("name", ""))
				}
			})
			if n := d.Find("script:not([type='application/ld+json']), [style], [onclick]").Length(); n != 0 {
				t.Errorf("%d scripts or inline styles, which the policy forbids", n)
			}
		})
	}
}

// TestArticleForTheFediverse holds the page against what servers of the
// fediverse read of it.
func TestArticleForTheFediverse(t *testing.T) {
	t.Parallel()
	d := document(t, render(t, open(t, identity()), article()))
	for rule, want := range map[string]map[string]string{
		"INTEROP H1": {"link[rel=alternate][type='application/activity+json']": "https://press.example/ap/articles/abcdefghijklmnop"},
		"INTEROP H2": {
			"link[rel=canonical]":             "https://press.example/en/articles/abcdefghijklmnop/the-bridge-of-telm-others",
			"meta[property='og:type']":        "article",
			"meta[property='og:title']":       `The bridge of "Telm" & <others>`,
			"meta[property='og:description']": "After nine years the crossing is open.",
			"meta[property='og:image']":       "https://press.example/media/bridge.jpg",
			"meta[property='og:image:alt']":   "The bridge",
			"meta[property='og:url']":         "https://press.example/en/articles/abcdefghijklmnop/the-bridge-of-telm-others",
		},
		"INTEROP A15": {"meta[name='fediverse:creator']": "@ministry@press.example"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			for selector, value := range want {
				found := d.Find(selector)
				if got := found.AttrOr("content", found.AttrOr("href", "")); found.Length() != 1 || got != value {
					t.Errorf("%s is %q (%d times), want %q", selector, got, found.Length(), value)
				}
			}
		})
	}
	var data map[string]any
	if err := json.Unmarshal([]byte(d.Find("script[type='application/ld+json']").Text()), &data); err != nil {
		t.Fatal(err)
	}
	if data["@type"] != "NewsArticle" || data["headline"] != `The bridge of "Telm" & <others>` || data["dateModified"] != "2026-09-03T12:00:00+03:30" {
		t.Errorf("JSON-LD is %v", data)
	}
	correction, _ := data["correction"].([]any)
	publisher, _ := data["publisher"].(map[string]any)
	if len(correction) != 1 || publisher["correctionsPolicy"] != "https://press.example/corrections" {
		t.Errorf("JSON-LD tells of corrections %v by the policy %v", correction, publisher)
	}
}

// TestComparisonSpeaksOneLanguageAtATime: the words for those who hear the page are
// not read in the language of a text that they stand in.
func TestComparisonSpeaksOneLanguageAtATime(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	v := article()
	v.Article.Language, v.Article.Title = "he", "הגשר החדש"
	before := v.Article
	before.Title, before.Revision = "הגשר הישן", 1
	words := document(t, render(t, s, Comparison{v, before, v.Article})).Find("[lang=he] .unseen")
	if n := words.Length(); n != 2 {
		t.Fatalf("%d words of ours, want 2", n)
	}
	words.Each(func(_ int, w *goquery.Selection) {
		if w.AttrOr("lang", "") != "en" || w.AttrOr("dir", "") != "ltr" {
			t.Errorf("%q is marked as lang=%q dir=%q", w.Text(), w.AttrOr("lang", ""), w.AttrOr("dir", ""))
		}
	})
}

// TestTagsByTheAlphabet: each language has its own.
func TestTagsByTheAlphabet(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	for lang, want := range map[press.Language][]string{
		"fr": {"commerce", "Écologie", "Énergie", "États-Unis", "visas"},
		"de": {"Abkommen", "Ämter", "Amtshilfe", "Österreich", "Polen", "zoll"},
		"sv": {"Asien", "Zoner", "Åland", "Östersjön"},
		"es": {"nación", "niño", "ñandú", "océano"},
		"en": {"sea", "Sea law", "sea routes"},
	} {
		names := slices.Clone(want)
		slices.Reverse(names)
		got := document(t, render(t, s, Tags{Language: lang, Names: names})).Find("main li").Map(func(_ int, e *goquery.Selection) string { return e.Text() })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

// TestMailSaysTheWholeTitle: no character of a title is one of the address.
func TestMailSaysTheWholeTitle(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	v := article()
	v.Article.Title = `Trade & aid: 100% + "more" = what? #1; tout, ou rien`
	href := document(t, render(t, s, v)).Find("aside a[href^='mailto:?']").AttrOr("href", "")
	fields := map[string]string{}
	for field := range strings.SplitSeq(strings.TrimPrefix(href, "mailto:?"), "&") {
		name, value, _ := strings.Cut(field, "=")
		fields[name], _ = url.PathUnescape(value)
	}
	want := map[string]string{"subject": v.Article.Title, "body": identity().Site.Article(v.Article)}
	if diff := cmp.Diff(want, fields); diff != "" || strings.Contains(href, "+") {
		t.Errorf("%s (-want +got):\n%s", href, diff)
	}
}

// TestEveryPictureIsShown: a body that only names the address of a picture does
// not show it.
func TestEveryPictureIsShown(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	const src = "https://press.example/media/plan.png?a=1&b=2"
	for body, want := range map[string]int{ // how often it is shown
		`<p>The <a href="https://press.example/media/plan.png?a=1&amp;b=2">plan to print</a>.</p>`: 1,
		`<p>See https://press.example/media/plan.png?a=1&amp;b=2</p>`:                              1,
		`<p><img src="https://press.example/media/plan.png?a=1&amp;b=22" alt=""/></p>`:             2,
		`<p><img src="https://press.example/media/plan.png?a=1&amp;b=2" alt=""/></p>`:              1,
	} {
		v := article()
		v.Article.Images, v.Article.Body = []press.Image{{Src: src, Alt: "A plan", Caption: "The plan"}}, press.HTML(body)
		if n := document(t, render(t, s, v)).Find("main img").Length(); n != want {
			t.Errorf("%s: %d pictures, want %d", body, n, want)
		}
	}
}

// TestHostileTextStaysText: titles, notes and reasons come in as plain text.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	hostile := `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>` + "\u2028"
	v := article()
	v.Article.Title, v.Article.Lead, v.Article.Tags = hostile, hostile, []string{hostile}
	v.Article.Images = []press.Image{{Src: "javascript:alert(1)", Alt: hostile}}
	v.Article.Images[0].Caption, v.Article.Images[0].Credit, v.Article.Images[0].Terms = hostile, hostile, hostile
	v.History[1].Note, v.Translations[0].Title = hostile, hostile
	before := v.Article
	before.Title, before.Lead, before.Revision = "x "+hostile, hostile+" x", 1
	for _, page := range [][]byte{
		render(t, s, v),
		render(t, s, Versions{v}),
		render(t, s, Version{v, before}),
		render(t, s, Comparison{v, before, v.Article}),
		render(t, s, Archive{Language: "en", Trail: trail, Year: 2026, Month: 9, List: List{Articles: []press.Article{v.Article}}}),
		render(t, s, Section{Language: "en", Trail: trail, List: List{Articles: []press.Article{v.Article}}}),
		render(t, s, Problem{Status: 410, Withdrawn: &press.WithdrawnError{Language: "en", Reason: hostile}}),
	} {
		d := document(t, page)
		if n := d.Find("script:not([type='application/ld+json']), [onerror]").Length(); n != 0 {
			t.Errorf("%d elements got in:\n%s", n, page)
		}
		d.Find("[src], [href]").Each(func(_ int, e *goquery.Selection) {
			if strings.HasPrefix(e.AttrOr("src", e.AttrOr("href", "")), "javascript:") {
				t.Errorf("a script as an address:\n%s", page)
			}
		})
	}
}

func TestWeight(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	if _, css := s.Style(); len(css) > 15<<10 || strings.Contains(string(css), "url(") {
		t.Errorf("the style has %d bytes or loads something", len(css))
	}
	if page := render(t, s, article()); len(page) > 30<<10 {
		t.Errorf("the article page has %d bytes", len(page))
	}
}
