// Package accept judges what a client wants by its Accept header (RFC 9110 §12.5.1):
// the one judgement of the server, whichever way out answers. Malformed ranges are
// passed over, and the work that a header causes is bounded.
package accept

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

// Activity decides by an Accept header (RFC 9110 §12.5.1) whether the answer is
// the ActivityPub object or the page. It is the object if one of its types is named
// with a weight that no range for the page exceeds; wildcards count for the page,
// which is what browsers and curl expect, unless the page is refused.
func Activity(header string) bool {
	var object, page float64
	ranges := mediaRanges(header)
	if refusesPages(ranges) {
		return slices.ContainsFunc(ranges, func(r mediaRange) bool { return r.weight > 0 && r.coversObjects() })
	}
	for _, r := range ranges {
		switch r.kind {
		case "application/activity+json", "application/ld+json":
			object = max(object, r.weight)
		case "text/html", "application/xhtml+xml", "text/*", "*/*":
			page = max(page, r.weight)
		}
	}
	return object > 0 && object >= page
}

// RefusesPages reports whether an Accept header gives HTML the weight 0, by the range
// that names it most closely (RFC 9110 §12.5.1). One that does not speak of HTML at all
// refuses nothing.
func RefusesPages(header string) bool { return refusesPages(mediaRanges(header)) }

func refusesPages(ranges []mediaRange) bool {
	for _, kind := range []string{"text/html", "text/*", "*/*"} {
		weight, named := 0.0, false
		for _, r := range ranges {
			if r.kind == kind {
				weight, named = max(weight, r.weight), true
			}
		}
		if named {
			return weight == 0
		}
	}
	return false
}

// Page tells people from machines: browsers name HTML, and do not refuse it.
func Page(header string) bool {
	return slices.ContainsFunc(mediaRanges(header), func(r mediaRange) bool { return r.kind == "text/html" && r.weight > 0 })
}

// Navigation tells browsers, which show what they get, from the readers of feeds: HTML
// comes before anything else, with XHTML, and nothing that is only a feed. Some feed
// readers name HTML too, but never without the types of feeds.
func Navigation(header string) bool {
	ranges := mediaRanges(header)
	if len(ranges) == 0 || ranges[0].kind != "text/html" || ranges[0].weight == 0 {
		return false
	}
	of := func(r mediaRange) bool { return r.kind == "application/xhtml+xml" && r.weight > 0 }
	return slices.ContainsFunc(ranges, of) && !slices.ContainsFunc(ranges, mediaRange.isOfFeeds)
}

// isOfFeeds reports whether a type is only named by who reads feeds or objects. Browsers
// name XML too, with less weight.
func (r mediaRange) isOfFeeds() bool {
	if r.kind == "application/xml" || r.kind == "text/xml" {
		return r.weight == 1
	}
	return slices.ContainsFunc([]string{"rss", "atom", "rdf", "feed", "activity"}, func(word string) bool { return strings.Contains(r.kind, word) })
}

type mediaRange struct {
	kind   string
	weight float64
}

func (r mediaRange) coversObjects() bool {
	return slices.Contains([]string{"application/activity+json", "application/ld+json", "application/*", "*/*"}, r.kind)
}

// maxRanges bounds the work that an Accept header causes.
const maxRanges = 64

// mediaRanges reads an Accept header and skips what is malformed.
func mediaRanges(header string) []mediaRange {
	var ranges []mediaRange
	for header != "" && len(ranges) < maxRanges {
		var element string
		element, header = cutElement(header)
		kind, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		weight := 1.0
		if q, given := parameters["q"]; given {
			if weight, err = strconv.ParseFloat(q, 64); err != nil || !(weight >= 0 && weight <= 1) {
				continue
			}
		}
		ranges = append(ranges, mediaRange{kind, weight})
	}
	return ranges
}

// cutElement cuts a list at the first comma that is not inside quotes, where a
// backslash escapes what follows it (RFC 9110 §5.6.4).
func cutElement(list string) (element, rest string) {
	quoted, escaped := false, false
	for i := range len(list) {
		switch {
		case escaped:
			escaped = false
		case quoted && list[i] == '\\':
			escaped = true
		case list[i] == '"':
			quoted = !quoted
		case list[i] == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}
