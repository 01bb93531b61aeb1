package newsroom

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// Desk is where an author works. The zero value of every field but Author and Log
// is of no use.
type Desk struct {
	// Store holds the articles; its clock is the desk's.
	Store *storage.Store
	// Site makes the addresses of pictures and reads those of articles.
	Site press.Site
	// Zone is the zone of dates that are written without one.
	Zone *time.Location
	// Language is that of documents and names that do not tell theirs.
	Language press.Language
	// Languages are those that the site has pages in.
	Languages []press.Language
	// Kinds are the kinds of articles that the site has; nil is the usual ones.
	Kinds []press.ArticleKind
	// MaxFile is how large a file beside an article may be, in bytes.
	MaxFile int64
	// Mirror is the tree of the site that pages are imported from, nil if there is none.
	Mirror *Mirror
	// Saved are the files beside pages that were saved from anywhere, nil if there are none.
	Saved *Saved
	// Actor is the name of the ministry's actor, on whose profile articles are pinned.
	Actor string
	// Announcers are the further actors that announce sections.
	Announcers []Announcing
	// Duty is who is told of what must not come to pass in silence.
	Duty Duty
	// Author is who acts here.
	Author Author
	// Person is the one of the people of the desk who acts here; nobody where there are none.
	Person people.Person
	// Log is told what was done, and by whom; nil is told nothing.
	Log *slog.Logger
	// Journal is told before and after it is done; nil is told nothing.
	Journal Journal

	sitting  *sitting // nil if every act is a transaction of its own
	releases bool     // what is done here was approved, or needs nobody to approve it
	writers  string   // who wrote what is released here, by their logins
	alone    string   // why it goes out without a second person; see [Desk.ByAlone]
	machine  string   // why roles are given without one; see [Desk.OnMachine]
	bare     bool     // pictures of documents may have no description: they are those of a page of others
}

// Author is who acts.
type Author struct {
	Name string // as they are known where they come from: a login
	Via  Via
	// Network is from where, as far as that is kept; empty on the machine of the site.
	Network string
}

// Via is the way by which an author comes.
type Via string

// CommandLine is a terminal on the machine of the site.
const CommandLine Via = "command line"

// Result is an article as it is after something was done to it.
type Result struct {
	Article press.Article
	// Before is the article as it was, if it was corrected.
	Before press.Article
	// Siblings are the others of its set, if what was done is of consequence to them.
	Siblings []Sibling
	// Hidden is what a correction took out of what the public can read.
	Hidden Hidden
	// Entry is the line of the log that made it public; zero if there is none,
	// because the article is under embargo, or was when it was withdrawn.
	Entry press.Entry
	// Repeated is set if nothing was published, for the key had been used for this very
	// article; or if it was withdrawn before, and others of its set are now.
	Repeated bool
	// Notes tell the editor what was lost on the way: words, links, frames and
	// pictures that a text cannot have.
	Notes []Note
}

// NewWording tells whether an article says something else than before it was corrected,
// and is not only in another place or set.
func (r Result) NewWording() bool {
	text := func(a press.Article) string {
		return press.Draft{Language: a.Language, Title: a.Title, Lead: a.Lead, Body: a.Body, Images: a.Images, Tags: a.Tags, Particulars: a.Particulars}.Digest()
	}
	return text(r.Before) != text(r.Article)
}

// sitting is a transaction of several acts.
type sitting struct {
	tx    *storage.Tx
	after []func() // what follows once it is done
}

// Together does several acts, on the desk that they are handed, in one transaction:
// all of them or, if acts returns an error, none.
func (d Desk) Together(ctx context.Context, acts func(Desk) error) error {
	if d.sitting != nil {
		return acts(d) // as a part of those that are under way
	}
	d.sitting = &sitting{}
	err := d.Store.Update(ctx, d.journaled(func(tx *storage.Tx) error {
		*d.sitting = sitting{tx: tx}
		return acts(d)
	}))
	if !errors.Is(err, errRehearsed) {
		d.settle(ctx)
	}
	if err == nil {
		for _, do := range d.sitting.after {
			do()
		}
	}
	return err
}

// errRehearsed ends the transaction of a rehearsal.
var errRehearsed = errors.New("rehearsed")

// Rehearse is a dry run: it does acts as [Desk.Together] does, goes all the way, so
// that what they return is what they would, and leaves nothing. Days begin in it as they
// do in the zone of the desk. The article that [Desk.File] or [Desk.Correct] returns in it
// is a preview.
func (d Desk) Rehearse(ctx context.Context, acts func(Desk) error) error {
	return d.rehearse(ctx, func(tx *storage.Tx) error {
		_, err := tx.DateIn(d.Zone)
		return err
	}, acts)
}

func (d Desk) rehearse(ctx context.Context, before func(*storage.Tx) error, acts func(Desk) error) error {
	if d.sitting != nil {
		return errors.New("a rehearsal would be a part of what is done")
	}
	d.releases = true // nothing of it goes out
	err := d.Together(ctx, func(d Desk) error {
		if err := d.update(ctx, before); err != nil {
			return err
		}
		if err := acts(d); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// update runs an act in a transaction.
func (d Desk) update(ctx context.Context, act func(*storage.Tx) error) error {
	if d.sitting != nil {
		return act(d.sitting.tx)
	}
	err := d.Store.Update(ctx, d.journaled(act))
	d.settle(ctx)
	return err
}

// view reads in a transaction.
func (d Desk) view(ctx context.Context, read func(*storage.Tx) error) error {
	if d.sitting != nil {
		return read(d.sitting.tx)
	}
	return d.Store.View(ctx, read)
}

// EmbargoesHeld is why no embargo ends, or nothing.
func (d Desk) EmbargoesHeld(ctx context.Context) (reason string, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		reason, err = tx.ClockHeld()
		return err
	})
	return reason, err
}

// log tells what was done. attrs are pairs, as of [slog.Logger.Info].
func (d Desk) log(ctx context.Context, did string, attrs ...any) {
	d.tell(ctx, slog.LevelInfo, did, attrs)
}

// alarm tells of what somebody has to look at.
func (d Desk) alarm(ctx context.Context, what string, attrs ...any) {
	d.tell(ctx, slog.LevelWarn, what, attrs)
}

func (d Desk) tell(ctx context.Context, level slog.Level, what string, attrs []any) {
	if d.Log == nil {
		return
	}
	d.afterwards(func() {
		d.Log.Log(ctx, level, what, append(attrs, "author", d.Author.Name, "via", d.Author.Via)...)
	})
}

// afterwards does something when what was done is committed.
func (d Desk) afterwards(do func()) {
	if d.sitting != nil {
		d.sitting.after = append(d.sitting.after, do)
		return
	}
	do()
}
