package feeds

import (
	"fmt"
	"net/http"
	"strconv"

	"communique/storage"
	"communique/storage/press"
)

// archive answers with an archive document of a section's feed (RFC 5005 §4): a
// block of everything that was ever published there, in the order in which it
// arrived. The documents are linked from the newest block to the first. A full
// block stays the same until one of its articles changes, so that a reader who
// follows the chain misses nothing, whatever is published, moved or withdrawn
// meanwhile.
func (s *Server) archive(w http.ResponseWriter, r *http.Request, lang press.Language, at press.Path, number, format string) error {
	f, ok := formats[format]
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > mostBlocks || strconv.Itoa(n) != number {
		return fmt.Errorf("%w: there is no archive document %q in the format %q", press.ErrNotFound, number, format)
	}
	of := resource{contentType: f.mediaType + "; charset=utf-8", policy: archivePolicy}
	page := showsFeed(w, r)
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		p, err := s.locate(tx, lang, at)
		if err != nil {
			return err
		}
		of.key = fmt.Sprintf("%s-%s-%d.%d", format, lang, p.section.ID, n)
		var closed bool
		if of.version, closed, err = s.archiveVersion(tx, p, n); !closed {
			of.policy = feedPolicy
		}
		return err
	})
	if err != nil {
		return err
	}
	of.render = s.feedRendering(r.Context(), lang, at, format, page, func(tx *storage.Tx, p place, f *Feed) (version, error) {
		return s.fillArchive(tx, p, n, format, f)
	})
	if page {
		of = shown(of)
	}
	return s.serve(w, r, of)
}

// mostBlocks bounds the block number in an address, far beyond any archive.
const mostBlocks = 1 << 30

// archiveVersion is the last change of one of a block's articles, of the section
// names and addresses that it shows, or the start of the next block.
func (s *Server) archiveVersion(tx *storage.Tx, p place, number int) (v version, closed bool, err error) {
	b, err := tx.ArchiveBlock(p.section.ID, p.lang, number)
	if err != nil {
		return v, false, err
	}
	e, err := tx.Entry(max(b.Changed, p.names))
	return version{seq: e.Seq, at: e.At}.asOf(tx.Now()), b.Closed, err
}

// fillArchive reads a block and links it to its neighbours.
func (s *Server) fillArchive(tx *storage.Tx, p place, number int, format string, f *Feed) (version, error) {
	v, closed, err := s.archiveVersion(tx, p, number)
	if err != nil {
		return v, err
	}
	address := func(n int) string { return s.id.Site.Archive(p.lang, p.section.Path, n, format) }
	f.History = History{Current: f.Self}
	f.Self, f.Updated = address(number), v.at
	f.Others = nil // the blocks of another language hold other articles
	if number > 1 {
		f.History.Older = address(number - 1)
	}
	if closed {
		// The open block is not an archive document yet: readers keep those for
		// ever (RFC 5005 §4.2) and would not come back for the rest of it.
		f.History.Archive, f.History.Newer = true, address(number+1)
	}
	articles, err := tx.ArchiveArticles(p.section.ID, p.lang, number)
	if err != nil {
		return v, err
	}
	return v, s.fill(tx, p, f, articles, v.toldSince())
}

// newestArchive is the address of the newest archive document; empty if nothing
// was ever published here.
func (s *Server) newestArchive(tx *storage.Tx, p place, format string) (string, error) {
	blocks, err := tx.ArchiveBlocks(p.section.ID, p.lang)
	if err != nil || blocks == 0 {
		return "", err
	}
	return s.id.Site.Archive(p.lang, p.section.Path, blocks, format), nil
}
