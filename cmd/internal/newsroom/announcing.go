package newsroom

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// Announcing is an actor beside the ministry's that announces a section, which the
// configuration calls as Section says.
type Announcing struct{ Actor, Section string }

// Announced is the section that an actor announces.
type Announced struct {
	Announcing
	ID press.SectionID
	// Warning is why the configuration should be mended; empty if it fits.
	Warning string
}

// factAnnounced, with an actor's name behind it, holds the section's id and what the
// configuration called it, so that the section is known again when it is renamed or
// moved, and is not taken for another that has its name since.
const factAnnounced = "announced_by:"

// Announced finds the sections of the configuration. What it called a section once
// means that section for as long as it says the same, wherever the section is now; a
// path that never led to one is an error, which names the actor.
func (d Desk) Announced(tx *storage.Tx) ([]Announced, error) {
	tree, err := tx.Tree()
	if err != nil {
		return nil, err
	}
	var all []Announced
	for _, a := range d.Announcers {
		announced, err := a.find(tx, tree)
		if err != nil {
			return nil, err
		}
		all = append(all, announced)
	}
	return all, nil
}

// NotAnnouncedError is that an actor's section is none.
type NotAnnouncedError struct {
	Actor string
	Err   error
}

func (e *NotAnnouncedError) Error() string { return "of @" + e.Actor + ": " + e.Err.Error() }
func (e *NotAnnouncedError) Unwrap() error { return e.Err }

func (a Announcing) find(tx *storage.Tx, tree press.Tree) (Announced, error) {
	known, err := a.remembered(tx, tree)
	if err != nil {
		return Announced{}, err
	}
	now, missing := tree.Resolve(a.Section)
	switch {
	case known.ID == press.Root && missing != nil:
		return Announced{}, &NotAnnouncedError{a.Actor, missing}
	case known.ID == press.Root:
		known = now
	}
	found := Announced{Announcing: a, ID: known.ID}
	_, former := tree.Former(press.Path(strings.Trim(a.Section, "/ ")))
	closed, isClosed := tree.ClosedBy(known.ID)
	switch {
	case isClosed:
		found.Warning = fmt.Sprintf("actor @%s: the section that it announces, %s, has been closed since %s: it announces nothing new; write another section, or communique section reopen %s",
			a.Actor, known.Path, closed.Closed.Format(time.DateOnly), closed.Path)
	case missing != nil || former && now.ID == known.ID && !calls(tree, known, a.Section):
		found.Warning = fmt.Sprintf("actor @%s: the section that the configuration calls %q is now %s: write section: %q", a.Actor, a.Section, known.Path, known.Path)
	case now.ID != known.ID:
		found.Warning = fmt.Sprintf("actor @%s: the section that the configuration calls %q is now %s, and it is announced; if the present %s is meant, write section: %q", a.Actor, a.Section, known.Path, now.Path, now.Path)
	}
	return found, nil
}

// calls tells whether a text is what a section is called now.
func calls(tree press.Tree, s press.Section, text string) bool {
	if press.Path(strings.Trim(text, "/ ")) == s.Path {
		return true
	}
	named, ok := tree.ByNames(press.SplitNames(text))
	return ok && named.ID == s.ID
}

// remembered is the section that was announced under the same words before, or the
// zero section.
func (a Announcing) remembered(tx *storage.Tx, tree press.Tree) (press.Section, error) {
	fact, err := tx.Fact(factAnnounced + a.Actor)
	if errors.Is(err, press.ErrNotFound) {
		return a.before(tx, tree)
	}
	if err != nil {
		return press.Section{}, err
	}
	number, words, _ := strings.Cut(fact, " ")
	if words != a.Section {
		return press.Section{}, nil
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return press.Section{}, fmt.Errorf("read what @%s announces: %w", a.Actor, err)
	}
	s, _ := tree.Section(press.SectionID(id))
	return s, nil
}

// before is what an actor announced under a program that kept no words: they mean the
// same if they lead nowhere else.
func (a Announcing) before(tx *storage.Tx, tree press.Tree) (press.Section, error) {
	source, err := tx.Source(publog.ActorSource(a.Actor))
	if errors.Is(err, press.ErrNotFound) {
		return press.Section{}, nil
	}
	if err != nil {
		return press.Section{}, err
	}
	if _, err := tree.Resolve(a.Section); err == nil {
		return press.Section{}, nil
	}
	s, _ := tree.Section(source.Section)
	return s, nil
}

// RememberAnnounced writes down which sections are announced, and returns them.
func (d Desk) RememberAnnounced(tx *storage.Tx) ([]Announced, error) {
	all, err := d.Announced(tx)
	for _, a := range all {
		if err == nil {
			err = a.remember(tx)
		}
	}
	return all, err
}

func (a Announced) remember(tx *storage.Tx) error {
	return tx.SetFact(factAnnounced+a.Actor, fmt.Sprintf("%d %s", a.ID, a.Section))
}

// fitting are the sections of the configuration that can be found.
func (d Desk) fitting(tx *storage.Tx, tree press.Tree) (all []Announced, err error) {
	for _, a := range d.Announcers {
		found, err := a.find(tx, tree)
		if _, missing := errors.AsType[*NotAnnouncedError](err); missing {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, nil
}

// NotAnnounced are the actors whose sections cannot be found: the server does not start
// with them.
func (d Desk) NotAnnounced(ctx context.Context) (all []*NotAnnouncedError, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		for _, a := range d.Announcers {
			_, err := a.find(tx, tree)
			if missing, ok := errors.AsType[*NotAnnouncedError](err); ok {
				all = append(all, missing)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// rememberWhatFits writes down the sections that can be found, before one of them is
// changed: the server may not have been started since the configuration named it.
func (d Desk) rememberWhatFits(tx *storage.Tx, tree press.Tree) error {
	all, err := d.fitting(tx, tree)
	for _, a := range all {
		if err == nil {
			err = a.remember(tx)
		}
	}
	return err
}

// misnamed are the warnings of actors whose sections are found under other names.
func (d Desk) misnamed(tx *storage.Tx, tree press.Tree) (all []string, err error) {
	fitting, err := d.fitting(tx, tree)
	for _, a := range fitting {
		if a.Warning != "" {
			all = append(all, a.Warning)
		}
	}
	return all, err
}

// Misnamed are warnings of what the configuration calls sections that are called
// otherwise now.
func (d Desk) Misnamed(ctx context.Context) (all []string, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		all, err = d.misnamed(tx, tree)
		return err
	})
	return all, err
}
