package newsroom

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/terms"
)

// lookedFor is what a list is searched for: the words that readers search by, and by the same rules.
type lookedFor struct {
	terms.Query
	asked bool
}

// wordsAsked reads what somebody looks for; nothing lets all pass.
func wordsAsked(text string) (w lookedFor, err error) {
	if w.asked = strings.TrimSpace(text) != ""; !w.asked {
		return w, nil
	}
	w.Query, err = terms.Parse(text)
	if _, ok := errors.AsType[*terms.TooLongError](err); ok {
		err = fmt.Errorf("%w text: %w", press.ErrInvalid, err)
	}
	return w, err
}

// indexed tells whether what is looked for is found by the indexes: something is, and they have all
// that there is. Until then all is read.
func (w lookedFor) indexed(tx *storage.Tx) (bool, error) {
	if !w.asked {
		return false, nil
	}
	partial, err := tx.IndexIsPartial()
	return !partial, err
}

// says tells whether an article says what is looked for.
func (w lookedFor) says(a press.Article) bool { return !w.asked || newsdesk.Says(a, w.Query) }

// saidBy tells it of a manuscript.
func (w lookedFor) saidBy(tx *storage.Tx, m manuscripts.Manuscript) (bool, error) {
	if !w.asked {
		return true, nil
	}
	return tx.ManuscriptSays(m.ID, w.Query)
}

// leadsTo is where a link or a picture of Markdown leads.
var leadsTo = lazyregexp.New(`\]\([^)\s]*`)

// words are what a document says, for who looks for it: what the article would be found by that it
// becomes. Of one that is not understood it is all of the text.
func (read composed) words(text []byte) manuscripts.Words {
	if read.err != nil {
		return manuscripts.Words{Text: string(text)}
	}
	// It is not rendered, which takes as long as all else of a save.
	written := leadsTo.ReplaceAllString(read.Text, "]")
	tags, said := newsdesk.Words(press.Article{
		Tags: read.Tags, Body: press.HTML(html.EscapeString(written)), Particulars: press.Particulars{Place: read.Place, Contacts: read.Contacts, NotesToEditors: read.NotesToEditors},
	})
	return manuscripts.Words{Lead: read.Lead, Tags: tags, Text: said}
}
