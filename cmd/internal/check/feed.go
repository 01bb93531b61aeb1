package check

import "strings"

// Feed judges a feed: first is what came first, again what came to a request with
// its ETag, packed what came to one that takes gzip.
func Feed(first, again, packed Document) []Finding {
	what := first.URL
	kind, tag := first.Header.Get("Content-Type"), first.Header.Get("ETag")
	got := first.Err == nil && first.Status == 200 && (strings.Contains(kind, "xml") || strings.Contains(kind, "json"))
	all := []Finding{must("feed", what, got, first.answer(), "let the web server pass feeds on")}
	if !got {
		return all
	}
	return append(all,
		should("ETag", what, tag != "" && again.Status == 304, "ETag "+tag+", then "+again.answer(), "let the web server leave ETag and If-None-Match alone: readers fetch the whole feed each time"),
		should("gzip", what, packed.Header.Get("Content-Encoding") == "gzip" && packed.varies("Accept-Encoding"), "Content-Encoding "+packed.Header.Get("Content-Encoding"), "let the web server pass Accept-Encoding on, or pack feeds itself"))
}
