package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// file answers with a file that goes out beside an article. Its address holds the hash
// of its content, so a cache may keep it, but not for ever: a file is withdrawn with its
// article. Nothing of it is read for a HEAD or an answer 304.
func (s *Server) file(w http.ResponseWriter, r *http.Request) error {
	hash := chi.URLParam(r, "hash")
	name, err := url.PathUnescape(chi.URLParam(r, "name"))
	if err != nil {
		return fmt.Errorf("%w: file %q", press.ErrNotFound, chi.URLParam(r, "name"))
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
	http.ServeContent(w, r, "", time.Time{}, &fileReader{ctx: r.Context(), store: s.store, file: f, number: -1})
	return nil
}

// served is a media type with the encoding of texts, which storage has checked.
func served(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}

// fileReader reads a public file chunk by chunk, each in a transaction of its own: a
// slow reader holds none open, and what is withdrawn meanwhile ends there.
type fileReader struct {
	ctx    context.Context //nolint:containedctx // of the one request that it is made for
	store  *storage.Store
	file   press.File
	at     int64
	number int64 // of the chunk
	chunk  []byte
}

// Read implements io.Reader.
func (f *fileReader) Read(p []byte) (int, error) {
	if f.at >= f.file.Size {
		return 0, io.EOF
	}
	if number := f.at / newsdesk.FileChunk; number != f.number {
		err := f.store.View(f.ctx, func(tx *storage.Tx) error {
			if _, err := tx.PublicFile(f.file.Hash, f.file.Name); err != nil {
				return err
			}
			chunk, err := tx.FileChunk(f.file.Hash, number)
			f.chunk, f.number = chunk, number
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	n := copy(p, f.chunk[min(int64(len(f.chunk)), f.at%newsdesk.FileChunk):])
	if n == 0 && len(p) > 0 {
		return 0, io.ErrUnexpectedEOF
	}
	f.at += int64(n)
	return n, nil
}

// errSeek is of no concern to readers: http.ServeContent stays within a file.
var errSeek = errors.New("seek outside of the file")

// Seek implements io.Seeker.
func (f *fileReader) Seek(offset int64, whence int) (int64, error) {
	at := offset
	switch whence {
	case io.SeekCurrent:
		at += f.at
	case io.SeekEnd:
		at += f.file.Size
	}
	if at < 0 || at > f.file.Size {
		return f.at, errSeek
	}
	f.at = at
	return at, nil
}

// files are the files that an article links to and that this site serves.
func (s *Server) files(tx *storage.Tx, a press.Article) ([]press.File, error) {
	all, err := tx.Files(a)
	return slices.DeleteFunc(all, func(f press.File) bool { return !s.id.Site.Serves(f) }), err
}
