package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"communique/storage/press"
)

const typeText = "text/plain; charset=utf-8"

// robots tells crawlers what to leave out: forms, and search results, which are an
// endless number of pages without content of their own (RFC 9309 §2.2). The empty
// search form may be indexed. It also names the sitemap.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) error {
	var b strings.Builder
	b.WriteString("User-agent: *\nDisallow: /share\n")
	for _, lang := range s.id.Languages {
		fmt.Fprintf(&b, "Disallow: /%s/search?\n", lang)
	}
	fmt.Fprintf(&b, "\nSitemap: %s\n", s.id.Site.SitemapIndex())
	return s.serve(w, r, resource{
		key: "robots.txt", contentType: typeText, policy: feedPolicy,
		render: func() (version, []byte, error) { return version{}, []byte(b.String()), nil },
	})
}

// securityFor is how long security.txt is valid at most; RFC 9116 §2.5.5
// recommends less than a year.
const securityFor = 6 // months

// security tells those who find a vulnerability whom to write to (RFC 9116).
// Without a configured contact it returns press.ErrNotFound.
func (s *Server) security(w http.ResponseWriter, r *http.Request) error {
	if s.id.SecurityContact == "" {
		return fmt.Errorf("%w: no security contact is configured", press.ErrNotFound)
	}
	// Counted from the first of the month, so that the file, and its ETag, stay the
	// same for a month.
	now := s.store.Now()
	expires := time.Date(now.Year(), now.Month()+securityFor, 1, 0, 0, 0, 0, time.UTC)
	var languages []string
	for _, l := range s.id.Languages {
		languages = append(languages, string(l))
	}
	text := fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: %s\nCanonical: %s\n",
		s.id.SecurityContact, expires.Format(time.RFC3339), strings.Join(languages, ", "), s.id.Site.Base+securityPath)
	return s.serve(w, r, resource{
		key: "security.txt-" + expires.Format(time.DateOnly), contentType: typeText, policy: feedPolicy,
		render: func() (version, []byte, error) { return version{}, []byte(text), nil },
	})
}

// securityPath is its location (RFC 9116 §3).
const securityPath = "/.well-known/security.txt"
