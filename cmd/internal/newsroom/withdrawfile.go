package newsroom

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// WithdrawnFile is a picture or file that was taken out of all that shows it.
type WithdrawnFile struct {
	newsdesk.WithdrawnMedia
	// Articles are those that are public, and that servers are told about.
	Articles []press.Article
	// Drafts are those under embargo that showed it.
	Drafts []press.Article
}

// FileUses are the articles that show or have shown a picture or file, if the desk's person
// may withdraw it.
type FileUses struct {
	Hash string
	All  []newsdesk.MediaUse
}

// Public are those that are public.
func (u FileUses) Public() (all []press.Article) {
	for _, use := range u.All {
		if use.Article.State == press.Published {
			all = append(all, use.Article)
		}
	}
	return all
}

var hashAlone = lazyregexp.New(`^[0-9a-f]{32}$`)

// fileIn finds the hash of a file in its address.
var fileIn = lazyregexp.New(`/files/([0-9a-f]{32})/`)

// FileHash is the hash of a picture or file as people name it: by its address, its name or the
// hash itself; nothing if it is none of these.
func FileHash(named string) string {
	named, _, _ = strings.Cut(strings.TrimSpace(named), "?")
	if found := fileIn.FindStringSubmatch(named); found != nil {
		return found[1]
	}
	if hash := newsdesk.MediaHash("/media/" + named[strings.LastIndexByte(named, '/')+1:]); hash != "" {
		return hash
	}
	return hashAlone.FindString(named)
}

// LookAtFile tells what the withdrawal of a picture or file would be of consequence to. Who
// may not withdraw it is told so ([ErrMayNot]).
func (d Desk) LookAtFile(ctx context.Context, hash string) (u FileUses, err error) {
	u.Hash = hash
	err = d.view(ctx, func(tx *storage.Tx) error {
		if u.All, err = tx.MediaUses(hash); err != nil {
			return err
		}
		return d.mayWithdrawFile(tx, u.All)
	})
	return u, err
}

// mayWithdrawFile tells whether the desk's person may take something out of all that shows it:
// they may withdraw each of these articles.
func (d Desk) mayWithdrawFile(tx *storage.Tx, uses []newsdesk.MediaUse) error {
	there, err := tx.HasPeople()
	if err != nil || !there || d.releases {
		return err
	}
	if !d.Person.MayAnywhere(Releases()...) {
		return fmt.Errorf("%w: it takes %s", ErrMayNot, joinRoles(Releases(), " or "))
	}
	reading, err := ReadingOf(tx, d.Person)
	if err != nil {
		return err
	}
	var places []press.Article
	known := len(uses) == 0
	for _, use := range uses {
		places = append(places, use.Article)
		known = known || reading.Article(use.Article)
	}
	if !known && d.Person.ID != "" {
		return fmt.Errorf("%w: there is no such picture or file", press.ErrNotFound)
	}
	return d.mayIn(tx, places, Releases()...)
}

// WithdrawFile withdraws a picture with all its sizes, or a file: it is taken out of all
// articles and all that they have said, answered 410 if it was public, and never taken again.
// Whoever may have one of the articles gets an Update. A note, if there is one, stands in
// each where it was. It returns press.ErrNotFound if there is none with that hash.
func (d Desk) WithdrawFile(ctx context.Context, hash, note string) (w WithdrawnFile, err error) {
	note = strings.TrimSpace(note)
	known, err := d.LookAtFile(ctx, hash)
	if err != nil {
		return w, err
	}
	beside, err := contentsBeside(func(fn func(*storage.Tx) error) error { return d.view(ctx, fn) }, known.All)
	if err != nil {
		return w, err
	}
	err = d.noted(ctx, func(tx *storage.Tx) error {
		w = WithdrawnFile{}
		uses, err := tx.MediaUses(hash)
		if err != nil {
			return err
		}
		if err := d.mayWithdrawFile(tx, uses); err != nil {
			return err
		}
		if err := d.checkFileNote(tx, note, uses); err != nil {
			return err
		}
		if w.WithdrawnMedia, err = tx.WithdrawMedia(hash, note); err != nil {
			return err
		}
		if err := beside.drop(tx, w.Hash); err != nil {
			return err
		}
		return d.noteFile(tx, &w, uses)
	})
	if err != nil {
		return w, d.discreet(ctx, err) // a note is refused that says what is kept back elsewhere
	}
	d.log(ctx, "withdrew a "+string(w.Kind), "hash", w.Hash, "articles", len(w.Articles))
	for _, a := range w.Drafts {
		d.noteDraft(journal.Changed, a)
	}
	d.afterwards(func() {
		if d.Journal != nil {
			d.Journal.NoteWithdrawn(w.WithdrawnMedia)
		}
		d.scrub(ctx)
	})
	return w, nil
}

