package feeds

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// place is a section in a language, as seen by one transaction.
type place struct {
	lang    press.Language
	tree    press.Tree
	section press.Section // the zero section at the root
	changed version       // of the section's page and feeds
	tag     string        // the slug of a tag, if it is a tag's feed; the section is the root then
	tagName string        // as the article writes it that was filed under it last
	names   press.Seq     // the last entry that changed a name or an address in the tree
}

// lists reports whether a public article belongs here, or only did.
func (p place) lists(a press.Article) bool {
	switch {
	case a.Language != p.lang:
		return false
	case p.tag != "":
		return slices.ContainsFunc(a.Tags, func(name string) bool { return press.TagSlug(name) == p.tag })
	case p.section.ID == press.Root:
		return true
	}
	return slices.ContainsFunc(p.tree.Trail(a.Section), func(s press.Section) bool { return s.ID == p.section.ID })
}

// version is the entry that last changed a document, and its commit time.
type version struct {
	seq press.Seq
	at  time.Time
	// reactions is the version of the reactions to an article, which have no
	// entries in the log; 0 for every other document.
	reactions int64
	// quiet: that is so long ago that a feed tells no more of what it brought.
	quiet bool
}

// older reports whether a version lacks something that another one has.
func (v version) older(than version) bool {
	return v.seq < than.seq || v.reactions < than.reactions || v.seq == than.seq && !v.quiet && than.quiet
}

// asOf is the version at a time: it is another one when [toldFor] is over.
func (v version) asOf(now time.Time) version {
	v.quiet = !v.at.IsZero() && now.Sub(v.at) >= toldFor
	return v
}

// toldSince is from when on a feed tells of corrections, leavings and withdrawals.
// Counted back from the last change, not from now: a version has the same bytes
// whenever it is rendered.
func (v version) toldSince() time.Time {
	if v.quiet {
		return v.at.Add(time.Second)
	}
	return v.at.Add(-toldFor)
}

// locate finds a section and its version without reading an article. It returns
// press.ErrNotFound for a section that does not exist or a language in which
// nothing was ever published, and a *sectionMovedError for a former path.
func (s *Server) locate(tx *storage.Tx, lang press.Language, path press.Path) (place, error) {
	head, err := tx.Head()
	p := place{lang: lang, names: head.Names}
	if err != nil {
		return p, err
	}
	if p.tree, err = s.trees.at(tx, head.Tree); err != nil {
		return p, err
	}
	if err := s.checkLanguage(tx, lang); err != nil {
		return p, err
	}
	if path != "" {
		var ok bool
		if p.section, ok = p.tree.ByPath(path); !ok {
			return p, unknownSection(p.tree, path)
		}
	}
	p.changed.seq, p.changed.at, err = tx.Changed(p.section.ID, lang)
	p.changed = p.changed.asOf(tx.Now())
	return p, err
}

// sectionMovedError says that a section has moved.
type sectionMovedError struct{ from, to press.Path }

func (e *sectionMovedError) Error() string { return "the section is at " + string(e.to) }

// unknownSection returns the error for a path that no section has: it has moved,
// or never existed.
func unknownSection(tree press.Tree, path press.Path) error {
	if s, ok := tree.Former(path); ok {
		return &sectionMovedError{from: path, to: s.Path}
	}
	return fmt.Errorf("%w: section %q", press.ErrNotFound, path)
}

// checkLanguage returns press.ErrNotFound for a language that is not configured
// and in which nothing was ever published. Withdrawn articles count: readers who
// have one from a feed must find its withdrawal there.
func (s *Server) checkLanguage(tx *storage.Tx, lang press.Language) error {
	if s.configured(lang) {
		return nil
	}
	blocks, err := tx.ArchiveBlocks(press.Root, lang)
	if err == nil && blocks == 0 {
		err = fmt.Errorf("%w: language %q", press.ErrNotFound, lang)
	}
	return err
}

// trail is the path of sections from the top down to this one.
func (p place) trail() []press.Section { return p.tree.Trail(p.section.ID) }

// trees caches the section tree as of its last change.
type trees struct {
	mu    sync.Mutex
	known bool
	seq   press.Seq
	tree  press.Tree
}

func (t *trees) at(tx *storage.Tx, seq press.Seq) (press.Tree, error) {
	t.mu.Lock()
	known, have, tree := t.known, t.seq, t.tree
	t.mu.Unlock()
	if known && have == seq {
		return tree, nil
	}
	tree, err := tx.Tree()
	if err != nil {
		return tree, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.known || seq > t.seq {
		t.known, t.seq, t.tree = true, seq, tree
	}
	return tree, nil
}

// tree returns the section tree as a transaction sees it.
func (s *Server) tree(tx *storage.Tx) (press.Tree, error) {
	head, err := tx.Head()
	if err != nil {
		return press.Tree{}, err
	}
	return s.trees.at(tx, head.Tree)
}
