package site

import (
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"communique/storage/press"
)

// Versions is what the history page of an article shows: all its public revisions.
type Versions struct{ Article }

type versionsView struct {
	frame
	Headline Text
	Current  string // the article's address
	Versions []versionView
}

// versionView is one line of the history.
type versionView struct {
	Link    Link
	Date    Instant
	What    string // kind of change
	Note    Text
	Compare Link // with the previous version; the first has none
}

// Versions writes the history of an article, the newest version first.
func (s *Site) Versions(w io.Writer, v Versions) error {
	a := v.Article.Article
	f := s.versionFrame(v.Article)
	f.Title = f.W.VersionsTitle + " – " + a.Title + " – " + s.id.Name(a.Language)
	f.Address = s.id.Site.History(a)
	f.Canonical = f.Address
	view := versionsView{frame: f, Headline: Text{a.Title, a.Language}, Current: s.id.Site.Article(a)}
	for i, r := range slices.Backward(v.History) {
		line := s.version(a, r, f.W)
		if r.Hidden {
			line.Link.URL = ""
		}
		if r.Hidden || i > 0 && v.History[i-1].Hidden {
			line.Compare = Link{}
		}
		view.Versions = append(view.Versions, line)
	}
	return s.execute(w, "versions", view)
}

func (s *Site) version(a press.Article, r press.Revision, w *Words) versionView {
	v := versionView{
		Link: Link{Text: Text{w.versionNumber(r.Number), w.Lang}, URL: s.id.Site.Version(a, r.Number), Current: r.Number == a.Revision},
		Date: s.minute(r.At, w), Note: Text{r.Note, a.Language},
	}
	switch {
	case r.Number == 1:
		v.What = w.FirstPublication
	case r.Minor:
		v.What = w.MinorCorrection
	}
	if r.Number > 1 {
		text := strings.ReplaceAll(w.CompareWith, "{number}", strconv.Itoa(r.Number-1))
		v.Compare = Link{Text: Text{text, w.Lang}, URL: s.id.Site.Comparison(a, r.Number-1, r.Number)}
	}
	return v
}

// versionFrame is the frame of the pages of an article's history. They have no
// canonical address and no metadata; only the article itself is for search engines.
func (s *Site) versionFrame(v Article) frame {
	f := s.articleFrame(v)
	f.Article, f.Hreflang, f.Description, f.Canonical = nil, nil, "", ""
	f.Trail = append(f.Trail, Link{Text: Text{v.Article.Title, v.Article.Language}, URL: s.id.Site.Article(v.Article)})
	return f
}

// Version is one revision of an article.
type Version struct {
	Article // in its current version
	Old     press.Article
}

type oldView struct {
	frame
	Headline      Text
	Number        string
	Current       bool
	Before, After string // around the date of replacement
	Date          Instant
	Now, History  string // addresses
	Compare       Link
	Place         string
	Kind          *Link
	Lead          string
	Body          template.HTML
	Notes         []template.HTML
	Contacts      []contactView
}

// Version writes the page of a revision.
func (s *Site) Version(w io.Writer, v Version) error {
	a := v.Article.Article
	f := s.versionFrame(v.Article)
	number := f.W.versionNumber(v.Old.Revision)
	f.Title = number + " – " + v.Old.Title + " – " + s.id.Name(a.Language)
	f.Address, f.NoIndex = s.id.Site.Version(a, v.Old.Revision), true
	f.Trail = append(f.Trail, Link{Text: Text{f.W.Versions, f.W.Lang}, URL: s.id.Site.History(a)})
	view := oldView{
		frame: f, Headline: Text{v.Old.Title, v.Old.Language}, Number: number, Current: v.Old.Revision == a.Revision,
		Now: s.id.Site.Article(a), History: s.id.Site.History(a), Lead: v.Old.Lead, Body: template.HTML(aligned(v.Old.Body)),
		Place: v.Old.Place, Kind: s.kindLink(v.Old, ""), Notes: linkedAll(v.Old.NotesToEditors), Contacts: contactViews(v.Old.Contacts),
	}
	for _, r := range v.Article.History {
		if r.Number == v.Old.Revision+1 {
			view.Before, view.After, _ = strings.Cut(f.W.EarlierVersion, "{date}")
			view.Date = s.minute(r.At, f.W)
			text := strings.ReplaceAll(f.W.CompareWith, "{number}", strconv.Itoa(a.Revision))
			view.Compare = Link{Text: Text{text, f.W.Lang}, URL: s.id.Site.Comparison(a, v.Old.Revision, a.Revision)}
		}
	}
	return s.execute(w, "version", view)
}

