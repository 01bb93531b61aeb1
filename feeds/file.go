package feeds

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/press"
)

// file answers with a file that goes out beside an article. Its address holds the hash
// of its content, so a cache may keep it, but not for ever: a file is withdrawn with its
// article. Nothing of it is read for a HEAD or an answer 304.
func (s *Server) file(w http.ResponseWriter, r *http.Request) error {
	hash := chi.URLParam(r, "hash")
	name, err := named(r, "name")
	if err != nil {
		return err
	}
	var f press.File
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		f, err = tx.PublicFile(hash, name)
		return err
	})
	if err != nil {
		return err
	}
	uploaded(w.Header(), served(f.Type), hash)
	// It is for the reader's disk.
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	sendContent(w, r, s.stored(r, content{
		hash: hash, size: f.Size, read: (*storage.Tx).FileChunk,
		public: func(tx *storage.Tx) error {
			_, err := tx.PublicFile(hash, name)
			return err
		},
	}))
	return nil
}

// served is a media type with the encoding of texts, which storage has checked.
func served(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}

// files are the files that an article links to and that this site serves.
func (s *Server) files(tx *storage.Tx, a press.Article) ([]press.File, error) {
	all, err := tx.Files(a)
	return slices.DeleteFunc(all, func(f press.File) bool { return !s.id.Site.Serves(f) }), err
}
