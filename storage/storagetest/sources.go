package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

const (
	spokesperson = "actor:spokesperson" // announces what the minister does
	arabic       = "actor:ministry_ar"  // announces what is said in Arabic
)

// announcers adds two actors that announce.
func (w *world) announcers() {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		err := tx.AddSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.minister})
		if err != nil {
			return err
		}
		return tx.AddSource(publog.Source{Name: arabic, Kind: publog.Announcer, Section: press.Root, Language: "ar"})
	})
}

// heads are those of the author and the two announcers.
func (w *world) heads() (heads [3]press.Seq) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		for i, name := range []string{source, spokesperson, arabic} {
			if heads[i], err = tx.SourceHead(name); err != nil {
				return err
			}
		}
		return nil
	})
	return heads
}

// backlogOf is the backlog of a source from the beginning.
func (w *world) backlogOf(source string) (seqs []press.Seq) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		entries, err := tx.Backlog(source, 0, w.head(), time.Time{})
		for _, e := range entries {
			seqs = append(seqs, e.Seq)
		}
		return err
	})
	return seqs
}

// filed is a draft in a section and a language.
func (w *world) filed(title string, section press.SectionID, lang press.Language) press.Draft {
	d := w.draft(title)
	d.Section, d.Language = section, lang
	return d
}

