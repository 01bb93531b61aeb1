package feeds

import (
	"iter"
	"net/http"
	"strings"
	"time"
)

// codings are the suffixes that caches and compressing proxies append to an ETag;
// Apache's "-gzip" alone has kept whole sites from ever answering 304.
var codings = []string{"-gzip", "--gzip", ";gzip", "-br", ";br", "-zstd", ";zstd", "-deflate"}

// notModified evaluates a conditional GET (RFC 9110 §13.2.2): If-None-Match
// decides if it is present, else If-Modified-Since. The tag is without quotes;
// a zero time matches no If-Modified-Since.
func notModified(r *http.Request, tag string, modified time.Time) bool {
	if values := r.Header.Values("If-None-Match"); len(values) > 0 {
		return matches(strings.Join(values, ","), tag)
	}
	date := r.Header.Get("If-Modified-Since")
	if date == "" {
		return false
	}
	since, err := http.ParseTime(date)
	// RFC 9110 §13.1.3: an invalid date is ignored.
	return err == nil && !modified.IsZero() && !modified.After(since)
}

// matches reports whether an If-None-Match (RFC 9110 §13.1.2) names a tag, by
// weak comparison (RFC 9110 §8.8.3.2) and in whatever coding it was sent.
func matches(list, tag string) bool {
	if strings.TrimLeft(list, " \t,") == "*" {
		return true
	}
	for found := range tagsIn(list) {
		if found == tag || withoutCoding(found) == tag {
			return true
		}
	}
	return false
}

// tagsIn yields the tags of an If-None-Match, without quotes, up to the first
// malformed one.
func tagsIn(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			list = strings.TrimLeft(list, " \t,")
			list = strings.TrimPrefix(list, "W/")
			if !strings.HasPrefix(list, `"`) {
				return
			}
			found, rest, closed := strings.Cut(list[1:], `"`)
			if !closed || !yield(found) {
				return
			}
			list = rest
		}
	}
}

func withoutCoding(tag string) string {
	for _, c := range codings {
		if bare, ok := strings.CutSuffix(tag, c); ok {
			return strings.TrimSuffix(bare, "-")
		}
	}
	return tag
}

// settlesAfter is how long after the start of its second a version gets no
// Last-Modified: another version may follow within that second, and becomes
// visible only once it is on disk.
const settlesAfter = 3 * time.Second

// settled is the Last-Modified of a version: its commit time in whole seconds, or
// the zero time while another version may still get the same one.
func settled(at, now time.Time) time.Time {
	second := at.UTC().Truncate(time.Second)
	if at.IsZero() || now.Before(second.Add(settlesAfter)) {
		return time.Time{}
	}
	return second
}
