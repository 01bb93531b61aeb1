package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// LanguageSet is a text and its translations that are written together, and go out all or none,
// or the original first and the rest as they are approved: the set says which of itself.
type LanguageSet struct {
	// ID is the manuscript of the original.
	ID       string
	Together bool
	// Members are those that the desk's person may read, the original before the others.
	Members []Member
	// Others is how many there are that they may not read.
	Others int
	// MayRule tells whether they may say how the set goes out: they edit all that is in it.
	MayRule bool
	// Public is set once the original was released: how the rest goes out is settled then.
	Public bool
}

// Member is a language of a set, with what it lacks.
type Member struct {
	manuscripts.Manuscript
	// Lacks is why it cannot go out as it is, and Stale that it was approved as something else
	// than would go out now.
	Lacks error
	Stale bool
	// Written is when its newest revision was.
	Written time.Time
	// Behind is set of a translation that was last written before the original was.
	Behind bool
}

// ErrRule is that somebody may not change a set of languages, because something in it is not
// theirs to edit. It is [ErrMayNot].
var ErrRule = fmt.Errorf("%w: a set of languages", ErrMayNot)

// LanguageSet reads the set of languages to which a manuscript belongs, with what each lacks;
// nothing is in it if the manuscript belongs to none.
func (d Desk) LanguageSet(ctx context.Context, id string) (s LanguageSet, err error) {
	var all []manuscripts.Manuscript
	var readable []bool
	err = d.view(ctx, func(tx *storage.Tx) error {
		m, err := d.readable(tx, id)
		if err != nil {
			return err
		}
		if all, err = tx.LanguageSet(m.Set); err != nil {
			return err
		}
		readable = nil
		for _, each := range all {
			reads, err := d.reads(tx, each)
			if err != nil {
				return err
			}
			readable = append(readable, reads)
		}
		s.MayRule, err = granted(d.mayRule(tx, all))
		return err
	})
	if err != nil || len(all) == 0 {
		return LanguageSet{}, err
	}
	s.ID, s.Together, s.Public = all[0].Set, all[0].Together, all[0].State == manuscripts.Released
	s.MayRule = s.MayRule && !s.Public && all[0].State.Open()
	for i, m := range all {
		if !readable[i] {
			s.Others++
			continue
		}
		one, err := d.member(ctx, m)
		if err != nil {
			return s, err
		}
		s.Members = append(s.Members, one)
	}
	return s.compared(), nil
}

// member looks at one language of a set.
func (d Desk) member(ctx context.Context, m manuscripts.Manuscript) (one Member, err error) {
	one.Manuscript = m
	if m.State == manuscripts.Cancelled {
		return one, nil
	}
	look, err := d.Look(ctx, m.ID)
	one.Manuscript, one.Lacks, one.Stale, one.Written = look.Manuscript, look.Lacks, look.Stale(), look.Revision.At
	return one, err
}

// compared marks the translations that were written before the original was last.
func (s LanguageSet) compared() LanguageSet {
	for i, m := range s.Members {
		original := s.Members[0] // if they may read it
		s.Members[i].Behind = original.ID == s.ID && m.ID != s.ID && m.State.Open() && m.Written.Before(original.Written)
	}
	return s
}

// mayRule tells whether the desk's person may say how a set goes out: they edit all of it.
func (d Desk) mayRule(tx *storage.Tx, set []manuscripts.Manuscript) error {
	for _, m := range set {
		if m.State == manuscripts.Cancelled {
			continue // nothing is left of it, and nobody is to be asked
		}
		reads, err := d.reads(tx, m)
		if err == nil && reads {
			reads, err = granted(d.may(tx, m, people.Editor))
		}
		if err != nil {
			return err
		}
		if !reads {
			return fmt.Errorf("%w: it takes an editor of all its languages", ErrRule)
		}
	}
	return nil
}

// BeginTranslation begins a manuscript in another language of one that was begun already, with
// its text, pictures and files, in one set with it. Where the set goes out all or none it takes
// an editor of all of its languages, for it waits for this one from then on.
func (d Desk) BeginTranslation(ctx context.Context, id string, language press.Language) (m manuscripts.Manuscript, err error) {
	var original manuscripts.Manuscript
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if original, err = d.originalOf(tx, id); err != nil || !original.State.Open() {
			return err
		}
		m, err = d.beginTranslation(tx, original, language)
		return err
	})
	if err == nil && original.State == manuscripts.Released {
		return d.TranslateArticle(ctx, original.Article, language)
	}
	return m, err
}

