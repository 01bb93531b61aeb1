package feeds

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"communique/storage"
)

// answer serves a resource of which reading tells the version, and writing the
// document with the version that it is of. Both read in a transaction of their
// own, so the document may be newer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, of resource, reading func(*storage.Tx) (version, error), writing func(*storage.Tx, io.Writer) (version, error)) error {
	of, err := s.current(r.Context(), of, reading, writing)
	if err != nil {
		return err
	}
	return s.serve(w, r, of)
}

// current is a resource with its version as it stands, and its rendering.
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
