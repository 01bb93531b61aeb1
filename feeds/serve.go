package feeds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"communique/storage"
)

// Caching policies. Feeds are polled by machines, which can wait for minutes. A
// browser revalidates a page each time, which costs a 304, so that a withdrawn
// article is gone at once; caches in front of us hold a page for a minute,
// because every server of the fediverse fetches the card of a new statement
// (INTEROP H3).
const (
	feedPolicy = "public, max-age=300, stale-while-revalidate=600"
	pagePolicy = "public, max-age=0, s-maxage=60"
	// A closed archive document changes only if one of its articles does. A cache
	// may show a withdrawn text for a day at most: half of it while the document is
	// fresh, half while it is revalidated.
	archivePolicy = "public, max-age=43200, stale-while-revalidate=43200"
)

// resource is a document that can be requested.
type resource struct {
	key         string // names it in the cache and in its ETag
	version     version
	contentType string
	policy      string // Cache-Control
	link        string // Link; empty if there is none
	// render renders the document as it is now, which may be newer than version.
	render func() (version, []byte, error)
}

func (v version) String() string {
	switch {
	case v.quiet:
		return strconv.FormatInt(int64(v.seq), 10) + quietMark
	case v.reactions == 0:
		return strconv.FormatInt(int64(v.seq), 10)
	}
	return fmt.Sprintf("%d-%d", v.seq, v.reactions)
}

// quietMark ends the tags of feeds in which nothing has changed for long.
const quietMark = "-quiet"

// serve answers with a resource: a 304 from its version alone, or the cached
// document, or one rendered once for everybody. The answer is kept for
// [Server.Repeat].
func (s *Server) serve(w http.ResponseWriter, r *http.Request, of resource) error {
	AddVary(w.Header(), "Accept-Encoding")
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
	h.write(w.Header(), zipped, now)
	d.write(w, status, h, zipped)
}

// write sends a document, behind the fields of its head that a 304 has, too.
func (d *document) write(w http.ResponseWriter, status int, h *head, zipped bool) {
	fields := w.Header()
	fields[fieldType] = h.contentType
	body, length := d.plain, d.plainLength
	if zipped {
		body, length = d.gzip, d.gzipLength
		fields[fieldCoding] = gzipCoding
	}
	fields[fieldLength] = length
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that has gone away is not an error
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

// answer serves a resource: reading returns its version, writing writes the
// document and returns the version that it shows. Each reads in a transaction of
// its own, so the document may be newer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, of resource, reading func(*storage.Tx) (version, error), writing func(*storage.Tx, io.Writer) (version, error)) error {
	of, err := s.current(r.Context(), of, reading, writing)
	if err != nil {
		return err
	}
	return s.serve(w, r, of)
}

// current completes a resource with its current version and its rendering.
func (s *Server) current(ctx context.Context, of resource, reading func(*storage.Tx) (version, error), writing func(*storage.Tx, io.Writer) (version, error)) (resource, error) {
	err := s.store.View(ctx, func(tx *storage.Tx) (err error) {
		of.version, err = reading(tx)
		return err
	})
	of.render = func() (v version, _ []byte, err error) {
		var b bytes.Buffer
		err = s.render(ctx, func(tx *storage.Tx) error {
			v, err = writing(tx, &b)
			return err
		})
		return v, b.Bytes(), err
	}
	return of, err
}

// writer writes a document after the transaction in which its content was read.
type writer func(io.Writer) error

// rendering returns the rendering of a document: read reads its content in a
// transaction on behalf of all requests that wait for it, and returns its version.
func (s *Server) rendering(ctx context.Context, read func(*storage.Tx) (version, writer, error)) func() (version, []byte, error) {
	return func() (v version, _ []byte, err error) {
		var write writer
		err = s.render(ctx, func(tx *storage.Tx) error {
			v, write, err = read(tx)
			return err
		})
		if err != nil {
			return v, nil, err
		}
		var b bytes.Buffer
		err = write(&b)
		return v, b.Bytes(), err
	}
}

// renderTimeout bounds a rendering. Several requests may wait for it, and none of
// them may cancel it for the others.
const renderTimeout = 10 * time.Second

// render runs a reading transaction on behalf of all requests that wait for it.
func (s *Server) render(ctx context.Context, read func(*storage.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renderTimeout)
	defer cancel()
	return s.store.View(ctx, read)
}