var sourceTests = map[string]func(*testing.T, *world){
	"an actor announces what falls under it": func(t *testing.T, w *world) {
		w.announcers()
		start := w.head()
		_, below := w.publish(w.filed("Below the minister", w.activities, "en"))
		_, beside := w.publish(w.filed("In the press room", w.pressRoom, "en"))
		_, both := w.publish(w.filed("Below the minister, in Arabic", w.activities, "ar"))
		w.same("heads", [3]press.Seq{both.Seq, both.Seq, both.Seq}, w.heads())
		w.same("backlog of the author", []press.Seq{below.Seq, beside.Seq, both.Seq}, w.backlogOf(source))
		w.same("backlog of the section's actor", []press.Seq{below.Seq, both.Seq}, w.backlogOf(spokesperson))
		w.same("backlog of the language's actor", []press.Seq{both.Seq}, w.backlogOf(arabic))
		_, plain := w.publish(w.filed("In the press room again", w.pressRoom, "en"))
		w.same("heads", [3]press.Seq{plain.Seq, both.Seq, both.Seq}, w.heads())
		w.view(func(tx *storage.Tx) error {
			moved, err := tx.SourcesMoved(both.Seq)
			w.same("sources that moved", 1, len(moved))
			if err != nil {
				return err
			}
			moved, err = tx.SourcesMoved(start)
			w.same("all that moved", 3, len(moved))
			return err
		})
	},

	"who announces an article is fixed at its first publication": func(t *testing.T, w *world) {
		w.announcers()
		a, published := w.publish(w.filed("Below the minister", w.activities, "en"))
		_, moved := w.correct(a.ID, w.filed("In the press room, in Arabic", w.pressRoom, "ar"))
		w.same("backlog", []press.Seq{published.Seq, moved.Seq}, w.backlogOf(spokesperson))
		w.same("backlog of whom it falls under now", []press.Seq(nil), w.backlogOf(arabic))
		// Another scope for the actor changes nothing for what it announced.
		w.update(func(tx *storage.Tx) error {
			return tx.AddSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.pressRoom})
		})
		_, gone := w.withdraw(a.ID)
		w.same("heads", [3]press.Seq{gone.Seq, gone.Seq, published.Seq - 1}, w.heads())
		w.view(func(tx *storage.Tx) error {
			sources, err := tx.SourcesOf(gone)
			w.same("sources of the withdrawal", []string{source, spokesperson}, namesOf(sources))
			if err != nil {
				return err
			}
			is, err := tx.Announces(spokesperson, published.Seq)
			w.same("announced it", true, is)
			if err != nil {
				return err
			}
			is, err = tx.Announces(arabic, published.Seq)
			w.same("the other announced it", false, is)
			return err
		})
	},

	"an embargoed article is announced when it is released": func(t *testing.T, w *world) {
		w.announcers()
		d := w.embargoed("Below the minister")
		d.Section = w.activities
		a, _ := w.publish(d)
		d.Language = "ar"
		w.correct(a.ID, d)
		w.same("before", []press.Seq(nil), w.backlogOf(spokesperson))
		w.clock.Pass(48 * time.Hour)
		e := w.release()[0]
		w.same("by the section", []press.Seq{e.Seq}, w.backlogOf(spokesperson))
		w.same("by the language that it has then", []press.Seq{e.Seq}, w.backlogOf(arabic))
	},

	"silent articles are announced by nobody, their withdrawal is for all": func(t *testing.T, w *world) {
		w.announcers()
		d := w.silent("Imported", noon.AddDate(-1, 0, 0))
		d.Section = w.activities
		a, _ := w.publish(d)
		w.correct(a.ID, d)
		w.same("backlog", []press.Seq(nil), w.backlogOf(spokesperson))
		_, gone := w.withdraw(a.ID)
		w.same("backlog", []press.Seq{gone.Seq}, w.backlogOf(spokesperson))
		w.same("heads", [3]press.Seq{gone.Seq, gone.Seq, gone.Seq}, w.heads())
		w.view(func(tx *storage.Tx) error {
			sources, err := tx.SourcesOf(gone)
			w.same("sources of the withdrawal", []string{source, arabic, spokesperson}, namesOf(sources))
			return err
		})
	},

	"an announcer's outbox has what is public of what it announced": func(t *testing.T, w *world) {
		w.announcers()
		_, one := w.publish(w.filed("One", w.activities, "en"))
		gone, _ := w.publish(w.filed("Gone", w.activities, "en"))
		w.withdraw(gone.ID)
		w.publish(w.filed("Beside", w.pressRoom, "en"))
		b, two := w.publish(w.filed("Two", w.minister, "en"))
		w.correctMinor(b.ID, w.filed("Two", w.minister, "en"))
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Announced(spokesperson, w.head()+1, 10)
			w.same("outbox", []press.Entry{two, one}, all)
			if err != nil {
				return err
			}
			page, err := tx.Announced(spokesperson, two.Seq, 10)
			w.same("second page", []press.Entry{one}, page)
			if err != nil {
				return err
			}
			n, err := tx.CountAnnounced(spokesperson)
			w.same("count", 2, n)
			return err
		})
	},

	"a topic's head moves whenever its section changes": func(t *testing.T, w *world) {
		const feed = "topic:minister/en/atom"
		w.update(func(tx *storage.Tx) error {
			return tx.AddSource(publog.Source{Name: feed, Kind: publog.Topic, Section: w.minister, Language: "en"})
		})
		head := func() (seq press.Seq) {
			w.view(func(tx *storage.Tx) (err error) {
				seq, err = tx.SourceHead(feed)
				return err
			})
			return seq
		}
		d := w.silent("Imported, below", noon.AddDate(-1, 0, 0))
		d.Section = w.activities
		_, e := w.publish(d)
		w.same("head after a silent article below", e.Seq, head())
		w.publish(w.filed("Beside", w.pressRoom, "en"))
		w.publish(w.filed("In French", w.activities, "fr"))
		w.same("head after what is not in the feed", e.Seq, head())
		w.same("backlog: the one at the head", []press.Entry{e}, w.backlogAt(feed, head()))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AddSection(w.activities, "travels", "en", "Travels")
			return err
		})
		w.same("head after a section below", w.head(), head())
		w.update(func(tx *storage.Tx) error {
			_, err := tx.NameSection(w.ministry, "en", "The Ministry itself")
			return err
		})
		w.same("head after a name above", w.head(), head())

		// Whoever got an article here is to learn of its withdrawal here.
		moved, _ := w.publish(w.filed("Moves on", w.activities, "en"))
		w.correct(moved.ID, w.filed("Moves on", w.pressRoom, "en"))
		w.withdraw(moved.ID)
		w.same("head after the withdrawal of what has left", w.head(), head())
	},

	"the head of a tag's topic moves whenever what is filed under the tag changes": func(_ *testing.T, w *world) {
		const feed = "topic:#sea-law/en/atom"
		a, _ := w.publish(w.tagged("Treaty", "Sea Law"))
		s := w.subscription(callback)
		s.Topic = publog.TopicID{Tag: "sea-law", Language: "en", Format: "atom"}
		w.subscribe(s)
		head := func() (seq press.Seq) {
			w.view(func(tx *storage.Tx) (err error) {
				seq, err = tx.SourceHead(feed)
				return err
			})
			return seq
		}
		before := head()
		w.publish(w.tagged("Visit", "visits"))
		french := w.tagged("Traité", "sea law")
		french.Language = "fr"
		w.publish(french)
		secret := w.tagged("Secret", "sea law")
		secret.Published = noon.Add(time.Hour)
		w.publish(secret)
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AddSection(w.activities, "travels", "en", "Travels")
			return err
		})
		w.same("head after what is not under the tag", before, head())
		w.clock.Pass(time.Hour)
		w.release()
		w.same("head after the embargo", w.head(), head())
		imported := w.silent("Imported", noon.AddDate(-1, 0, 0))
		imported.Tags = []string{"SEA LAW"}
		w.publish(imported)
		w.same("head after a silent article", w.head(), head())
		w.correct(a.ID, w.tagged("Treaty", "Other"))
		w.same("head after an article has lost the tag", w.head(), head())
		w.correct(a.ID, w.tagged("Treaty, again", "Other"))
		w.same("head after a correction of what has left", w.head(), head())
		w.withdraw(a.ID)
		w.same("head after the withdrawal of what has left", w.head(), head())
		w.update(func(tx *storage.Tx) error {
			_, err := tx.NameSection(w.pressRoom, "en", "The Press Room")
			return err
		})
		w.same("head after a name", w.head(), head())
		w.same("backlog: the one at the head", 1, len(w.backlogAt(feed, head())))
	},

	"sources that have something due": func(t *testing.T, w *world) {
		w.announcers()
		behind := func() (names []string) {
			w.view(func(tx *storage.Tx) (err error) {
				names, err = tx.SourcesBehind()
				return err
			})
			return names
		}
		f := w.follow(ada, sharedInbox)
		f.Source, f.Accept.Source = spokesperson, spokesperson
		w.accept(f)
		w.accept(w.follow(ada, sharedInbox))
		w.same("none", []string(nil), behind())
		w.publish(w.filed("Beside", w.pressRoom, "en"))
		w.same("the author", []string{source}, behind())
		w.publish(w.filed("Below", w.activities, "en"))
		w.same("both", []string{source, spokesperson}, behind())
		w.view(func(tx *storage.Tx) error {
			for _, actor := range []string{ada, bela} {
				follows, err := tx.Knows(actor)
				w.same(actor+" follows", actor == ada, follows)
				if err != nil {
					return err
				}
			}
			return nil
		})
	},
}

func namesOf(sources []publog.Source) []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return names
}

func (w *world) backlogAt(source string, head press.Seq) (all []press.Entry) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.Backlog(source, 0, head, time.Time{})
		return err
	})
	return all
}
