package feeds

import (
	"iter"
	"net/http"
	"strings"
	"time"
)

// codings are the endings that caches and compressing proxies put on an ETag;
// Apache's "-gzip" alone has kept whole sites from ever answering 304.
var codings = []string{"-gzip", "--gzip", ";gzip", "-br", ";br", "-zstd", ";zstd", "-deflate"}

// notModified answers a conditional GET (RFC 9110 §13.2.2): If-None-Match
// decides if it is there, else If-Modified-Since. The tag is without quotes;
// a zero time answers no If-Modified-Since.
func notModified(r *http.Request, tag string, modified time.Time) bool {
	if values := r.Header.Values("If-None-Match"); len(values) > 0 {
		return matches(strings.Join(values, ","), tag)
	}
	date := r.Header.Get("If-Modified-Since")
	if date == "" {
		return false
	}
	since, err := http.ParseTime(date)
	// RFC 9110 §13.1.3: a date that cannot be read is as good as none.
	return err == nil && !modified.IsZero() && !modified.After(since)
}

// matches looks for a tag in an If-None-Match (RFC 9110 §13.1.2) by the weak
// comparison (RFC 9110 §8.8.3.2), whatever the coding it was sent in.
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

// tagsIn reads the tags of an If-None-Match, without quotes. What stands
// behind a malformed tag is not read.
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

// settlesAfter is how long, from the beginning of its second, a version has no
// Last-Modified: another one may follow in that second, and be seen only when the
// disk has it.
const settlesAfter = 3 * time.Second

// settled is the Last-Modified of a version: its commit time in whole seconds,
// or nothing as long as another version may have the same.
func settled(at, now time.Time) time.Time {
	second := at.UTC().Truncate(time.Second)
	if at.IsZero() || now.Before(second.Add(settlesAfter)) {
		return time.Time{}
	}
	return second
}
