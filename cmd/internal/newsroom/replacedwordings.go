package newsroom

import (
	"slices"

	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// replaced finds a public article of which a text says again what a correction with a note
// has replaced, under whichever title: readers were told that it is wrong, and whoever begins
// with the old file does not know.
func (c comparison) replaced(tx *storage.Tx, d *Document) ([]twin, error) {
	same, err := tx.WithDigest(c.Text()...)
	if err != nil {
		return nil, err
	}
	titled, err := tx.WithDigest(c.Titled()...)
	if err != nil {
		return nil, err
	}
	same = append(same, titled...)
	near, err := tx.NearlyReplaced(c.Shingles())
	if err != nil {
		return nil, err
	}
	for i, w := range append(same, near...) {
		if w.KeptBack {
			continue
		}
		found, err := c.isReplaced(tx, d, w, i < len(same))
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// isReplaced compares a text with one wording; same is set if it is all of that.
func (c comparison) isReplaced(tx *storage.Tx, d *Document, w newsdesk.Wording, same bool) ([]twin, error) {
	now, err := tx.Article(w.Article)
	if err != nil || now.State != press.Published || w.Revision >= now.Revision || c.mayRepeat(now, false) {
		return nil, err
	}
	history, err := tx.NotedHistory(now.ID, now.Revision)
	if err != nil {
		return nil, err
	}
	since := slices.IndexFunc(history, func(r press.Revision) bool { return r.Number > w.Revision && r.Note != "" && !r.Hidden })
	if since < 0 {
		return nil, nil
	}
	before, err := tx.WordingAt(w.Article, w.Revision)
	if err != nil {
		return nil, err
	}
	t := twin{Article: now, what: saysAgain, since: d.corrections(history[since:])}
	links := linksOf(c.Body)
	same = same && slices.Equal(linksOf(before.Body), links)
	switch what, back := c.takesBack(before, now); {
	case same && !(overlap(c.Text(), fingerprint.OfArticle(now).Text()) && slices.Equal(linksOf(now.Body), links)):
	case !same && back:
		t.passage = what
	default:
		return nil, nil
	}
	return []twin{t}, nil
}

// takesBack reports what a text says again that an article said before and does not say now,
// if it is nearly all of that, or a part of it.
func (c comparison) takesBack(before, now press.Article) (what string, ok bool) {
	other := indexedText(wordsOfText(spoken(before.Lead, before.Body)))
	names, others := named("", c.Lead, c.Body), named("", before.Lead, before.Body)
	whole := c.words.hasRows(other.textOfWords) && c.words.lacksNone(others)
	part := other.hasRows(c.words.textOfWords) && other.lacksNone(names)
	if !whole && !part || before.Language != c.language {
		return "", false
	}
	read := func(w fingerprint.Wording) said {
		return saidBy(c.language, "", w.Lead, nil, w.Images, w.Body, press.Particulars{})
	}
	what, in, ok := newReturned(c.language, read(fingerprint.OfArticle(before)), read(fingerprint.OfArticle(now)), read(c.Wording)).find()
	if in.written != "" {
		what = in.written
	}
	return richtext.Shorten(what, 100), ok
}

func overlap(a, b []int64) bool {
	return slices.ContainsFunc(a, func(n int64) bool { return slices.Contains(b, n) })
}
