package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/press"
	"communique/storage/richtext"
)

// ErrAgain is at the root of what is wrong with a document that was filed before.
var ErrAgain = fmt.Errorf("%w: filed already", press.ErrConflict)

// ErrAgainWithdrawn is [ErrAgain] where what was filed before was withdrawn, and cannot be
// corrected.
var ErrAgainWithdrawn = fmt.Errorf("%w, and withdrawn", ErrAgain)

// checkFirst refuses a document that is an article already: as it was before a correction
// with a note, or nearly, under whichever title; as it was filed; with its
// title and its text, in whichever language and whatever else differs; with the text of
// what is kept back from readers, under whichever title; or nearly with one of these, or
// with the text of one of the last days. That it goes out must be meant. Of a text that was
// public before under another title, or has one of the last days in it, it notes that.
func (d *Document) checkFirst(tx *storage.Tx, site press.Site, draft press.Draft) error {
	c, err := compare(tx, draft, press.Article{})
	if err != nil {
		return err
	}
	for _, find := range []func() ([]twin, error){
		func() ([]twin, error) { return c.replaced(tx, d) },
		func() ([]twin, error) { return filedAs(tx, draft) },
		func() ([]twin, error) { return c.keptBack(tx) },
		func() ([]twin, error) { return c.public(tx) },
		func() ([]twin, error) { return d.formerly(tx, draft) },
	} {
		if twins, err := find(); err != nil || len(twins) > 0 {
			return d.isAlready(site, twins, err)
		}
	}
	if err := d.checkSaidBeside(tx, site, draft, press.Article{}); err != nil {
		return fmt.Errorf("%s: %w", d.File, err)
	}
	same, parts, err := d.saysNearlyTheSame(tx, c)
	if err != nil || len(same) > 0 {
		return d.isAlready(site, same, err)
	}
	recent, older, err := c.elsewhere(tx)
	if err != nil || len(recent) > 0 {
		return d.isAlready(site, recent, err)
	}
	for _, t := range append(parts, older...) {
		d.Notes = append(d.Notes, Note{Line: d.lines["title"], What: d.calls(site, t) + ": correct that one if it is the same statement"})
	}
	return nil
}

// checkReplaced refuses a correction by which an article would say what is kept back from
// readers, of another article, or what a correction with a note has replaced there; not what
// it says already, which was meant.
func (d Document) checkReplaced(tx *storage.Tx, site press.Site, draft press.Draft, before press.Article) error {
	if err := d.checkSaidBeside(tx, site, draft, before); err != nil {
		return fmt.Errorf("%s: %w", d.File, err)
	}
	c, err := compare(tx, draft, before)
	if err != nil {
		return err
	}
	find := func() ([]twin, error) {
		kept, err := c.keptBack(tx)
		if err != nil {
			return nil, err
		}
		replaced, err := c.replaced(tx, &d)
		return append(kept, replaced...), err
	}
	twins, err := find()
	if err != nil || len(twins) == 0 {
		return err
	}
	c.Wording, c.words, c.listener = fingerprint.OfArticle(before), indexedText(wordsOfText(spoken(before.Lead, before.Body))), &listener{}
	now, err := find()
	if err != nil {
		return err
	}
	for _, t := range twins {
		if !slices.ContainsFunc(now, func(n twin) bool { return n.ID == t.ID }) {
			return d.isAlready(site, []twin{t}, nil)
		}
	}
	return nil
}

// checkNote refuses a note that tells readers what is kept back from them, also of the
// article that it is on.
func (d Document) checkNote(tx *storage.Tx, site press.Site, note string) error {
	return d.checkBeside(tx, site, "the note", press.Draft{Language: d.Language, Lead: note}, press.Article{})
}

// checkSaidBeside refuses tags, and notes to editors and what else stands beside the text,
// that tell it.
func (d Document) checkSaidBeside(tx *storage.Tx, site press.Site, draft press.Draft, before press.Article) error {
	said := map[string][]string{}
	for _, l := range draft.Lines() {
		said[l.Field] = append(said[l.Field], l.Text)
	}
	for _, beside := range []struct{ what, text string }{
		{"the tags", strings.Join(draft.Tags, ". ")},
		{"the place", strings.Join(said["place"], ". ")},
		{"the contacts", strings.Join(said["contacts"], ". ")},
		{"the notes to editors", strings.Join(said[notesField], ". ")},
	} {
		draft.Title, draft.Lead, draft.Body, draft.Images = "", beside.text, "", nil
		if err := d.checkBeside(tx, site, beside.what, draft, before); err != nil {
			return err
		}
	}
	return nil
}

