package feeds

import (
	"fmt"
	"net/http"
	"strconv"
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
	// does; a day is how long a withdrawn text may still be read in a cache.
	archivePolicy = "public, max-age=86400, stale-while-revalidate=86400"
)

// resource is a document that can be asked for.
type resource struct {
	key         string // names it in the cache and in its ETag
	version     version
	contentType string
	policy      string // Cache-Control
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
// else rendered once.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, of resource) error {
	addVary(w.Header(), "Accept-Encoding")
	zipped := acceptsGzip(r)
	if notModified(r, s.tag(of, of.version), settled(of.version.at, s.store.Now())) {
		s.head(w, of, of.version, zipped)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	d, err := s.documents.get(of.key, of.version, func() (*document, error) { return renderBoth(of) })
	if err != nil {
		return err
	}
	s.head(w, of, d.version, zipped)
	writeDocument(w, http.StatusOK, of.contentType, d, zipped)
	return nil
}

// writeDocument sends a document in one of its codings.
func writeDocument(w http.ResponseWriter, status int, contentType string, d *document, zipped bool) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	body := d.plain
	if zipped {
		h.Set("Content-Encoding", "gzip")
		body = d.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that went away is nobody's error
}

// head sets what 200 and 304 have in common (RFC 9110 §15.4.5).
func (s *Server) head(w http.ResponseWriter, of resource, v version, zipped bool) {
	h := w.Header()
	tag := s.tag(of, v)
	if zipped {
		tag += "-gzip" // RFC 9110 §8.8.3.3: other bytes, another strong tag
	}
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Cache-Control", of.policy)
	if modified := settled(v.at, s.store.Now()); !modified.IsZero() {
		h.Set("Last-Modified", modified.Format(http.TimeFormat))
	}
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
	return &document{version: v, plain: plain, gzip: zipped}, err
}
