package feeds

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// media answers with a picture. Its name holds the hash of its content, so a cache
// may keep it, but not for ever: a picture is withdrawn with its article. Nothing of it
// is read for a HEAD or an answer 304.
func (s *Server) media(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "name")
	hash, extension, _ := strings.Cut(name, ".")
	m, content, err := s.picture(r, hash)
	if err != nil {
		return err
	}
	if extension != m.Extension() {
		return fmt.Errorf("%w: picture %s", press.ErrNotFound, name)
	}
	uploaded(w.Header(), m.Type, hash)
	sendContent(w, r, content)
	return nil
}

// uploaded says how an uploaded file is handled that is named by its content: no such
// file may act as a page of this site.
func uploaded(h http.Header, mediaType, hash string) {
	h.Set("Content-Type", mediaType)
	h.Set("ETag", `"`+hash+`"`)
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
}

// picture finds a picture that is public: one of the configuration, or of an article.
func (s *Server) picture(r *http.Request, hash string) (m newsdesk.Media, sent io.ReadSeeker, err error) {
	for _, own := range s.pictures {
		if own.Hash == hash {
			return own, bytes.NewReader(own.Content), nil
		}
	}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		m, err = tx.PublicMedia(hash)
		return err
	})
	return m, s.stored(r, content{
		hash: hash, size: m.Size, read: (*storage.Tx).MediaChunk,
		public: func(tx *storage.Tx) error {
			_, err := tx.PublicMedia(hash)
			return err
		},
	}), err
}