// checkBeside refuses what is said beside the text of an article. Mostly that is nothing,
// with which nothing need be compared.
func (d Document) checkBeside(tx *storage.Tx, site press.Site, what string, said press.Draft, before press.Article) error {
	if said.Lead == "" {
		return nil
	}
	c, err := compare(tx, said, before)
	if err != nil {
		return err
	}
	twins, err := c.keptBack(tx)
	if err != nil || len(twins) == 0 {
		return err
	}
	return fmt.Errorf("%s: %w", what, d.again(site, twins[0]))
}

// twin is an article that says what another text says, and in what way the other one is
// that article.
type twin struct {
	press.Article

	what    string
	passage string // that both have, if there is no more
	since   string // which correction has replaced what it said
}

const (
	is       = "it is"
	isNearly = "but for a few words it is"
	isPartOf = "it is a part of"
	hasInIt  = "it has in it nearly all of"

	saysWhat  = "it says under another title what is in"
	saysAgain = "it says again what was corrected in"
	hasSome   = "it has in it a passage of"

	// ofHidden goes on where the wording is not what the article says.
	ofHidden = " what a correction has hidden of"
)

// isAlready says which article a document is, unless it could not be told.
func (d Document) isAlready(site press.Site, twins []twin, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %w", d.File, d.again(site, twins[0]))
}

func (d Document) again(site press.Site, t twin) error {
	cause := ErrAgain
	if t.State == press.Withdrawn {
		cause = ErrAgainWithdrawn
	}
	return fmt.Errorf("%w: %s", cause, d.calls(site, t))
}

// calls says which article a text is, and in what way.
func (d Document) calls(site press.Site, t twin) string {
	how := "was published on " + day(d.when(t.Article))
	switch t.State {
	case press.Embargoed:
		how = "is under embargo"
	case press.Withdrawn:
		how = "was withdrawn on " + t.WithdrawnAt.In(d.place()).Format(time.DateOnly)
	}
	told := fmt.Sprintf("%s article %s, %s, which %s: %s", t.what, t.ID, richtext.Quoted(t.Title), how, site.Article(t.Article))
	if t.passage != "" {
		told += ": " + richtext.Quoted(t.passage)
	}
	return told + t.since
}

// filedAs finds the newest article that was filed by the same draft.
func filedAs(tx *storage.Tx, draft press.Draft) ([]twin, error) {
	for _, silent := range []bool{false, true} { // in which way it goes out is not what it says
		draft.Silent = silent
		same, err := tx.FiledAs(draft.Digest())
		if err != nil {
			return nil, err
		}
		if len(same) > 0 {
			return []twin{{Article: same[0], what: is}}, nil
		}
	}
	return nil, nil
}

// formerly finds an article that a program up to version 0.4 has made of the same document:
// it has read some texts, and where their links lead, in another way.
func (d Document) formerly(tx *storage.Tx, draft press.Draft) ([]twin, error) {
	if d.former == nil {
		return nil, nil
	}
	was := d.formerDraft(draft)
	if was.Body == draft.Body && was.Title == draft.Title && was.Lead == draft.Lead {
		return nil, nil
	}
	if same, err := filedAs(tx, was); err != nil || len(same) > 0 {
		return same, err
	}
	c, err := compare(tx, was, press.Article{})
	if err != nil {
		return nil, err
	}
	return c.public(tx)
}

// comparison is a text that is compared with what is there.
type comparison struct {
	fingerprint.Wording

	language press.Language
	words    indexed
	of       press.ArticleID // the article that it corrects, or empty
	group    press.ArticleID // its set, or empty
	out      time.Time       // when it is public
	listener *listener
}

// compare makes ready to compare a draft with what is there; before is the article that it
// corrects, or nothing.
func compare(tx *storage.Tx, draft press.Draft, before press.Article) (comparison, error) {
	c := comparison{
		Wording: fingerprint.OfDraft(draft), language: draft.Language,
		words: indexedText(wordsOfText(spoken(draft.Lead, draft.Body))), of: before.ID, group: before.Group, out: tx.Now(),
		listener: &listener{},
	}
	switch {
	case !draft.Published.IsZero():
		c.out = draft.Published
	case before.State == press.Embargoed:
		c.out = before.Published
	}
	if draft.TranslationOf == "" || draft.TranslationOf == before.ID {
		return c, nil
	}
	original, err := tx.Article(draft.TranslationOf)
	c.group = original.Group
	if err == nil && draft.Inherits {
		original, err = tx.Anchor(draft.TranslationOf)
		c.out = original.Published
	}
	return c, err
}