// originalOf is the original of the set of a manuscript, or the manuscript itself.
func (d Desk) originalOf(tx *storage.Tx, id string) (manuscripts.Manuscript, error) {
	m, err := d.readable(tx, id)
	if err == nil && m.Set != "" && m.Set != m.ID {
		m, err = d.readable(tx, m.Set)
	}
	if err == nil && (m.Kind != manuscripts.NewArticle || m.State == manuscripts.Cancelled) {
		err = fmt.Errorf("%w: manuscript %s is no new article: add the language to the article that it changes", press.ErrConflict, m.ID)
	}
	return m, err
}

func (d Desk) beginTranslation(tx *storage.Tx, original manuscripts.Manuscript, language press.Language) (m manuscripts.Manuscript, err error) {
	set, err := tx.LanguageSet(original.Set)
	if err != nil {
		return m, err
	}
	if len(set) == 0 {
		set = []manuscripts.Manuscript{original}
	}
	if err := d.checkFree(set, language); err != nil {
		return m, err
	}
	for _, gone := range set {
		if gone.State == manuscripts.Cancelled && gone.Language == language {
			if err := tx.LeaveLanguageSet(gone.ID); err != nil { // this one takes its place
				return m, err
			}
		}
	}
	if original.Together {
		if err := d.mayRule(tx, set); err != nil {
			return m, err
		}
	}
	rev, err := tx.RevisionOf(original.ID, original.Revision)
	if err != nil {
		return m, err
	}
	text, err := inLanguage(rev.Document, language, "")
	if err != nil {
		return m, err
	}
	m = manuscripts.Manuscript{Kind: manuscripts.NewArticle, By: d.Person.ID, Named: original.Named, Set: original.ID, Together: original.Together}
	if err := tx.BeginLanguageSet(original.ID); err != nil {
		return m, err
	}
	if m, err = d.addTranslation(tx, m, text); err != nil {
		return m, err
	}
	files, err := tx.FilesOf(original.ID)
	for _, f := range files {
		var content []byte
		if err == nil {
			content, err = tx.FileOf(original.ID, f.Name)
		}
		if err == nil {
			err = tx.PutFile(m.ID, f.Name, content)
		}
	}
	return m, err
}

// inLanguage is a document to be translated: with the text that it has, in another language, as
// a translation of an article if that is named, and without the date.
func inLanguage(document []byte, language press.Language, of press.ArticleID) ([]byte, error) {
	c, err := ReadComposition(document)
	if err != nil {
		return nil, fmt.Errorf("%w: the original has something that the form has no place for: hand in a file", press.ErrConflict)
	}
	c.Language, c.Published, c.Article, c.Revision = string(language), "", "", ""
	if of != "" {
		c.TranslationOf = string(of)
	}
	return c.Document(), nil
}

