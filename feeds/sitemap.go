package feeds

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Namespaces of sitemaps.
const (
	namespaceSitemap = "http://www.sitemaps.org/schemas/sitemap/0.9"
	namespaceXHTML   = "http://www.w3.org/1999/xhtml"
	namespaceNews    = "http://www.google.com/schemas/sitemap-news/0.9"
)

const typeXML = "application/xml; charset=utf-8"

// sitemapIndex lists the parts of the sitemap (Sitemaps 0.9 §index).
type sitemapIndex struct {
	XMLName xml.Name    `xml:"sitemapindex"`
	Space   string      `xml:"xmlns,attr"`
	Parts   []sitemapIn `xml:"sitemap"`
}

type sitemapIn struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// sitemapXML is a list of pages (Sitemaps 0.9 §urlset).
type sitemapXML struct {
	XMLName xml.Name     `xml:"urlset"`
	Space   string       `xml:"xmlns,attr"`
	XHTML   string       `xml:"xmlns:xhtml,attr,omitempty"`
	News    string       `xml:"xmlns:news,attr,omitempty"`
	Pages   []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Location   string             `xml:"loc"`
	Modified   string             `xml:"lastmod,omitempty"`
	News       *newsItem          `xml:"news:news"`
	Alternates []sitemapAlternate `xml:"xhtml:link"`
}

// sitemapAlternate is the page in one language.
type sitemapAlternate struct {
	Rel      string         `xml:"rel,attr"`
	Language press.Language `xml:"hreflang,attr"`
	Address  string         `xml:"href,attr"`
}

// sitemaps answers with the index: the parts for each language's articles, however
// many there are, each with the date of its last change.
func (s *Server) sitemaps(w http.ResponseWriter, r *http.Request) error {
	of := resource{key: "sitemap", contentType: typeXML, policy: feedPolicy}
	return s.answer(w, r, of, s.sitemapsVersion, func(tx *storage.Tx, b io.Writer) (version, error) {
		index := sitemapIndex{Space: namespaceSitemap, Parts: []sitemapIn{
			{Location: s.id.Site.Sitemap("sections")}, {Location: s.id.Site.Sitemap("news")},
		}}
		parts, err := tx.SitemapParts()
		if err != nil {
			return version{}, err
		}
		for _, p := range parts {
			index.Parts = append(index.Parts, sitemapIn{s.id.Site.SitemapPart(p.Language, p.Number), p.At.In(s.id.Zone).Format(time.RFC3339)})
		}
		v, err := s.sitemapsVersion(tx)
		if err != nil {
			return v, err
		}
		return v, writeXML(b, index)
	})
}

// sitemapsVersion is the newest change of any part.
func (s *Server) sitemapsVersion(tx *storage.Tx) (version, error) {
	parts, err := tx.SitemapParts()
	var v version
	for _, p := range parts {
		if p.Changed > v.seq {
			v = version{seq: p.Changed, at: p.At}
		}
	}
	return v, err
}

// sitemap answers with one part: the pages of a block of articles.
func (s *Server) sitemap(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(chi.URLParam(r, "number"))
	if err != nil || number < 1 || number > mostBlocks || strconv.Itoa(number) != chi.URLParam(r, "number") {
		return fmt.Errorf("%w: the sitemap has no part %q", press.ErrNotFound, chi.URLParam(r, "number"))
	}
	of := resource{key: fmt.Sprintf("sitemap-%s-%d", lang, number), contentType: typeXML, policy: feedPolicy}
	reading := func(tx *storage.Tx) (version, error) {
		p, err := tx.SitemapPart(lang, number)
		return version{seq: p.Changed, at: p.At}, err
	}
	return s.answer(w, r, of, reading, func(tx *storage.Tx, b io.Writer) (version, error) {
		v, err := reading(tx)
		if err != nil {
			return v, err
		}
		articles, err := tx.SitemapArticles(lang, number)
		if err != nil {
			return v, err
		}
		x := sitemapXML{Space: namespaceSitemap, XHTML: namespaceXHTML}
		for _, a := range articles {
			x.Pages = append(x.Pages, s.sitemapArticle(a))
		}
		return v, writeXML(b, x)
	})
}

func (s *Server) sitemapArticle(a newsdesk.SitemapArticle) sitemapURL {
	u := sitemapURL{Location: s.id.Site.ArticleByID(a.Language, a.ID, a.Title), Modified: a.Revised.In(s.id.Zone).Format(time.RFC3339)}
	if len(a.Translations) < 2 {
		return u
	}
	for _, t := range a.Translations { // itself included, as search engines require
		u.Alternates = append(u.Alternates, sitemapAlternate{"alternate", t.Language, s.id.Site.ArticleByID(t.Language, t.ID, t.Title)})
	}
	return u
}

// sitemapSections answers with the pages of all sections.
func (s *Server) sitemapSections(w http.ResponseWriter, r *http.Request) error {
	of := resource{key: "sitemap-sections", contentType: typeXML, policy: feedPolicy}
	reading := func(tx *storage.Tx) (version, error) {
		_, v, err := s.treeVersion(tx)
		return v, err
	}
	return s.answer(w, r, of, reading, func(tx *storage.Tx, b io.Writer) (version, error) {
		tree, v, err := s.treeVersion(tx)
		if err != nil {
			return v, err
		}
		x := sitemapXML{Space: namespaceSitemap, XHTML: namespaceXHTML}
		s.listSections(&x, tree, press.Section{})
		return v, writeXML(b, x)
	})
}

// mostPages is how many pages a sitemap may list (Sitemaps 0.9 §urlset).
const mostPages = 50_000

// listSections adds an open section and the open ones below it.
func (s *Server) listSections(x *sitemapXML, tree press.Tree, section press.Section) {
	var alternates []sitemapAlternate
	if len(s.id.Languages) > 1 {
		for _, l := range s.id.Languages {
			alternates = append(alternates, sitemapAlternate{"alternate", l, s.id.Site.Section(l, section.Path)})
		}
	}
	for _, l := range s.id.Languages {
		if len(x.Pages) < mostPages {
			x.Pages = append(x.Pages, sitemapURL{Location: s.id.Site.Section(l, section.Path), Alternates: alternates})
		}
	}
	for _, child := range tree.OpenChildren(section.ID) {
		s.listSections(x, tree, child)
	}
}
