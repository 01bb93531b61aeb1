package feeds

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Limits of a news sitemap (Google News §sitemap): articles of the last two days,
// at most 1000 of them.
const (
	newsFor  = 48 * time.Hour
	mostNews = 1000
)

// newsItem describes a page to search engines that list news.
type newsItem struct {
	Name      string `xml:"news:publication>news:name"`
	Language  string `xml:"news:publication>news:language"`
	Published string `xml:"news:publication_date"`
	Title     string `xml:"news:title"`
}

// newsSitemap answers with the articles of the last two days. An article that
// becomes too old leaves it without an entry in the log, so the key names the
// oldest article: the same key and version have the same bytes.
func (s *Server) newsSitemap(w http.ResponseWriter, r *http.Request) error {
	of := resource{contentType: typeXML, policy: feedPolicy}
	var oldest newsdesk.Place
	err := s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		if oldest, err = s.oldestNews(tx); err != nil {
			return err
		}
		of.key = "sitemap-news-" + string(oldest.ID)
		of.version, err = s.newsVersion(tx)
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (v version, _ []byte, err error) {
		var b bytes.Buffer
		err = s.render(r.Context(), func(tx *storage.Tx) error {
			v, err = s.writeNews(tx, &b, oldest)
			return err
		})
		return v, b.Bytes(), err
	}
	return s.serve(w, r, of)
}

// oldestNews is the place of the first article of the last two days; zero if there
// is none.
func (s *Server) oldestNews(tx *storage.Tx) (newsdesk.Place, error) {
	since := newsdesk.Place{Published: s.store.Now().Add(-newsFor)} // before every article of that instant
	var oldest newsdesk.Place
	for _, lang := range s.id.Languages {
		found, err := tx.Newer(press.Root, lang, since, 1)
		if err != nil {
			return oldest, err
		}
		for _, a := range found {
			if p := newsdesk.PlaceOf(a); oldest.ID == "" || comparePlaces(p, oldest) < 0 {
				oldest = p
			}
		}
	}
	return oldest, nil
}

func comparePlaces(a, b newsdesk.Place) int {
	return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.ID, b.ID))
}

// lastNewsLeft is when an article last became too old; the zero time if none did.
func (s *Server) lastNewsLeft(tx *storage.Tx) (left time.Time, err error) {
	for _, lang := range s.id.Languages {
		last, err := tx.LastBefore(press.Root, lang, s.store.Now().Add(-newsFor))
		if errors.Is(err, press.ErrNotFound) {
			continue
		}
		if err != nil {
			return left, err
		}
		if at := last.Add(newsFor); at.After(left) {
			left = at
		}
	}
	return left, nil
}

// newsVersion is the last change of anything in any of the site's languages.
func (s *Server) newsVersion(tx *storage.Tx) (v version, err error) {
	for _, lang := range s.id.Languages {
		seq, at, err := tx.Changed(press.Root, lang)
		if err != nil {
			return v, err
		}
		if seq > v.seq {
			v = version{seq: seq, at: at}
		}
	}
	left, err := s.lastNewsLeft(tx)
	if err == nil && left.After(v.at) {
		v.at = left
	}
	return v, err
}

func (s *Server) writeNews(tx *storage.Tx, b io.Writer, oldest newsdesk.Place) (version, error) {
	v, err := s.newsVersion(tx)
	if err != nil {
		return v, err
	}
	var news []press.Article
	for _, lang := range s.id.Languages {
		if oldest.ID == "" {
			break
		}
		found, err := tx.Within(press.Root, lang, oldest.Published, endOfTime(s.id.Zone), newsdesk.Place{}, mostNews)
		if err != nil {
			return v, err
		}
		news = append(news, found...)
	}
	slices.SortFunc(news, func(x, y press.Article) int { return comparePlaces(newsdesk.PlaceOf(y), newsdesk.PlaceOf(x)) })
	x := sitemapXML{Space: namespaceSitemap, News: namespaceNews}
	for _, a := range news[:min(len(news), mostNews)] {
		x.Pages = append(x.Pages, sitemapURL{Location: s.id.Site.Article(a), News: &newsItem{
			Name: legal(s.id.Name(a.Language)), Language: newsLanguage(a.Language), Title: legal(a.Title), Published: s.newsDate(a),
		}})
	}
	return v, writeXML(b, x)
}

// newsLanguage converts a language for the news sitemap: without script and
// country, except for Chinese.
func newsLanguage(lang press.Language) string {
	base, rest, _ := strings.Cut(string(lang), "-")
	switch {
	case base != "zh":
		return base
	case strings.HasPrefix(rest, "Hant") || rest == "TW" || rest == "HK":
		return "zh-tw"
	}
	return "zh-cn"
}

// newsDate is the first publication, as precise as it is known.
func (s *Server) newsDate(a press.Article) string {
	if a.Precision == press.ToTheDay {
		return a.DateIn(s.id.Zone).Format(time.DateOnly)
	}
	return a.Published.In(s.id.Zone).Format(time.RFC3339)
}
