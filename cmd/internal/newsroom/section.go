package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// Changed is a section after a change, in its tree.
type Changed struct {
	Section press.Section
	Tree    press.Tree
	// Before is the path that it had.
	Before press.Path
	// Warnings tell of actors that the configuration gives a section under a name
	// that it no longer has.
	Warnings []string
	// Kept are the acts that take as many persons as before in a section that was moved, where fewer
	// would be enough.
	Kept []people.Act
	// Waiting is how many manuscripts of new articles are in a section that was closed: none of them
	// goes out until it says another one.
	Waiting int
}

// Added is what [Desk.AddSections] has made.
type Added struct {
	Section press.Section   // the last of the path
	Made    []press.Section // of the path, those that were missing
	// ClosedBy is the section by which that one is closed, itself or one above it; nothing
	// if it is open.
	ClosedBy press.Section
}

// NewSections says how sections are made.
type NewSections struct {
	// Language is that of the names; empty is the desk's.
	Language press.Language
	// Slug is the address of the last section; empty makes it of the name.
	Slug string
	// Take takes addresses that lead to sections which have moved away from them.
	Take bool
}

// NoSlugError is that a name has nothing to make an address of. It is
// press.ErrInvalid.
type NoSlugError struct{ Name string }

func (e *NoSlugError) Error() string {
	return fmt.Sprintf("%q has no Latin letters to make an address of", e.Name)
}

func (e *NoSlugError) Unwrap() error { return press.ErrInvalid }

// AddSections makes what is missing of a path of sections, named from the top down.
// What is there already, by a name in whichever language, stays as it is; if it is the
// last one and has another slug than the one asked for, that is press.ErrConflict.
// An address from which another section has moved is press.ErrConflict, too, unless it
// is taken; a name without Latin letters and without a slug is a [*NoSlugError].
func (d Desk) AddSections(ctx context.Context, names []string, n NewSections) (a Added, err error) {
	if len(names) == 0 {
		return a, fmt.Errorf("%w path: it names no section: write one like \"The Ministry > The Minister\"", press.ErrInvalid)
	}
	n.Language = cmp.Or(n.Language, d.Language)
	if err := d.checkLanguage(n.Language); err != nil {
		return a, err
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		a = Added{}
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		for i, name := range names {
			own := n
			if i < len(names)-1 {
				own.Slug = ""
			}
			name = richtext.CleanText(name)
			s, ok := childAlike(tree, a.Section.ID, name)
			switch {
			case !ok:
				if err := checkSiblings(tree, a.Section.ID, 0, name); err != nil {
					return err
				}
				if s, err = addSection(tx, tree, a.Section, name, own); err != nil {
					return err
				}
				if err := d.Note(tx, "section added", string(s.Path), nil); err != nil {
					return err
				}
				a.Made = append(a.Made, s)
			case own.Slug != "" && s.Slug != own.Slug:
				return fmt.Errorf("%w: the section %q is there already, at %s: file in that one, or take another name", press.ErrConflict, name, s.Path)
			}
			a.Section = s
			if by, closed := tree.ClosedBy(s.ID); closed {
				a.ClosedBy = by
			}
		}
		return nil
	})
	if err == nil {
		for _, s := range a.Made {
			d.log(ctx, "section added", "section", s.Path)
		}
	}
	return a, err
}

func addSection(tx *storage.Tx, tree press.Tree, parent press.Section, name string, n NewSections) (press.Section, error) {
	if err := checkName(name); err != nil {
		return press.Section{}, err
	}
	if n.Slug == "" {
		n.Slug = press.Slug(name)
	}
	if n.Slug == "" {
		return press.Section{}, &NoSlugError{Name: name}
	}
	if err := checkAddress(tree, parent.ID, 0, n.Slug); err != nil {
		return press.Section{}, err
	}
	if n.Take {
		if err := tx.GiveUp(parent.Path.Child(n.Slug)); err != nil {
			return press.Section{}, err
		}
	}
	return tx.AddSection(parent.ID, n.Slug, n.Language, name)
}

