package feeds

import (
	"bytes"
	"io"
	"net/http"

	"communique/storage"
)

// answer serves a resource of which reading tells the version, and writing the
// document with the version that it is of. Both read in a transaction of their
// own, so the document may be newer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, of resource, reading func(*storage.Tx) (version, error), writing func(*storage.Tx, io.Writer) (version, error)) error {
	err := s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		of.version, err = reading(tx)
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (v version, _ []byte, err error) {
		var b bytes.Buffer
		err = s.render(r.Context(), func(tx *storage.Tx) error {
			v, err = writing(tx, &b)
			return err
		})
		return v, b.Bytes(), err
	}
	return s.serve(w, r, of)
}
