package journal

import (
	"errors"

	"communique/storage"
	"communique/storage/press"
)

// lineOf is the line of an entry, in the transaction that appends it or in a later one.
func lineOf(tx *storage.Tx, e press.Entry) (Line, error) {
	l := Line{Did: Deed(e.Kind), At: e.At, Seq: e.Seq, Article: e.Article, Revision: e.Revision, Minor: e.Minor}
	if e.Article == "" {
		return l, nil
	}
	a, err := tx.Article(e.Article)
	if err != nil {
		return l, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return l, err
	}
	section, _ := tree.Section(a.Section)
	l.Language, l.Section = a.Language, section.Path
	switch e.Kind {
	case press.KindPublished:
		l.Published = &a.Published
		if a.State == press.Published {
			first, err := tx.ArticleAt(a.ID, e.Revision)
			if err == nil {
				l.Title = first.Title
			}
			return l, ifNot(press.ErrNotFound, err)
		}
	case press.KindWithdrawn:
		l.Note, l.Published = a.Reason, &a.Published
	case press.KindCorrected:
		all, err := tx.WithdrawnMediaBy(e.Seq)
		if err != nil {
			return l, err
		}
		for _, w := range all {
			l.Withdrew = append(l.Withdrew, withdrew(w))
		}
		return l, l.corrects(tx, a)
	}
	return l, nil
}

// corrects completes the line of a correction.
func (l *Line) corrects(tx *storage.Tx, a press.Article) error {
	history, err := tx.NotedHistory(a.ID, a.Revision)
	if err != nil {
		return err
	}
	for _, r := range history {
		switch r.Number {
		case l.Revision:
			l.Note = r.Note
		case l.Revision - 1:
			l.Hides = r.Hidden
		}
	}
	if a.State != press.Published {
		return nil
	}
	said, err := tx.ArticleAt(a.ID, l.Revision)
	if errors.Is(err, press.ErrNotFound) {
		return nil // it was hidden since
	}
	if err != nil {
		return err
	}
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	section, _ := tree.Section(said.Section)
	l.Language, l.Section, l.Published = said.Language, section.Path, &said.Published
	l.Text = &Text{Title: said.Title, Lead: said.Lead, Body: said.Body, Images: said.Images, Tags: said.Tags, Particulars: said.Particulars}
	_, l.Text.Document, err = tx.FiledAt(a.ID, l.Revision)
	return ifNot(press.ErrNotFound, err)
}

// ifNot is an error, but none of a kind.
func ifNot(kind, err error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}
