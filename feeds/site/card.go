package site

import (
	"cmp"
	"html/template"
	"strings"
	"time"

	"communique/storage/press"
)

// cardView is the metadata in the head of an article's page: OpenGraph,
// fediverse:creator (INTEROP A15) and structured data for search engines.
type cardView struct {
	Object               string // the ActivityPub id (INTEROP H1)
	Locale               string // "pt_BR", as OpenGraph writes it
	Site                 string
	Headline             string
	Published, Corrected template.HTMLAttr
	Section              string
	Tags                 []string
	Image                *press.Image
	Data                 newsArticle
}

// newsArticle is schema.org's NewsArticle at the top level, where Mastodon
// looks for it (INTEROP H2).
type newsArticle struct {
	Context   string       `json:"@context"`
	Type      string       `json:"@type"`
	ID        string       `json:"mainEntityOfPage"`
	Headline  string       `json:"headline"`
	Summary   string       `json:"description,omitempty"`
	Language  string       `json:"inLanguage"`
	Published string       `json:"datePublished"`
	Modified  string       `json:"dateModified"`
	Section   string       `json:"articleSection,omitempty"`
	Genre     string       `json:"genre,omitempty"`    // its kind
	Dateline  string       `json:"dateline,omitempty"` // the place
	Image     []imageData  `json:"image,omitempty"`
	Author    organization `json:"author"`
	Publisher organization `json:"publisher"`

	Correction []correctionData `json:"correction,omitempty"`
}

type imageData struct {
	Type    string `json:"@type"`
	URL     string `json:"url"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"creditText,omitempty"`
	Terms   string `json:"copyrightNotice,omitempty"`
}

type correctionData struct {
	Type string `json:"@type"`
	Text string `json:"text"`
	Date string `json:"datePublished"`
}

type organization struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
	// CorrectionsPolicy is the address of the institution's corrections policy.
	CorrectionsPolicy string `json:"correctionsPolicy,omitempty"`
	// Contacts are whom to ask about an article, of its publisher.
	Contacts []contactPoint `json:"contactPoint,omitempty"`
}

type contactPoint struct {
	Type      string `json:"@type"`
	For       string `json:"contactType"`
	Name      string `json:"name,omitempty"`
	Telephone string `json:"telephone,omitempty"`
	Email     string `json:"email,omitempty"`
}

// content is the attribute of a time: a template would escape the plus sign of a zone,
// as [Instant.Attrs] says.
func content(at string) template.HTMLAttr { return template.HTMLAttr(`content="` + at + `"`) }

func (s *Site) card(v Article, section string) *cardView {
	a := v.Article
	published, corrected := a.Published.In(s.id.Zone).Format(time.RFC3339), a.Updated.In(s.id.Zone).Format(time.RFC3339)
	name := s.id.Name(a.Language)
	us := organization{"Organization", name, s.id.Site.Home(a.Language), s.id.CorrectionsPolicy, nil}
	c := &cardView{
		Object: s.id.Site.Object(a.ID), Locale: strings.ReplaceAll(string(a.Language), "-", "_"),
		Site: name, Headline: a.Title, Published: content(published), Corrected: content(corrected), Section: section, Tags: a.Tags,
		Data: newsArticle{
			Context: "https://schema.org", Type: "NewsArticle", ID: s.id.Site.Article(a), Headline: a.Title,
			Summary: Summary(a), Language: string(a.Language), Published: published, Modified: corrected,
			Section: section, Author: us, Publisher: us,
		},
	}
	if a.Kind != "" {
		c.Data.Genre = s.KindName(a.Kind, a.Language).Text
	}
	c.Data.Dateline = a.Place
	for _, contact := range a.Contacts {
		c.Data.Publisher.Contacts = append(c.Data.Publisher.Contacts, contactPoint{"ContactPoint", cmp.Or(contact.Role, "press"), contact.Name, contact.Telephone, contact.Email})
	}
	c.Image = v.card()
	for _, i := range a.Images {
		c.Data.Image = append(c.Data.Image, imageData{"ImageObject", i.Src, i.Width, i.Height, i.Caption, i.Credit, i.Terms})
	}
	for _, r := range Corrections(v.History) {
		c.Data.Correction = append(c.Data.Correction, correctionData{"CorrectionComment", r.Note, r.At.In(s.id.Zone).Format(time.RFC3339)})
	}
	return c
}