// checkFileNote refuses a note that tells readers what is kept back from them.
func (d Desk) checkFileNote(tx *storage.Tx, note string, uses []newsdesk.MediaUse) error {
	if note == "" {
		return nil
	}
	doc := Document{zone: d.Zone}
	for _, a := range (FileUses{All: uses}).Public() {
		if err := doc.checkBeside(tx, d.Site, "the note", press.Draft{Language: a.Language, Lead: note}, press.Article{}); err != nil {
			return fmt.Errorf("%w: give the note in other words", err)
		}
	}
	if err := doc.checkShortTitles(tx, d.Site, "the note", note); err != nil {
		return fmt.Errorf("%w: give the note in other words", err)
	}
	return nil
}

// noteFile notes the act, and with each article what was taken out of it.
func (d Desk) noteFile(tx *storage.Tx, w *WithdrawnFile, uses []newsdesk.MediaUse) error {
	err := d.Note(tx, "withdrew a "+string(w.Kind), w.Hash, map[string]string{
		"articles": strconv.Itoa(len(uses)), "corrected": strconv.Itoa(len(w.Entries)), "noted": answer(w.Note != ""),
	})
	for _, use := range uses {
		if err != nil {
			return err
		}
		a, failed := tx.Article(use.Article.ID)
		if failed != nil {
			return failed
		}
		switch a.State {
		case press.Embargoed:
			w.Drafts = append(w.Drafts, a)
		case press.Published:
			if a.Revision > use.Article.Revision {
				w.Articles = append(w.Articles, a)
			}
		}
		err = d.Note(tx, "a "+string(w.Kind)+" was withdrawn", string(a.ID), map[string]string{"hash": w.Hash, "state": string(a.State), "revision": strconv.Itoa(a.Revision)})
	}
	return err
}

func answer(holds bool) string {
	if holds {
		return "yes"
	}
	return "no"
}

// FileReach is a picture or file that was withdrawn, with how far that has got.
type FileReach struct {
	newsdesk.WithdrawnMedia
	Servers deliveries.Servers
}

// FilesWithdrawn are up to limit pictures and files that were withdrawn, the newest first.
func (d Desk) FilesWithdrawn(ctx context.Context, limit int) (all []FileReach, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		withdrawn, err := tx.WithdrawnMediaList(tx.Now().AddDate(1, 0, 0), limit)
		for _, w := range withdrawn {
			servers, err := tx.ServersOf(w.Entries)
			if err != nil {
				return err
			}
			all = append(all, FileReach{w, servers})
		}
		return err
	})
	return all, err
}

// takeOutAgain withdraws again what a line of a journal tells of, by which its article is
// corrected again, too. What is not here is barred from coming.
func takeOutAgain(tx *storage.Tx, l journal.Line, r *Replayed) error {
	for _, w := range l.Withdrew {
		err := withdrawReplayed(tx, w)
		var barred *newsdesk.BarredError
		switch {
		case errors.As(err, &barred):
			continue // by another line of the same act
		case errors.Is(err, press.ErrNotFound):
			err = tx.BarMedia(w.Media())
		}
		if err != nil {
			return err
		}
		r.Fate = Again
		r.Notes = append(r.Notes, fmt.Sprintf("the %s %s is withdrawn and barred from use", w.Kind, w.Hash))
	}
	a, err := tx.Article(l.Article)
	r.Article = a
	return ifFound(err)
}