// TranslateArticle begins a manuscript in another language of an article that is there, with its
// text, pictures and files.
func (d Desk) TranslateArticle(ctx context.Context, id press.ArticleID, language press.Language) (m manuscripts.Manuscript, err error) {
	kept, err := d.Kept(ctx, id)
	if err != nil {
		return m, err
	}
	err = d.Together(ctx, func(d Desk) error {
		return d.noted(ctx, func(tx *storage.Tx) error {
			if err := d.checkUntranslated(tx, id, language); err != nil {
				return err
			}
			document, err := d.markdown(tx, id)
			if err != nil {
				return err
			}
			text, err := inLanguage(document, language, id)
			if err != nil {
				return err
			}
			if m, err = d.addTranslation(tx, manuscripts.Manuscript{Kind: manuscripts.NewArticle, By: d.Person.ID}, text); err != nil {
				return err
			}
			for _, f := range d.readBeside(text, kept) {
				if err := tx.PutFile(m.ID, f.Name, f.Content); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return m, err
}

// checkUntranslated refuses to translate what the desk's person may not read, and what is there
// in a language, or being written.
func (d Desk) checkUntranslated(tx *storage.Tx, id press.ArticleID, language press.Language) error {
	a, err := d.readableArticle(tx, id)
	if err != nil {
		return err
	}
	written, there, err := translating(tx, a)
	if err != nil {
		return err
	}
	if slices.Contains(there, language) {
		return fmt.Errorf("%w: it is there in %s already: correct that one", press.ErrConflict, language)
	}
	return d.checkFree(written, language)
}

// WrittenTranslations are the manuscripts in which the set of an article is written in other languages,
// of those that the desk's person may read, and the languages in which it is there already, or
// being written.
func (d Desk) WrittenTranslations(ctx context.Context, a press.Article) (written []manuscripts.Manuscript, there []press.Language, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		var all []manuscripts.Manuscript
		if all, there, err = translating(tx, a); err != nil {
			return err
		}
		written = nil
		for _, m := range all {
			reads, err := d.reads(tx, m)
			if err != nil {
				return err
			}
			if reads {
				written, there = append(written, m), append(there, m.Language)
			}
		}
		return nil
	})
	return written, there, err
}

func translating(tx *storage.Tx, a press.Article) (written []manuscripts.Manuscript, there []press.Language, err error) {
	set, err := tx.Set(a.Group)
	if err != nil {
		return nil, nil, err
	}
	ids := []press.ArticleID{a.ID}
	for _, other := range set {
		ids, there = append(ids, other.ID), append(there, other.Language)
	}
	written, err = tx.TranslationsOf(ids)
	return written, there, err
}

// checkFree refuses a language that a set has already, or the site has not.
func (d Desk) checkFree(set []manuscripts.Manuscript, language press.Language) error {
	if !slices.Contains(d.Languages, language) {
		return fmt.Errorf("%w language: the site has no pages in %q", press.ErrInvalid, language)
	}
	for _, m := range set {
		if m.Language == language && m.State != manuscripts.Cancelled {
			return fmt.Errorf("%w: it is there, or being written, in %s already: go on with that one", press.ErrConflict, language)
		}
	}
	return nil
}

// addTranslation adds a manuscript that is to be translated.
func (d Desk) addTranslation(tx *storage.Tx, m manuscripts.Manuscript, text []byte) (manuscripts.Manuscript, error) {
	written, err := d.describe(tx, &m, text, manuscripts.How{})
	if err != nil {
		return m, err
	}
	if err := d.mayBegin(tx, m); err != nil {
		return m, err
	}
	if m, err = tx.AddManuscript(m, written); err != nil {
		return m, err
	}
	return m, d.noteManuscript(tx, "manuscript begun", m, map[string]string{"translates": cmp.Or(m.Set, string(m.Translates))})
}

// Rule says of the set of languages of a manuscript whether all go out or none. What was
// approved of it goes out by another rule then, and has to be approved anew. What was given up
// is no part of the set from then on.
func (d Desk) Rule(ctx context.Context, id string, together bool) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		m, err := d.readable(tx, id)
		if err != nil {
			return err
		}
		set, err := tx.LanguageSet(m.Set)
		switch {
		case err != nil:
			return err
		case len(set) == 0:
			return fmt.Errorf("%w: it is written in one language: begin another one first", press.ErrConflict)
		case !set[0].State.Open():
			return fmt.Errorf("%w: the original of the set was %s: how it goes out is settled", press.ErrConflict, set[0].State)
		}
		if err := d.mayRule(tx, set); err != nil {
			return err
		}
		if err := tx.SetTogether(m.Set, together); err != nil {
			return err
		}
		for _, each := range set {
			switch each.State {
			case manuscripts.Cancelled:
				err = tx.LeaveLanguageSet(each.ID)
			case manuscripts.Ready:
				err = d.approveAnew(tx, each)
			}
			if err != nil {
				return err
			}
		}
		return d.noteManuscript(tx, "said how a set of languages goes out", set[0], map[string]string{"together": fmt.Sprint(together)})
	})
}

// approveAnew has what was approved wait for an approval again.
func (d Desk) approveAnew(tx *storage.Tx, m manuscripts.Manuscript) error {
	m, err := tx.SetManuscriptState(m.ID, m.Revision, manuscripts.InReview)
	if err != nil {
		return err
	}
	return d.noteManuscript(tx, "manuscript to be approved anew", m, nil)
}

// dissolve takes the manuscripts that are open out of a set of which the original is gone: each
// is looked at anew, as a text of its own.
func (d Desk) dissolve(tx *storage.Tx, set string) error {
	all, err := tx.LanguageSet(set)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !m.State.Open() || m.ID == set {
			continue
		}
		if m.State == manuscripts.Ready {
			if err := d.approveAnew(tx, m); err != nil {
				return err
			}
		}
		if err := tx.LeaveLanguageSet(m.ID); err != nil {
			return err
		}
		if err := d.reinherit(tx, m.ID); err != nil {
			return err
		}
		if err := tx.AddRemark(m.ID, manuscripts.Remark{By: d.Person.ID, Text: "The original was given up, or taken back: this is a text of its own now."}); err != nil {
			return err
		}
	}
	return nil
}

// ByApproval tells what becomes of the set of a manuscript if that is approved now: in which
// languages it goes out by that, and for which it waits if it does not.
func (d Desk) ByApproval(ctx context.Context, m manuscripts.Manuscript) (goes, waits []press.Language, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		goes, waits = nil, nil
		set, err := tx.LanguageSet(m.Set)
		if err != nil || len(set) == 0 {
			return err
		}
		for i := range set {
			if set[i].ID == m.ID {
				set[i].State = manuscripts.Ready
			}
		}
		for _, ready := range readyOf(set) {
			goes = append(goes, ready.Language)
		}
		for _, other := range set {
			blocks := other.Together || other.ID == other.Set
			if len(goes) == 0 && blocks && other.State != manuscripts.Ready {
				waits = append(waits, other.Language)
			}
		}
		return nil
	})
	return goes, waits, err
}
