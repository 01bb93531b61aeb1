package feeds

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Policies of caching. Feeds are polled by machines that may wait minutes. A
// browser asks again for a page each time, which costs a 304, so that what was
// withdrawn is gone at once; caches in front of us hold a page for a minute,
// because every server of the fediverse fetches the card of a new statement
// (INTEROP H3).
const (
	feedPolicy = "public, max-age=300, stale-while-revalidate=600"
	pagePolicy = "public, max-age=0, s-maxage=60"
	// An archive document that is closed changes only if one of its articles
	// does; a day is how long a withdrawn text may still be read in a cache: while
	// it is fresh, and while it is asked for again.
	archivePolicy = "public, max-age=43200, stale-while-revalidate=43200"
)

// resource is a document that can be asked for.
type resource struct {
	key         string // names it in the cache and in its ETag
	version     version
	contentType string
	policy      string // Cache-Control
	link        string // Link; empty if there is none
	// render makes the document as it is now, which may be newer than version.
	render func() (version, []byte, error)
}

func (v version) String() string {
	if v.turn == 0 {
		return strconv.FormatInt(int64(v.seq), 10)
	}
	return fmt.Sprintf("%d-%d", v.seq, v.turn)
}

// serve answers with a resource: 304 by its version alone, else from the cache,
// else rendered once. What it answers is repeated to who asks next.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, of resource) error {
	addVary(w.Header(), "Accept-Encoding")
	now := s.store.Now()
	h := s.head(of, of.version)
	if h.matchedBy(r, now) {
		s.remember(w, r, of, h, now)
		writeNotModified(w, r, h, now)
		return nil
	}
	d, err := s.documents.get(of.key, of.version, func() (*document, error) { return renderBoth(of) })
	if err != nil {
		return err
	}
	if d.version != h.version {
		h = s.head(of, d.version)
	}
	s.remember(w, r, of, h, now)
	writeDocument(w, r, http.StatusOK, h, d, now)
	return nil
}

func writeNotModified(w http.ResponseWriter, r *http.Request, h *head, now time.Time) {
	h.write(w.Header(), acceptsGzip(r), now)
	w.WriteHeader(http.StatusNotModified)
}

// writeDocument sends a document in the coding that the reader accepts.
func writeDocument(w http.ResponseWriter, r *http.Request, status int, h *head, d *document, now time.Time) {
	zipped := acceptsGzip(r)
	fields := w.Header()
	h.write(fields, zipped, now)
	fields[fieldType] = h.contentType
	body, length := d.plain, d.plainLength
	if zipped {
		body, length = d.gzip, d.gzipLength
		fields[fieldCoding] = gzipCoding
	}
	fields[fieldLength] = length
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that went away is nobody's error
}

// tag is the strong ETag of a version, without quotes. The configuration and
// the build are in it, because they are in the bytes.
func (s *Server) tag(of resource, v version) string {
	return fmt.Sprintf("%s.%s.%s", of.key, s.fingerprint, v)
}

func renderBoth(of resource) (*document, error) {
	v, plain, err := of.render()
	if err != nil {
		return nil, err
	}
	zipped, err := compress(plain)
	if err != nil {
		return nil, err
	}
	return newDocument(v, plain, zipped), nil
}