// mayRepeat reports whether a text may say what an article says. A translation may, such as
// one that is all names; not before that one is public, nor if it is so no more.
func (c comparison) mayRepeat(a press.Article, keptBack bool) bool {
	if a.ID == c.of {
		return true
	}
	waits := a.State == press.Embargoed && !c.out.Before(a.Published)
	return a.Group == c.group && (!keptBack || waits)
}

// keptBack finds what is kept back from readers and says what the text says, or nearly:
// articles that are under embargo or were withdrawn, and wordings that were hidden, under
// whichever title and in whichever language.
func (c comparison) keptBack(tx *storage.Tx) (twins []twin, err error) {
	same, err := tx.KeptBackWithDigest(c.Text()...)
	if err != nil {
		return nil, err
	}
	titled, err := tx.KeptBackWithDigest(c.Titled()...)
	if err != nil {
		return nil, err
	}
	for _, w := range append(same, titled...) {
		said, err := tx.WordingAt(w.Article, w.Revision)
		if err != nil {
			return nil, err
		}
		if !c.mayRepeat(said, w.KeptBack) {
			twins = append(twins, keptBackTwin(said, is))
		}
	}
	near, err := tx.NearlyKeptBack(c.Shingles())
	if err != nil {
		return nil, err
	}
	for _, w := range near {
		said, err := tx.WordingAt(w.Article, w.Revision)
		if err != nil {
			return nil, err
		}
		if c.mayRepeat(said, w.KeptBack) {
			continue
		}
		what, passage := c.nearly(said, tx.Now()), ""
		if what == "" {
			if passage, err = c.passage(tx, said); err != nil {
				return nil, err
			}
		}
		if passage != "" {
			what = hasSome
		}
		if what != "" {
			t := keptBackTwin(said, what)
			t.passage = passage
			twins = append(twins, t)
		}
	}
	return twins, nil
}

// keptBackTwin is one that says what is kept back: of an article that is public that is what
// was hidden.
func keptBackTwin(said press.Article, what string) twin {
	if said.State == press.Published {
		what += ofHidden
	}
	return twin{Article: said, what: what}
}

// public finds an article that is public and says, or has said, what the text says under
// its title. A title alone is that of many, such as of an advice that comes each week.
func (c comparison) public(tx *storage.Tx) ([]twin, error) {
	titled, err := tx.WithDigest(c.Titled()...)
	if err != nil {
		return nil, err
	}
	links := linksOf(c.Body)
	for _, w := range titled {
		said, err := tx.WordingAt(w.Article, w.Revision)
		if err != nil {
			return nil, err
		}
		if !w.KeptBack && !c.mayRepeat(said, false) && slices.Equal(linksOf(said.Body), links) {
			return []twin{{Article: said, what: is}}, nil
		}
	}
	return nil, nil
}

// sameLength is how many words a text has that is told under another title. What is shorter
// stands under many.
const sameLength = 7

// elsewhere finds an article that is public and says, or has said, all that a text says,
// under another title: one of the last days, or an older one, if the text is not short.
func (c comparison) elsewhere(tx *storage.Tx) (recent, older []twin, err error) {
	if c.words.length < sameLength {
		return nil, nil, nil
	}
	same, err := tx.WithDigest(c.Text()...)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range same {
		said, err := tx.WordingAt(w.Article, w.Revision)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case w.KeptBack || c.mayRepeat(said, false):
		case tx.Now().Sub(said.Published) < nearDays:
			return []twin{{Article: said, what: saysWhat}}, nil, nil
		case len(older) == 0 && c.words.length >= nearLength:
			older = []twin{{Article: said, what: saysWhat}}
		}
	}
	return nil, older, nil
}

// linksOf are where the words of a text lead.
func linksOf(body press.HTML) []string {
	var all []string
	for _, b := range richtext.Blocks(body) {
		for _, r := range b.Runs {
			if r.Style.Link != "" {
				all = append(all, r.Style.Link)
			}
		}
	}
	return slices.Compact(all)
}
