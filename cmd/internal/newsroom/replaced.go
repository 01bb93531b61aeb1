package newsroom

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// What is at the root of a [*Problem] of a correction.
var (
	// ErrSame is that a document says what the article says already. It is
	// press.ErrInvalid.
	ErrSame = fmt.Errorf("%w: changes nothing", press.ErrInvalid)
	// ErrSameHeld is [ErrSame] of a draft that is held because what it translates is gone,
	// ErrSameWaits of one that is held although the original of its set is there.
	ErrSameHeld  = fmt.Errorf("%w of what is held", ErrSame)
	ErrSameWaits = fmt.Errorf("%w of what waits", ErrSame)
	// ErrAnother is that a document is another text than the article's, or one in
	// another language. It is press.ErrConflict.
	ErrAnother = fmt.Errorf("%w: another text", press.ErrConflict)
	// ErrUnexplained is that the public is not told what was corrected, or why a
	// statement was withdrawn. It is press.ErrInvalid.
	ErrUnexplained error = unexplainedError{}
)

// unexplainedError reads as a part of a sentence.
type unexplainedError struct{}

func (unexplainedError) Error() string { return "the public is told nothing" }

func (unexplainedError) Unwrap() error { return press.ErrInvalid }

// check reports whether the correction says what the public is told of it.
func (c Correction) check(before press.Article) error {
	switch {
	case c.Minor && c.Note != "":
		return fmt.Errorf("%w note: a minor correction has none: leave it out, or make a correction that is not minor", press.ErrInvalid)
	case before.State == press.Published && !c.Minor && c.Note == "":
		return fmt.Errorf("article %s is public: %w of its correction", before.ID, ErrUnexplained)
	}
	return nil
}

// checkAgainst compares what a document says with what the article says, and has said.
func (d Document) checkAgainst(tx *storage.Tx, before press.Article, draft press.Draft, c Correction) error {
	if before.State != press.Published && before.State != press.Embargoed {
		return nil // it cannot be corrected at all
	}
	fail := func(field, text string, cause error) error {
		p := d.Problem(field, text)
		p.Cause = cause
		return p
	}
	if !c.Replace {
		now := fmt.Sprintf("article %s, %s of %s", before.ID, richtext.Quoted(before.Title), day(d.when(before)))
		switch {
		case draft.Language != before.Language:
			return fail("language", fmt.Sprintf("it is %s, and the document would replace %s, which is in %s", draft.Language, now, before.Language), ErrAnother)
		case draft.Title != before.Title && mostlyOther(before, draft):
			return fail("title", fmt.Sprintf("neither the title %s nor most of the words are those of %s", richtext.Quoted(draft.Title), now), ErrAnother)
		}
	}
	same, err := says(tx, before, draft)
	if err == nil && same {
		return d.checkSame(tx, before, c)
	}
	if err != nil {
		return err
	}
	return d.checkUndone(tx, before, draft, c)
}

// checkSame refuses a correction that would do nothing to an article that says already
// what it is to say: neither hide what it said before, nor release it from its original.
func (d Document) checkSame(tx *storage.Tx, before press.Article, c Correction) error {
	if c.joins || c.Alone && before.State == press.Embargoed && (before.Held || before.ID != before.Group && !before.Inherits && !before.Alone) {
		return nil
	}
	p := d.Problem("", fmt.Sprintf("it says what article %s says already: there is nothing to correct", before.ID))
	p.Cause = ErrSame
	levels, err := d.onlyLevels(tx, before.ID)
	if err != nil {
		return err
	}
	switch {
	case levels:
		p.Text += ": the first heading of a text always stands right below the title, and the others by how far they are from it"
	case before.Held:
		original, there, err := waitsFor(tx, before)
		if err != nil {
			return err
		}
		p.Text += ", and it is held because what it translated was withdrawn or cancelled"
		p.Cause = ErrSameHeld
		if there {
			p.Text += fmt.Sprintf("; article %s, the original of its set, is there", original.ID)
			p.Cause = ErrSameWaits
		}
	case c.Alone && before.Inherits:
		p.Text += ", and to be public before what it translates it needs a date of its own"
	case c.HideEarlier && before.State == press.Published:
		history, err := tx.NotedHistory(before.ID, before.Revision)
		// The note on the newest wording is hidden as well, when that is an earlier one.
		hides := func(r press.Revision) bool { return !r.Hidden && (r.Number < before.Revision || r.Note != "") }
		if err != nil || slices.ContainsFunc(history, hides) {
			return err
		}
		p.Text += ", and nothing to hide: no earlier wording is public, and no note"
	}
	return p
}

// headingSigns begin a heading.
var headingSigns = lazyregexp.New(`(?m)^( {0,3})#{1,6}([ \t])`)

// onlyLevels tells whether a document differs from the one before in the levels of its
// headings alone.
func (d Document) onlyLevels(tx *storage.Tx, id press.ArticleID) (bool, error) {
	_, filed, err := tx.Filed(id)
	bare := func(text []byte) []byte {
		return headingSigns.ReplaceAll(ownMark.ReplaceAll(text, nil), []byte("$1#$2"))
	}
	return err == nil && !bytes.Equal(ownMark.ReplaceAll(filed, nil), ownMark.ReplaceAll(d.text, nil)) && bytes.Equal(bare(filed), bare(d.text)), err
}

// day is the day of a date that is told to people.
func day(when string) string { return when[:len(time.DateOnly)] }

// mostlyOther reports whether most words of a draft are not the article's.
func mostlyOther(before press.Article, draft press.Draft) bool {
	there := map[string]int{}
	for _, w := range spoken(before.Lead, before.Body) {
		there[w]++
	}
	words, common := spoken(draft.Lead, draft.Body), 0
	for _, w := range words {
		if there[w] > 0 {
			there[w]--
			common++
		}
	}
	return 2*common < len(words)
}

// spoken are the words of a text, without marks.
func spoken(lead string, body press.HTML) []string {
	var all []string
	for _, w := range append(wording.Words(lead), htmlWords(body)...) {
		if isWord(w) {
			all = append(all, w)
		}
	}
	return all
}

// says reports whether an article says all that a draft says, in the same place.
func says(tx *storage.Tx, a press.Article, draft press.Draft) (bool, error) {
	if original := draft.TranslationOf; original != "" && original != a.ID {
		of, err := tx.Article(original)
		if another := a.Inherits && a.Translates != "" && a.Translates != original; err != nil || of.Group != a.Group || another {
			return false, err
		}
	}
	now := press.Draft{
		Section: a.Section, Language: a.Language, Title: a.Title, Lead: a.Lead, Body: press.HTML(blocks(a.Body)),
		Images: a.Images, Tags: a.Tags, Particulars: a.Particulars, Published: a.Published, Precision: a.Precision, Local: a.Local, Silent: a.Silent,
	}
	switch {
	case draft.Published.IsZero():
		draft.Published, draft.Precision, draft.Local = a.Published, a.Precision, a.Local
	case a.Local == "" && draft.Precision != press.ToTheDay:
		draft.Local = "" // an instant, however it was written
	}
	draft.Published = draft.Published.UTC().Truncate(time.Second)
	draft.TranslationOf, draft.Body = "", press.HTML(blocks(draft.Body))
	return draft.Digest() == now.Digest(), nil
}
