package newsroom

import (
	"maps"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/wording"
)

// heardArticles bounds those in which a passage may be public: what stands under each
// statement, such as who may be asked, stands in the newest ones.
const heardArticles = 100

// heard is what readers have read of late.
type heard struct {
	texts []textOfWords
	words map[string]bool // of sections, too
}

// newestHeard reads what is new, in whichever language, for names are alike in many, and
// what the sections are called.
func newestHeard(tx *storage.Tx) (*heard, error) {
	h := &heard{words: map[string]bool{}}
	recent, err := tx.Recent("", time.Time{}, heardArticles)
	if err != nil {
		return nil, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return nil, err
	}
	tree.Walk(func(s press.Section, _ int) {
		for _, name := range s.Names {
			h.call(name)
		}
	})
	for _, w := range recent {
		if w.KeptBack {
			continue
		}
		a, err := tx.Article(w.Article)
		if err != nil {
			return nil, err
		}
		h.add(a)
	}
	return h, nil
}

func (h *heard) add(a press.Article) {
	text := seenWords(a.Title, a.Lead, a.Body, a.Images)
	h.texts = append(h.texts, text)
	for key := range text.counts {
		h.words[key] = true
	}
}

// call notes the words of a name.
func (h heard) call(name string) {
	for _, w := range wording.Words(name) {
		h.words[wording.Skeleton(w)] = true
	}
}

// once is what is heard, which is read when it is needed.
type once struct{ *heard }

func (o *once) read(tx *storage.Tx) (h *heard, err error) {
	if o.heard == nil {
		o.heard, err = newestHeard(tx)
	}
	return o.heard, err
}

// passage is one that a text and an article have in common, and that would tell readers
// of that; not if it is public by then.
func (c comparison) passage(tx *storage.Tx, a press.Article) (string, error) {
	if a.State == press.Embargoed && !c.out.Before(a.Published) {
		return "", nil
	}
	h, err := c.heard.read(tx)
	if err != nil {
		return "", err
	}
	if a.State == press.Published { // and this is what it said
		now, err := tx.Article(a.ID)
		if err != nil {
			return "", err
		}
		h = &heard{slices.Clone(h.texts), maps.Clone(h.words)}
		h.add(now)
	}
	return seenWords(c.Title, c.Lead, c.Body, c.Images).passage(a, *h), nil
}
