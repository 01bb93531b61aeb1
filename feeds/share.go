package feeds

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"

	"communique/storage"
	"communique/storage/press"
)

// longestForm bounds the body of a share form, in bytes.
const longestForm = 4096

// share sends a reader to the own server, with an article to share there. Only
// the form on our own pages can do that: a link from elsewhere would make us
// the front of any address.
func (s *Server) share(w http.ResponseWriter, r *http.Request) error {
	if err := s.origin.Check(r); err != nil {
		return fmt.Errorf("%w form: it was not sent from a page of this site", press.ErrInvalid)
	}
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		return fmt.Errorf("%w form: %w", press.ErrInvalid, err)
	}
	server, err := shareServer(r.PostForm.Get("server"))
	if err != nil {
		return err
	}
	id, err := press.ParseArticleID(r.PostForm.Get("article"))
	if err != nil {
		return fmt.Errorf("%w article: %w", press.ErrInvalid, err)
	}
	var a press.Article
	err = s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		a, err = tx.PublicArticle(id)
		return err
	})
	if err != nil {
		return err
	}
	text := a.Title + "\n\n" + s.id.Site.Article(a)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "https://"+server+"/share?text="+url.QueryEscape(text), http.StatusSeeOther)
	return nil
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// shareServer reads what people take for their server: a host, an address, or
// their own handle. Only a name in the DNS comes out.
func shareServer(text string) (string, error) {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://")
	text, _, _ = strings.Cut(text, "/")
	text = text[strings.LastIndexByte(text, '@')+1:]
	host, err := idna.Lookup.ToASCII(text)
	if _, isIP := netip.ParseAddr(host); err != nil || isIP == nil || len(host) > 253 || !hostName.MatchString(host) {
		return "", fmt.Errorf("%w server: %q is no name of a server", press.ErrInvalid, text)
	}
	return host, nil
}
