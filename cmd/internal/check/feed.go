package check

import "strings"

// Feed judges a feed: first is what came first, again what came to a request with
// its ETag, compressed what came to one that takes gzip.
func Feed(first, again, compressed Document) []Finding {
	what := first.URL
	kind, tag := first.Header.Get("Content-Type"), first.Header.Get("ETag")
	got := first.Err == nil && first.Status == 200 && (strings.Contains(kind, "xml") || strings.Contains(kind, "json"))
	all := []Finding{judge("feed", what, got, first.answer())}
	if !got {
		return all
	}
	return append(all,
		judge("ETag", what, tag != "" && again.Status == 304, "ETag "+tag+", then "+again.answer()),
		judge("gzip", what, compressed.Header.Get("Content-Encoding") == "gzip" && compressed.varies("Accept-Encoding"), "Content-Encoding "+compressed.Header.Get("Content-Encoding")))
}
