package feeds

import (
	"encoding/xml"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/storage"
)

// openSearch tells browsers how to search this site from their address bar
// (OpenSearch 1.1 §OpenSearchDescription).
type openSearch struct {
	XMLName     xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string   `xml:"ShortName"`
	Description string   `xml:"Description"`
	Encoding    string   `xml:"InputEncoding"`
	Language    string   `xml:"Language"`
	URL         struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	} `xml:"Url"`
}

// longestShortName is the limit of OpenSearch 1.1 §ShortName, in characters.
const longestShortName = 16

func (s *Server) openSearch(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error { return s.checkLanguage(tx, lang) })
	if err != nil {
		return err
	}
	name := s.id.Name(lang)
	d := openSearch{ShortName: name, Description: name, Encoding: "UTF-8", Language: string(lang)}
	if short := []rune(name); len(short) > longestShortName {
		d.ShortName = string(short[:longestShortName-1]) + "…"
	}
	d.URL.Type, d.URL.Template = "text/html", s.id.Site.Search(lang)+"?q={searchTerms}"
	return s.serve(w, r, resource{
		key: "opensearch-" + string(lang), contentType: "application/opensearchdescription+xml; charset=utf-8", policy: feedPolicy,
		render: func() (version, []byte, error) {
			text, err := xml.Marshal(d)
			return version{}, append([]byte(xml.Header), text...), err
		},
	})
}