// Comparison is two revisions of an article.
type Comparison struct {
	Article  // in its current version
	From, To press.Article
}

type comparisonView struct {
	frame
	Headline     string
	Between      [2]versionView
	Now, History string  // addresses
	Language     Text    // of the texts
	Heading      []piece // the title; frame.Title is the page's
	Lead         []piece
	Body         [][]piece
	Pictures     [][]piece // if they changed
	Tags         []piece   // if they changed
	Beside       []besideChange
	Remarks      []string // on what changed and has no letters
	Unchanged    bool
}

// Compare writes the page that shows what was added and removed between two
// revisions.
func (s *Site) Compare(w io.Writer, v Comparison) error {
	a := v.Article.Article
	f := s.versionFrame(v.Article)
	view := comparisonView{
		Headline: strings.NewReplacer("{from}", strconv.Itoa(v.From.Revision), "{to}", strconv.Itoa(v.To.Revision)).Replace(f.W.ComparedTitle),
		Now:      s.id.Site.Article(a), History: s.id.Site.History(a), Language: Text{Lang: v.To.Language},
		Heading: compareWords(v.From.Title, v.To.Title), Lead: compareWords(v.From.Lead, v.To.Lead),
	}
	text, pictures := compareTexts(v.From.Body, v.To.Body, f.W), comparePictures(v.From.Images, v.To.Images, f.W)
	view.Body, view.Remarks = text.paragraphs, slices.Concat(text.remarks, pictures.remarks)
	if changes(pictures.paragraphs...) {
		view.Pictures = pictures.paragraphs
	}
	if tags := compareWords(strings.Join(v.From.Tags, " · "), strings.Join(v.To.Tags, " · ")); changes(tags) {
		view.Tags = tags
	}
	view.Beside = s.compareBeside(v.From, v.To, f.W)
	for _, r := range v.Article.History {
		switch r.Number {
		case v.From.Revision:
			view.Between[0] = s.version(a, r, f.W)
		case v.To.Revision:
			view.Between[1] = s.version(a, r, f.W)
		}
	}
	view.Unchanged = view.Pictures == nil && view.Remarks == nil && view.Tags == nil && view.Beside == nil && !changes(view.Heading, view.Lead) && !changes(view.Body...)
	f.Title = view.Headline + " – " + a.Title + " – " + s.id.Name(a.Language)
	f.Address, f.NoIndex = s.id.Site.Comparison(a, v.From.Revision, v.To.Revision), true
	f.Trail = append(f.Trail, Link{Text: Text{f.W.Versions, f.W.Lang}, URL: s.id.Site.History(a)})
	view.frame = f
	return s.execute(w, "compare", view)
}

// labelledPieces are pieces with the messages that label them for screen readers,
// and the attributes that mark the messages inside a text in another language.
type labelledPieces struct {
	W      *Words
	Attrs  template.HTMLAttr
	Pieces []piece
}

func labelPieces(w *Words, text Text, p []piece) labelledPieces {
	return labelledPieces{w, Text{Lang: w.Lang}.Attrs(text.Lang), p}
}

func changes(paragraphs ...[]piece) bool {
	for _, pieces := range paragraphs {
		for _, p := range pieces {
			if p.Added || p.Removed {
				return true
			}
		}
	}
	return false
}

func (w *Words) versionNumber(n int) string {
	return strings.ReplaceAll(w.VersionNumber, "{number}", strconv.Itoa(n))
}