// NameSection names a section in a language; empty is the desk's. As in all methods
// that change a section, path is one of slugs, also one that the section had in the
// past, or of names in any language; an unknown one is press.ErrNotFound.
func (d Desk) NameSection(ctx context.Context, path string, lang press.Language, name string) (Changed, error) {
	return d.changeSection(ctx, "section named", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		lang, name := cmp.Or(lang, d.Language), richtext.CleanText(name)
		err := d.checkLanguage(lang)
		if err == nil {
			err = checkName(name)
		}
		if err == nil {
			err = checkSiblings(tree, s.Parent, s.ID, name)
		}
		if err == nil {
			_, err = tx.NameSection(s.ID, lang, name)
		}
		return err
	})
}

// CloseSection ends a section and all below it: nothing can be filed there any more,
// and its readers are told to read on in the sections that paths lead to, or in the one
// above. Its articles and addresses stay.
func (d Desk) CloseSection(ctx context.Context, path string, instead ...string) (Changed, error) {
	waiting := 0
	c, err := d.changeSection(ctx, "section closed", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		var ids []press.SectionID
		for _, other := range instead {
			i, err := tree.Resolve(other)
			if err != nil {
				return fmt.Errorf("instead: %w", err)
			}
			ids = append(ids, i.ID)
		}
		if by, closed := tree.ClosedBy(s.ID); closed {
			return fmt.Errorf("%w: the section %s has been closed since %s already: reopen %s first to close it otherwise", press.ErrConflict, s.Path, by.Closed.In(d.Zone).Format(time.DateOnly), by.Path)
		}
		if _, err := tx.CloseSection(s.ID, ids); err != nil {
			return err
		}
		var err error
		waiting, err = waitingBelow(tx, tree, s.ID)
		return err
	})
	c.Waiting = waiting
	return c, err
}

// waitingBelow counts the manuscripts of new articles in a section and all below it, up to a
// thousand.
func waitingBelow(tx *storage.Tx, tree press.Tree, id press.SectionID) (n int, err error) {
	l := manuscripts.Listing{States: manuscripts.OpenStates()}
	tree.Walk(func(s press.Section, _ int) {
		if slices.ContainsFunc(tree.Trail(s.ID), func(above press.Section) bool { return above.ID == id }) {
			l.Sections = append(l.Sections, s.ID)
		}
	})
	all, err := tx.Manuscripts(l, manuscripts.Place{}, 1000)
	for _, m := range all {
		if m.Kind == manuscripts.NewArticle {
			n++
		}
	}
	return n, err
}

// ReopenSection undoes [Desk.CloseSection]. A section that was not closed itself is
// press.ErrConflict; one below a section that is closed stays closed with that, which
// ClosedBy of the tree returned tells.
func (d Desk) ReopenSection(ctx context.Context, path string) (Changed, error) {
	return d.changeSection(ctx, "section reopened", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		by, closed := tree.ClosedBy(s.ID)
		switch {
		case !closed:
			return fmt.Errorf("%w: the section %s is open already: there is nothing to reopen", press.ErrConflict, s.Path)
		case s.Closed.IsZero():
			return fmt.Errorf("%w: %s is closed because %s is: reopen that one", press.ErrConflict, s.Path, by.Path)
		}
		_, err := tx.ReopenSection(s.ID)
		return err
	})
}

// RemoveSection forgets a section in which nothing was ever filed, and whose address
// nobody needs; of any other that is press.ErrConflict, which says what is in the way.
func (d Desk) RemoveSection(ctx context.Context, path string) (Changed, error) {
	return d.changeSection(ctx, "section removed", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		for _, a := range d.Announcers {
			if found, err := a.find(tx, tree); err == nil && found.ID == s.ID {
				return fmt.Errorf("%w: the configuration has @%s announce %s: mend it first", press.ErrConflict, a.Actor, s.Path)
			}
		}
		_, err := tx.RemoveSection(s.ID)
		return err
	})
}

// changeSection changes the section that a path leads to, and returns it as it is
// then.
func (d Desk) changeSection(ctx context.Context, did, path string, change func(*storage.Tx, press.Tree, press.Section) error) (c Changed, err error) {
	err = d.update(ctx, func(tx *storage.Tx) error {
		if c.Tree, err = tx.Tree(); err != nil {
			return err
		}
		if c.Section, _, err = findSection(c.Tree, path); err != nil {
			return err
		}
		c.Before = c.Section.Path
		if err := d.rememberWhatFits(tx, c.Tree); err != nil {
			return err
		}
		if err := change(tx, c.Tree, c.Section); err != nil {
			return err
		}
		if c.Tree, err = tx.Tree(); err != nil {
			return err
		}
		if now, ok := c.Tree.Section(c.Section.ID); ok {
			c.Section = now
		}
		if err := d.Note(tx, did, string(c.Section.Path), map[string]string{"before": string(c.Before)}); err != nil {
			return err
		}
		c.Warnings, err = d.misnamed(tx, c.Tree)
		return err
	})
	if err == nil {
		d.log(ctx, did, "section", c.Section.Path, "before", c.Before)
	}
	return c, err
}

