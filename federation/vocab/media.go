package vocab

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

// Media types of the documents of this package.
const (
	// MediaType is that of every ActivityStreams document that we send.
	MediaType = "application/activity+json"
	// MediaTypeLD is the other name for the same (ActivityPub §3.2).
	MediaTypeLD = `application/ld+json; profile="` + Namespace + `"`
	// Accept is the header with which we ask for either.
	Accept = MediaType + ", " + MediaTypeLD
	// MediaTypeJRD is that of WebFinger (RFC 7033 §10.2).
	MediaTypeJRD = "application/jrd+json"
	// MediaTypeXRD is that of host-meta (RFC 6415 §2).
	MediaTypeXRD = "application/xrd+xml"
	// MediaTypeNodeInfo is that of NodeInfo 2.1.
	MediaTypeNodeInfo = `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"`
)

// Namespace is the JSON-LD context of ActivityStreams.
const Namespace = "https://www.w3.org/ns/activitystreams"

// Public is the collection of everybody (ActivityPub §5.6).
const Public = Namespace + "#Public"

// IsActivityJSON reports whether a Content-Type is one of the two that ActivityPub
// objects are served as. Plain application/json and ld+json without the profile are
// not: a server that lets people upload files may serve those so, and strangers
// would speak in the server's name.
func IsActivityJSON(contentType string) bool {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return slices.Contains(strings.Fields(parameters["profile"]), Namespace)
	}
	return false
}

// WantsActivity decides by an Accept header (RFC 9110 §12.5.1) whether the answer is
// the ActivityPub object or the page. It is the object if one of its types is named
// with a weight that no range for the page exceeds; wildcards count for the page,
// which is what browsers and curl expect, unless the page is refused.
func WantsActivity(accept string) bool {
	var object, page float64
	ranges := mediaRanges(accept)
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
func RefusesPages(accept string) bool { return refusesPages(mediaRanges(accept)) }

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
func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for accept != "" && len(ranges) < maxRanges {
		var element string
		element, accept = cutElement(accept)
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
