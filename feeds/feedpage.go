package feeds

import (
	"io"
	"net/http"

	"communique/feeds/site"
	"communique/storage/accept"
)

// feedWriter returns what writes a feed in a format, or as a page for a browser.
func (s *Server) feedWriter(format string, page bool) func(io.Writer, Feed) error {
	if page {
		return s.writePage
	}
	return formats[format].write
}

// writePage writes a feed as a page for those who open its address in a browser.
func (s *Server) writePage(w io.Writer, f Feed) error {
	view := site.Feed{Language: f.Language, Title: f.Title, Home: f.Home, Address: f.Self, Older: f.History.Older, Newer: f.History.Newer}
	for _, i := range f.Items {
		lang := f.Language
		if i.Language != "" {
			lang = i.Language
		}
		view.Items = append(view.Items, site.FeedItem{Title: i.Title, Language: lang, Address: i.Link, Summary: i.Summary, Published: i.Published})
	}
	return s.site.Feed(w, view)
}

// shown makes of a feed's resource the page that a browser shows.
func shown(of resource) resource {
	of.key, of.contentType, of.policy = "shown-"+of.key, "text/html; charset=utf-8", pagePolicy
	return of
}

// showsFeed reports whether a request for a feed is answered with a page, and says on
// what that depends.
func showsFeed(w http.ResponseWriter, r *http.Request) bool {
	AddVary(w.Header(), "Accept")
	AddVary(w.Header(), fieldDestination)
	return wantsPage(r)
}

// wantsPage tells browsers from feed readers. A browser that navigates says so in
// Sec-Fetch-Dest (Fetch Metadata §sec-fetch-dest), which feed readers don't send. Older
// browsers, and all on a plain-http network, are known by what they accept; if in doubt
// the answer is the feed.
func wantsPage(r *http.Request) bool {
	if destination := r.Header[fieldDestination]; len(destination) > 0 {
		return len(destination) == 1 && destination[0] == "document"
	}
	header := r.Header["Accept"]
	return len(header) == 1 && accept.Navigation(header[0])
}
