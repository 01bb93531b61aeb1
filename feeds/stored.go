package feeds

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"
	"weak"

	"communique/storage"
	"communique/storage/newsdesk"
)

// stored reads a public picture or file chunk by chunk, each in a transaction of its
// own: a slow reader holds none open, and what is withdrawn meanwhile ends there.
type stored struct {
	ctx    context.Context //nolint:containedctx // of the one request that it is made for
	store  *storage.Store
	shared *chunks
	content
	at     int64
	number int64 // of the chunk
	chunk  *[]byte
}

// content is a picture or a file of the database.
type content struct {
	hash string
	size int64
	// public returns press.ErrNotFound if nobody is to have it, read reads a chunk.
	public func(tx *storage.Tx) error
	read   func(tx *storage.Tx, hash string, number int64) ([]byte, error)
}

// stored is content as http.ServeContent takes it.
func (s *Server) stored(r *http.Request, c content) *stored {
	return &stored{ctx: r.Context(), store: s.store, shared: &s.chunks, content: c, number: -1}
}

// Read implements io.Reader.
func (c *stored) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	if number := c.at / newsdesk.Chunk; number != c.number {
		c.chunk, c.number = nil, -1 // while another one is read, it need not be kept
		err := c.store.View(c.ctx, func(tx *storage.Tx) error { return c.find(tx, number) })
		if err != nil {
			return 0, err
		}
	}
	chunk := *c.chunk
	n := copy(p, chunk[min(int64(len(chunk)), c.at%newsdesk.Chunk):])
	if n == 0 && len(p) > 0 {
		return 0, io.ErrUnexpectedEOF
	}
	c.at += int64(n)
	return n, nil
}

// find finds a chunk, with another reader or in the database, while the whole is public.
func (c *stored) find(tx *storage.Tx, number int64) error {
	if err := c.public(tx); err != nil {
		return err
	}
	key := chunkKey{c.hash, number}
	if c.chunk = c.shared.get(key); c.chunk == nil {
		read, err := c.read(tx, c.hash, number)
		if err != nil {
			return err
		}
		c.chunk = c.shared.share(key, read)
	}
	c.number = number
	return nil
}

// chunks are those that somebody is being sent. Who is sent the same at the same time
// shares it: a hundred readers of a new file do not take a hundred times the memory.
type chunks struct {
	mu  sync.Mutex
	all map[chunkKey]weak.Pointer[[]byte]
}

type chunkKey struct {
	hash   string
	number int64
}

// get is a chunk that another reader has, or nil.
func (c *chunks) get(key chunkKey) *[]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[key].Value()
}

// share has others get a chunk for as long as somebody has it, and returns the one that
// all have.
func (c *chunks) share(key chunkKey, read []byte) *[]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if there := c.all[key].Value(); there != nil {
		return there
	}
	if c.all == nil {
		c.all = map[chunkKey]weak.Pointer[[]byte]{}
	}
	chunk := &read
	c.all[key] = weak.Make(chunk)
	runtime.AddCleanup(chunk, c.forget, key)
	return chunk
}

func (c *chunks) forget(key chunkKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all[key].Value() == nil {
		delete(c.all, key)
	}
}

// maxRanges bounds the parts that are sent of one content: each may be in another chunk,
// and a reader who wants more of them is better served with all (RFC 9110 §14.2).
const maxRanges = 10

// sendContent answers with a picture or a file, or parts of it.
func sendContent(w http.ResponseWriter, r *http.Request, content io.ReadSeeker) {
	switch asked := r.Header.Get("Range"); {
	case strings.Count(asked, ",") >= maxRanges:
		r.Header.Del("Range")
	case asked != "":
		r.Header.Set("Range", satisfiable(asked))
	}
	http.ServeContent(w, r, "", time.Time{}, paced{content, http.NewResponseController(w)})
}

// beyond is a range that no content has.
const beyond = "9223372036854775807-"

// satisfiable writes the last no bytes as a range that cannot be satisfied (RFC 9110
// §14.1.2), for which http.ServeContent takes a part of no length.
func satisfiable(asked string) string {
	unit, ranges, ok := strings.Cut(asked, "=")
	if !ok {
		return asked
	}
	all := strings.Split(ranges, ",")
	for i, part := range all {
		if zeros, suffix := strings.CutPrefix(strings.TrimSpace(part), "-"); suffix && zeros != "" && strings.Trim(zeros, "0") == "" {
			all[i] = beyond
		}
	}
	return unit + "=" + strings.Join(all, ",")
}

// paced gives a reader time for each part: the time that is enough for a page is not
// enough for a long file on a slow line.
type paced struct {
	io.ReadSeeker
	response *http.ResponseController
}

// Read implements io.Reader.
func (c paced) Read(p []byte) (int, error) {
	const part = 30 * time.Second
	// Where the writer has no deadlines nothing ends early.
	_ = c.response.SetWriteDeadline(time.Now().Add(part))
	return c.ReadSeeker.Read(p)
}

// errSeek is of no concern to readers: http.ServeContent stays within the content.
var errSeek = errors.New("seek outside of the content")

// Seek implements io.Seeker.
func (c *stored) Seek(offset int64, whence int) (int64, error) {
	at := offset
	switch whence {
	case io.SeekCurrent:
		at += c.at
	case io.SeekEnd:
		at += c.size
	}
	if at < 0 || at > c.size {
		return c.at, errSeek
	}
	c.at = at
	return at, nil
}