// findSection finds the section that a text calls as one is called now, or was in the past.
func findSection(tree press.Tree, text string) (s press.Section, former bool, err error) {
	s, err = tree.Resolve(text)
	if err == nil {
		return s, !calls(tree, s, text), nil
	}
	if s, ok := tree.FormerlyNamed(press.SplitNames(text)); ok {
		return s, true, nil
	}
	return s, false, err
}

// checkName refuses a name that a path could not be read with.
func checkName(name string) error {
	switch {
	case wording.Alike(name) == "":
		return fmt.Errorf("%w name: there is nothing in it that readers see: write one with letters or figures", press.ErrInvalid)
	case strings.ContainsAny(name, "/\uff0f\u2215\u2044"):
		return fmt.Errorf("%w name: %q has a slash, which only addresses have: name a section in another one as in \"Press > News\"", press.ErrInvalid, name)
	case strings.Contains(name, ">"):
		return fmt.Errorf("%w name: %q has a \">\", which stands between the names of a path: leave it out, or name one section after the other", press.ErrInvalid, name)
	}
	if word, letter, alphabet := mixed(name); word != "" {
		return fmt.Errorf("%w name: the word %q mixes alphabets: %q (U+%04X) in it is %s, and may look like a Latin letter: write the word in one alphabet", press.ErrInvalid, word, string(letter), letter, alphabet)
	}
	return nil
}

// mixed finds a word with Latin letters and one of an alphabet that has letters which look
// like them: two sections would have names that nobody can tell apart.
func mixed(name string) (word string, letter rune, alphabet string) {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if !strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			continue
		}
		for _, r := range word {
			switch {
			case unicode.Is(unicode.Greek, r):
				return word, r, "Greek"
			case unicode.Is(unicode.Cyrillic, r):
				return word, r, "Cyrillic"
			}
		}
	}
	return "", 0, ""
}

// childAlike finds the child of a section whose name in any language reads as a name
// does.
func childAlike(tree press.Tree, parent press.SectionID, name string) (press.Section, bool) {
	alike := wording.Alike(name)
	for _, c := range tree.Children(parent) {
		for _, n := range c.Names {
			if wording.Alike(n) == alike {
				return c, true
			}
		}
	}
	return press.Section{}, false
}

// checkSiblings refuses a name that another section in the same place has, in
// whichever language, or that reads or looks like it: a path must lead to one section, and
// people must see to which. A name that is the address of another one would lead there.
func checkSiblings(tree press.Tree, parent, id press.SectionID, name string) error {
	alike, looks := wording.Alike(name), wording.Skeleton(name)
	for _, c := range tree.Children(parent) {
		if c.ID == id {
			continue
		}
		for lang, n := range c.Names {
			if wording.Skeleton(n) == looks && wording.Alike(n) != alike {
				return fmt.Errorf("%w: %q looks like %q, as the section %s is called in %s, and nobody could tell them apart: take another name, or %[3]q as it is there to mean that one", press.ErrConflict, name, n, c.Path, lang)
			}
			if wording.Alike(n) == alike {
				return fmt.Errorf("%w: the section %s is called %q in %s already, and sections in one place have different names: take another", press.ErrConflict, c.Path, n, lang)
			}
		}
		if c.Slug == strings.TrimSpace(name) {
			return fmt.Errorf("%w: %q is the address of the section %s, to which it would lead, and sections in one place have different names: take another", press.ErrConflict, name, c.Path)
		}
	}
	return nil
}

// checkAddress refuses a slug that is the name of another section in the same place.
func checkAddress(tree press.Tree, parent, id press.SectionID, slug string) error {
	for _, c := range tree.Children(parent) {
		for lang, n := range c.Names {
			if c.ID != id && n == slug {
				return fmt.Errorf("%w: %q is the name of the section %s in %s: take another address", press.ErrConflict, slug, c.Path, lang)
			}
		}
	}
	return nil
}
