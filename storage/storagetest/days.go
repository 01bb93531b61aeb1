package storagetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/terms"
)

// day is a silent draft that is dated to the day.
func (w *world) day(title string, day press.Local) press.Draft {
	d := w.silent(title, time.Time{})
	d.Precision, d.Local = press.ToTheDay, day
	return d
}

// dateIn changes the zone of the site, and returns how many articles moved.
func (w *world) dateIn(name string) int {
	w.t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		w.t.Fatal(err)
	}
	moved, err := w.store.DateIn(context.Background(), zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return moved
}

// at is a time that was written with its zone.
func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

var dayTests = map[string]func(*testing.T, *world){
	"a day begins in the zone of the site": func(t *testing.T, w *world) {
		a, _ := w.publish(w.day("In UTC", "2020-05-01"))
		w.same("published", at("2020-05-01T00:00:00Z"), a.Published)
		w.dateIn("Asia/Shanghai")
		a, _ = w.publish(w.day("In Shanghai", "2020-05-01"))
		w.same("published", at("2020-05-01T00:00:00+08:00"), a.Published)
		w.same("day", press.Local("2020-05-01"), w.article(a.ID).Local)
		w.dateIn("America/Santiago")
		a, _ = w.publish(w.day("Without a midnight", "2020-09-06"))
		w.same("published", at("2020-09-06T01:00:00-03:00"), a.Published)
	},

	"embargoes are held if the zone would end one, and it is told before": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		day := press.LocalDay(w.clock.Now().Add(48 * time.Hour).Date())
		a, _ := w.publish(w.day("Until a day", day))
		w.clock.Pass(a.Published.Add(-time.Hour).Sub(w.clock.Now()))
		tokyo, err := time.LoadLocation("Asia/Tokyo")
		if err != nil {
			t.Fatal(err)
		}
		reasons := func() (holds, held string) {
			w.view(func(tx *storage.Tx) (err error) {
				if holds, err = tx.HoldsIn(tokyo); err == nil {
					held, err = tx.ClockHeld()
				}
				return err
			})
			return holds, held
		}
		told, held := reasons()
		w.same("held before", "", held)
		w.same("told", fmt.Sprintf("the zone of the site was changed to Asia/Tokyo, where %s has begun already, until which article %s is under embargo", day, a.ID), told)
		w.dateIn("Asia/Tokyo")
		holds, held := reasons()
		w.same("held", told, held)
		w.same("told again", "", holds)
	},

	"a zone that is foreseen dates what is new, and is not kept": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		zone, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		err = w.store.Update(context.Background(), func(tx *storage.Tx) error {
			if err := tx.ForeseeZone(zone); err != nil {
				return err
			}
			a, _, err := tx.Publish(w.day("In Shanghai", "2020-05-01"))
			w.same("published", at("2020-05-01T00:00:00+08:00"), a.Published)
			return err
		})
		if err == nil {
			t.Error("what was foreseen was committed")
		}
		a, _ := w.publish(w.day("In Lisbon", "2020-05-01"))
		w.same("published", at("2020-05-01T00:00:00+01:00"), a.Published)
	},

	"a day that is none is refused": func(t *testing.T, w *world) {
		for _, local := range []press.Local{"", "2020-02-30", "2020-05-01 10:00", "May"} {
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, _, err := tx.Publish(w.day("A day", local))
				return err
			})
		}
	},

	"a change of the zone lets no translation out before its original": func(t *testing.T, w *world) {
		w.dateIn("Asia/Shanghai")
		d := w.day("Treaty", "2040-05-01")
		en, _ := w.publish(d)
		file := func(lang press.Language, alone bool) press.Article {
			d := w.filed("Traité "+string(lang), w.activities, lang)
			d.TranslationOf, d.Published, d.Alone = en.ID, en.Published.Add(time.Hour), alone
			a, _ := w.publish(d)
			return a
		}
		fr, ar := file("fr", false), file("ar", true)
		w.dateIn("America/New_York")
		w.same("the original", at("2040-05-01T00:00:00-04:00"), w.article(en.ID).Published)
		w.same("a translation", w.article(en.ID).Published, w.article(fr.ID).Published)
		w.same("one that may be public alone", ar.Published, w.article(ar.ID).Published)
	},

	"a change of the zone moves days and nothing else": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		first, _ := w.publish(w.day("1 May", "2020-05-01"))
		evening, _ := w.publish(w.silent("30 April, in the evening in New York", at("2020-04-30T20:00:00-04:00")))
		w.same("in Lisbon, where it is night", []string{"30 April, in the evening in New York", "1 May"}, w.titles(w.ministry, "en"))
		w.same("moved", 1, w.dateIn("America/New_York"))
		w.same("moved again", 0, w.dateIn("America/New_York"))
		w.same("in New York", []string{"1 May", "30 April, in the evening in New York"}, w.titles(w.ministry, "en"))
		got := w.article(first.ID)
		w.same("published", at("2020-05-01T00:00:00-04:00"), got.Published)
		w.same("updated goes along", got.Published, got.Updated)
		w.same("as it went out", first.Published, got.Stamped())
		w.same("the other", evening.Published, w.article(evening.ID).Published)
		w.dateIn("Asia/Tokyo")
		w.dateIn("Europe/Lisbon")
		w.same("back again", first.Published, w.article(first.ID).Published)
		w.same("as it went out", first.Published, w.article(first.ID).Stamped())
	},

	"a day is found under its date in every zone": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		a, _ := w.publish(w.day("Summit", "2020-05-01"))
		w.dateIn("America/New_York")
		w.update(func(tx *storage.Tx) error {
			_, err := tx.IndexBacklog(10)
			return err
		})
		query, err := terms.Parse("summit")
		if err != nil {
			t.Fatal(err)
		}
		w.view(func(tx *storage.Tx) error {
			hits, err := tx.Search(newsdesk.Search{
				Query: query, From: at("2020-05-01T00:00:00-04:00"), Until: at("2020-05-02T00:00:00-04:00"),
			}, newsdesk.Rank{}, 10)
			w.same("hits", 1, len(hits))
			if err != nil {
				return err
			}
			tagged, err := tx.Tagged("en", "treaties", newsdesk.Place{Published: at("2020-05-01T00:00:00-04:00"), ID: "~"}, 10)
			w.same("under its tag", 1, len(tagged))
			if err != nil {
				return err
			}
			within, err := tx.Within(w.ministry, "en", at("2020-05-01T00:00:00-04:00"), at("2020-06-01T00:00:00-04:00"), newsdesk.Place{}, 10)
			w.same("in the archive of May", 1, len(within))
			return err
		})
		w.withdraw(a.ID)
		w.same("listed", []string(nil), w.titles(w.ministry, "en"))
	},

	"the same day is no other date, whatever the zone": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		d := w.draft("Dated")
		d.Precision, d.Local = press.ToTheDay, press.LocalDay(noon.Date())
		a, _ := w.publish(d)
		minute := w.draft("Dated to the minute")
		minute.Precision, minute.Local, minute.Published = press.ToTheMinute, "2031-03-04 11:00", noon.Add(-time.Hour)
		b, _ := w.publish(minute)
		w.dateIn("America/New_York")
		same, _ := w.correct(a.ID, d)
		w.same("as it went out", a.Published, same.Stamped())
		minute.Published = noon.Add(4 * time.Hour) // as the document reads in New York
		same, _ = w.correct(b.ID, minute)
		w.same("published", b.Published, same.Published)
		d.Local = press.LocalDay(noon.AddDate(0, 0, -1).Date())
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: d, Note: "The date."})
			return err
		})
	},

	"the same draft is the same under its key, whatever the zone": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		d := w.day("Archived", "2020-05-01")
		var first press.Article
		once := func(d press.Draft) (a press.Article) {
			w.update(func(tx *storage.Tx) (err error) {
				a, _, err = tx.PublishOnce("a key", d)
				return err
			})
			return a
		}
		first = once(d)
		w.dateIn("America/New_York")
		w.same("the article", first.ID, once(d).ID)
		// As version 0.4 stored it, which knew instants only.
		was := d
		was.Local, was.Published = "", first.Published
		if err := w.database.Exec(`UPDATE publish_keys SET digest = '` + was.Digest() + `'`); err != nil {
			t.Fatal(err)
		}
		w.same("the article", first.ID, once(d).ID)
		d.Local = "2020-05-02"
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.PublishOnce("a key", d)
			return err
		})
	},

	"an embargo until a day ends when the day begins": func(t *testing.T, w *world) {
		w.dateIn("Europe/Lisbon")
		d := w.draft("Tomorrow")
		d.Precision, d.Local = press.ToTheDay, press.LocalDay(noon.AddDate(0, 0, 1).Date())
		a, _ := w.publish(d)
		w.same("state", press.Embargoed, a.State)
		w.dateIn("America/New_York")
		w.view(func(tx *storage.Tx) error {
			next, err := tx.NextRelease()
			w.same("the next release", at("2031-03-05T00:00:00-05:00"), next)
			return err
		})
		w.clock.Pass(at("2031-03-05T00:00:00-05:00").Sub(noon))
		w.release()
		got := w.article(a.ID)
		w.same("state", press.Published, got.State)
		w.same("as it went out", at("2031-03-05T00:00:00-05:00"), got.Stamped())
	},

	// As a program up to version 0.4 left them, and fill_days.go filled them.
	"the first zone decides which day it was": func(t *testing.T, w *world) {
		a, _ := w.publish(w.day("On an island", "2020-05-02"))
		if err := w.database.Exec(`UPDATE articles SET published = 1588327200000000`); err != nil { // 10:00 UTC on 1 May
			t.Fatal(err)
		}
		if err := w.database.Exec(`UPDATE section_articles SET published = 1588327200000000`); err != nil {
			t.Fatal(err)
		}
		w.same("moved", 0, w.dateIn("Pacific/Rarotonga"))
		w.same("day", press.Local("2020-05-01"), w.article(a.ID).Local)
	},
}
