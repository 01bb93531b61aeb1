package newsroom

import (
	"maps"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/fingerprint"
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

// public tells which words of a text stand in a passage that is public.
func (h heard) public(t indexed) []bool {
	all := make([]bool, t.length)
	for _, text := range h.texts {
		for _, s := range t.inCommon(text) {
			for i := s.start; i < s.end; i++ {
				all[i] = true
			}
		}
	}
	return all
}

// listener compares a text with what is heard, which is read once, when it is needed.
type listener struct {
	heard  *heard
	text   indexed
	public []bool
}

func (l *listener) listen(tx *storage.Tx, said fingerprint.Wording) (err error) {
	if l.heard != nil {
		return nil
	}
	if l.heard, err = newestHeard(tx); err == nil {
		l.text = indexedText(seenWords(said.Title, said.Lead, said.Body, said.Images))
		l.public = l.heard.public(l.text)
	}
	return err
}

// passage is one that a text and an article have in common, and that would tell readers
// of that; not if it is public by then.
func (c comparison) passage(tx *storage.Tx, a press.Article) (string, error) {
	if a.State == press.Embargoed && !c.out.Before(a.Published) {
		return "", nil
	}
	l := c.listener
	if err := l.listen(tx, c.Wording); err != nil {
		return "", err
	}
	if a.State != press.Published {
		return l.text.passage(a, *l.heard, l.public), nil
	}
	now, err := tx.Article(a.ID) // and this is what it said
	if err != nil {
		return "", err
	}
	h := heard{slices.Clone(l.heard.texts), maps.Clone(l.heard.words)}
	h.add(now)
	return l.text.passage(a, h, h.public(l.text)), nil
}
