package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var positionTests = map[string]func(*testing.T, *world){
	"an article joins its section and all above it, once": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		w.embargoed("Not yet")
		b, _ := w.publish(w.draft("Two"))
		for _, section := range []press.SectionID{w.activities, w.minister, w.ministry, press.Root} {
			w.same("block", []string{"Two", "One"}, w.archived(section, "en", 1))
			w.same("blocks", 1, w.archiveBlocks(section, "en"))
		}
		w.same("beside", 0, w.archiveBlocks(w.pressRoom, "en"))
		w.same("in French", 0, w.archiveBlocks(press.Root, "fr"))
		w.correct(a.ID, w.draft("One, corrected"))
		w.withdraw(b.ID)
		w.same("block", []string{"Two", "One, corrected"}, w.archived(w.minister, "en", 1))
	},

	"an article that moves joins at the end and keeps its old place": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		w.publish(w.draft("Two"))
		moved := w.draft("One, moved")
		moved.Section = w.pressRoom
		w.correct(a.ID, moved)
		w.same("where it was", []string{"Two", "One, moved"}, w.archived(w.activities, "en", 1))
		w.same("where it is", []string{"One, moved"}, w.archived(w.pressRoom, "en", 1))
		w.same("above both", []string{"Two", "One, moved"}, w.archived(press.Root, "en", 1))
		w.correct(a.ID, w.draft("One, back"))
		w.same("back", []string{"Two", "One, back"}, w.archived(w.activities, "en", 1))
		w.same("still there", []string{"One, back"}, w.archived(w.pressRoom, "en", 1))
	},

	"what comes late is found at the end": func(t *testing.T, w *world) {
		w.publish(w.draft("Today"))
		w.publish(w.silent("From 1998", noon.AddDate(-33, 0, 0)))
		w.same("block", []string{"From 1998", "Today"}, w.archived(press.Root, "en", 1))
		w.same("list", []string{"Today", "From 1998"}, w.titles(press.Root, "en"))
	},

	"a block is closed when the next begins, and changes with its articles only": func(t *testing.T, w *world) {
		var first press.Article
		w.update(func(tx *storage.Tx) error {
			for n := range newsdesk.ArchiveBlockLength {
				a, _, err := tx.Publish(w.draft(fmt.Sprint(n)))
				if n == 0 {
					first = a
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		full := w.head()
		w.same("full", newsdesk.ArchiveBlock{Changed: full}, w.archiveBlock(w.minister, "en", 1))
		next, e := w.publish(w.draft("Next"))
		w.same("closed", newsdesk.ArchiveBlock{Changed: e.Seq, Closed: true}, w.archiveBlock(w.minister, "en", 1))
		w.same("open", newsdesk.ArchiveBlock{Changed: e.Seq}, w.archiveBlock(w.minister, "en", 2))
		w.correct(next.ID, w.draft("Next, corrected"))
		w.publish(w.draft("Another"))
		w.same("still", newsdesk.ArchiveBlock{Changed: e.Seq, Closed: true}, w.archiveBlock(w.minister, "en", 1))
		_, e = w.withdraw(first.ID)
		w.same("changed", newsdesk.ArchiveBlock{Changed: e.Seq, Closed: true}, w.archiveBlock(w.minister, "en", 1))
		w.same("its articles", newsdesk.ArchiveBlockLength, len(w.archived(w.minister, "en", 1)))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.ArchiveBlock(w.minister, "en", 3)
			return err
		})
	},

	"what changed since an entry is told once, also of articles that left": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		b, _ := w.publish(w.draft("Two"))
		c, since := w.publish(w.draft("Three"))
		w.same("nothing", []string(nil), w.since(w.activities, since.Seq))
		w.publish(w.draft("Four"))
		w.correct(a.ID, w.draft("One, corrected"))
		w.withdraw(b.ID)
		moved := w.draft("Three, moved")
		moved.Section = w.pressRoom
		w.correct(c.ID, moved)
		want := []string{"Three, moved", "Two", "One, corrected", "Four"}
		w.same("since", want, w.since(w.activities, since.Seq))
		w.same("at the top", want, w.since(press.Root, since.Seq))
		w.same("where one came", want[:1], w.since(w.pressRoom, since.Seq))
	},

	"a withdrawal is told wherever the article was": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		moved := w.draft("One, moved")
		moved.Section = w.pressRoom
		w.correct(a.ID, moved)
		withdrawn, e := w.withdraw(a.ID)
		w.same("no older than the text", noon.Add(time.Second), withdrawn.WithdrawnAt)
		for _, section := range []press.SectionID{w.activities, w.minister, w.pressRoom, press.Root} {
			w.same("changed", e.Seq, w.changed(section, "en"))
			w.view(func(tx *storage.Tx) error {
				found, err := tx.Withdrawn(section, "en", noon.Add(-time.Hour), 10)
				w.same("withdrawn", []string{"One, moved"}, titlesIn(found))
				if err != nil {
					return err
				}
				found, err = tx.Withdrawn(section, "en", withdrawn.WithdrawnAt, 10)
				w.same("later", []string(nil), titlesIn(found))
				return err
			})
		}
	},

	"a walk from the newest block to the first misses nothing, nor does reading on": func(_ *testing.T, w *world) {
		desk := newNewsDesk(w)
		for range 3 {
			desk.checkWalk()
		}
	},

	"a reader who keeps asking for what is new ends up with everything": func(_ *testing.T, w *world) {
		newNewsDesk(w).checkDeltas()
	},
}

func titlesIn(articles []press.Article) (titles []string) {
	for _, a := range articles {
		titles = append(titles, a.Title)
	}
	return titles
}

// archived is the titles of a block, the article that joined last first.
func (w *world) archived(section press.SectionID, lang press.Language, number int) (titles []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		articles, err := tx.ArchiveArticles(section, lang, number)
		titles = titlesIn(articles)
		return err
	})
	return titles
}

func (w *world) archiveBlock(section press.SectionID, lang press.Language, number int) (b newsdesk.ArchiveBlock) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		b, err = tx.ArchiveBlock(section, lang, number)
		return err
	})
	return b
}

func (w *world) archiveBlocks(section press.SectionID, lang press.Language) (n int) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		n, err = tx.ArchiveBlocks(section, lang)
		return err
	})
	return n
}

// since is the titles of what changed in a section behind an entry.
func (w *world) since(section press.SectionID, seq press.Seq) (titles []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		articles, err := tx.ArticlesSince(section, "en", seq, 10)
		titles = titlesIn(articles)
		if err != nil {
			return err
		}
		n, err := tx.CountSince(section, "en", seq, 10)
		w.same("count", len(titles), n)
		return err
	})
	return titles
}
