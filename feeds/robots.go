package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"communique/storage/press"
)

const typeText = "text/plain; charset=utf-8"

// robots tells crawlers what is not for them: forms, and what a search found, of
// which there are endless pages with nothing of their own (RFC 9309 §2.2). The
// page with the empty form may be found. It names the sitemap.
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

// securityFor is for how long, at most, what /.well-known/security.txt says may
// be relied on; RFC 9116 §2.5.5 recommends less than a year.
const securityFor = 6 // months

// security tells who finds a weakness whom to write to (RFC 9116). Without a
// contact there is no such file.
func (s *Server) security(w http.ResponseWriter, r *http.Request) error {
	if s.id.SecurityContact == "" {
		return fmt.Errorf("%w: no contact for security is configured", press.ErrNotFound)
	}
	// Counted from the first of the month, so that the file is the same for a
	// month and caches can tell.
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

// securityPath is where it is looked for (RFC 9116 §3).
const securityPath = "/.well-known/security.txt"
