package feeds

import (
	"fmt"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// place is a section in a language, as one transaction sees it.
type place struct {
	lang    press.Language
	tree    press.Tree
	section press.Section // the zero section at the root
	changed version       // of the section's page and feeds
	names   press.Seq     // the last entry that changed a name or an address in the tree
}

// version is the entry that last changed a document, and its commit time.
type version struct {
	seq press.Seq
	at  time.Time
	// turn is the version of the reactions to an article, which no entry of the
	// log tells of; 0 for every other document.
	turn int64
}

// older tells whether a document lacks what another version has.
func (v version) older(than version) bool { return v.seq < than.seq || v.turn < than.turn }

// locate finds a section and its version without a look at any article. A
// section that does not exist, or a language in which nothing was ever said, is
// press.ErrNotFound; an address from which one has moved is *elsewhereError.
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
			return p, notThere(p.tree, path)
		}
	}
	p.changed.seq, p.changed.at, err = tx.Changed(p.section.ID, lang)
	return p, err
}

// elsewhereError says that a section has moved.
type elsewhereError struct{ from, to press.Path }

func (e *elsewhereError) Error() string { return "the section is at " + string(e.to) }

// notThere tells a section that has moved from one that never was.
func notThere(tree press.Tree, path press.Path) error {
	if s, ok := tree.Former(path); ok {
		return &elsewhereError{from: path, to: s.Path}
	}
	return fmt.Errorf("%w: section %q", press.ErrNotFound, path)
}

// checkLanguage refuses a language that is not configured and in which nothing
// was ever said. What was said and withdrawn counts: who has it from a feed is to
// find the withdrawal there.
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

// trail is the way from the top to the section.
func (p place) trail() []press.Section { return p.tree.Trail(p.section.ID) }

// trees keeps the section tree as it was after the last change of it.
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

// tree is the section tree as a transaction sees it.
func (s *Server) tree(tx *storage.Tx) (press.Tree, error) {
	head, err := tx.Head()
	if err != nil {
		return press.Tree{}, err
	}
	return s.trees.at(tx, head.Tree)
}
