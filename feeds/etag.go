package feeds

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// head holds the header fields that a 200 and a 304 have in common (RFC 9110
// §15.4.5) for one version of a document. The values are shared by all answers
// and must not be modified.
type head struct {
	version     version
	at          time.Time // when the document came to say what it says
	tag         string    // without quotes
	etag        []string
	zippedTag   []string
	contentType []string
	policy      []string
	link        []string // nil if there is none
	modified    []string
	settles     time.Time // modified is sent from then on
}

// Field names in the canonical form of http.Header.
const (
	fieldETag         = "Etag"
	fieldPolicy       = "Cache-Control"
	fieldLink         = "Link"
	fieldModified     = "Last-Modified"
	fieldType         = "Content-Type"
	fieldLength       = "Content-Length"
	fieldCoding       = "Content-Encoding"
	fieldIfNoneMatch  = "If-None-Match"
	fieldDeltaAccepts = "A-Im"
	fieldDestination  = "Sec-Fetch-Dest"
)

var gzipCoding = []string{"gzip"}

func (s *Server) head(of resource, v version) *head {
	h := &head{
		version: v, tag: s.tag(of, v),
		contentType: []string{of.contentType}, policy: []string{of.policy},
	}
	h.etag = []string{`"` + h.tag + `"`}
	h.zippedTag = []string{`"` + h.tag + `-gzip"`} // RFC 9110 §8.8.3.3: other bytes, another strong tag
	if of.link != "" {
		h.link = []string{of.link}
	}
	if h.at = v.at; !v.at.IsZero() {
		if v.quiet {
			h.at = v.at.Add(toldFor)
		}
		// A client that has the bytes of another configuration must not keep them
		// because nothing was published since.
		if s.since.After(h.at) {
			h.at = s.since
		}
		second := h.at.UTC().Truncate(time.Second)
		h.modified = []string{second.Format(http.TimeFormat)}
		h.settles = second.Add(settlesAfter)
	}
	return h
}

// tag is the strong ETag of a version, without quotes (RFC 9110 §8.8.3). It
// covers the configuration and the build, because they determine the bytes too.
func (s *Server) tag(of resource, v version) string {
	return fmt.Sprintf("%s.%s.%s", of.key, s.fingerprint, v)
}

// modifiedAt is the Last-Modified to send at a time, or the zero time.
func (h *head) modifiedAt(now time.Time) time.Time { return settled(h.at, now) }

// matchedBy reports whether a conditional request is answered 304. Most readers
// send back the one tag that they were given.
func (h *head) matchedBy(r *http.Request, now time.Time) bool {
	if tags := r.Header[fieldIfNoneMatch]; len(tags) == 1 && (tags[0] == h.etag[0] || tags[0] == h.zippedTag[0]) {
		return true
	}
	return notModified(r, h.tag, h.modifiedAt(now))
}

// write sets the fields of an answer in one of the content codings.
func (h *head) write(into http.Header, zipped bool, now time.Time) {
	into[fieldETag] = h.etag
	if zipped {
		into[fieldETag] = h.zippedTag
	}
	into[fieldPolicy] = h.policy
	if h.link != nil {
		into[fieldLink] = h.link
	}
	if h.modified != nil && !now.Before(h.settles) {
		into[fieldModified] = h.modified
	}
}

// field is a header field that every answer with a head has.
type field struct {
	name   string
	values []string
}

// fields are those that were set before and those of the head. The values are clipped,
// so that a later append makes a copy.
func (h *head) fields(before http.Header, zipped bool, now time.Time) []field {
	set := before.Clone()
	h.write(set, zipped, now)
	all := make([]field, 0, len(set))
	for name, values := range set {
		all = append(all, field{name, slices.Clip(values)})
	}
	return all
}

// knownVary is what answers vary by that are repeated. A signature changes nothing of a
// page.
var knownVary = []string{"Accept-Encoding", "Accept", fieldDestination, "Signature", "Signature-Input"}

// onlyKnownVary reports whether an answer varies only by content coding, by what
// was negotiated before, and by what [repeatKey] covers.
func onlyKnownVary(h http.Header) bool {
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			if !slices.ContainsFunc(knownVary, func(known string) bool { return strings.EqualFold(known, name) }) {
				return false
			}
		}
	}
	return true
}
