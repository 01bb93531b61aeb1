package feeds_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// TestOneTagOneDocument: whatever happens, documents with the same ETag have the
// same bytes, on every replica, and ETag and Last-Modified change together.
func TestOneTagOneDocument(t *testing.T) {
	t.Parallel()
	n := open(t)
	r := &replicas{newsroom: n, random: rand.New(rand.NewPCG(9110, 8)), bodies: map[string]string{}, modified: map[string]string{}}
	n.update(func(tx *storage.Tx) (err error) {
		r.room, err = tx.AddSection(press.Root, "press-room", "en", "Press Room")
		return err
	})
	n.publishMany(98)
	for range 70 {
		if err := r.act(); err != nil {
			t.Fatal(err)
		}
		n.clock.Pass(time.Minute)
		r.look()
		if t.Failed() {
			return
		}
	}
}

type replicas struct {
	*newsroom
	random           *rand.Rand
	room             press.Section
	filed            []press.ArticleID
	done             string
	steps            int
	bodies, modified map[string]string // by address and tag
}

// act does one of the things that change what is public.
func (r *replicas) act() error {
	r.steps++
	section := []press.SectionID{r.minister.ID, r.ministry.ID, r.room.ID}[r.random.IntN(3)]
	d := press.Draft{
		Section: section, Language: []press.Language{"en", "en", "fr"}[r.random.IntN(3)],
		Title: fmt.Sprint("Visit ", r.steps), Body: "<p>x</p>", Silent: r.random.IntN(3) == 0, Tags: []string{"visits", fmt.Sprint("tag ", r.random.IntN(3))},
	}
	var id press.ArticleID
	if len(r.filed) > 0 {
		id = r.filed[r.random.IntN(len(r.filed))]
	}
	choice := r.random.IntN(20)
	r.done = fmt.Sprintf("step %d, %d", r.steps, choice)
	return r.store.Update(r.Context(), func(tx *storage.Tx) error {
		var err error
		switch choice {
		case 0:
			_, err = tx.NameSection(section, d.Language, d.Title)
		case 1:
			_, err = tx.MoveSection(r.minister.ID, []press.SectionID{press.Root, r.ministry.ID, r.room.ID}[r.random.IntN(3)], fmt.Sprint("slug-", r.steps), false)
		case 2:
			_, err = tx.CloseSection(r.minister.ID, []press.SectionID{r.room.ID})
		case 3:
			_, err = tx.ReopenSection(r.minister.ID)
		case 4:
			_, err = tx.AddSection(section, fmt.Sprint("new-", r.steps), "en", "New")
		case 5, 6:
			_, _, err = tx.Withdraw(id, "Issued in error.")
		case 7, 8, 9:
			_, _, err = tx.Correct(id, newsdesk.Correction{Draft: d, Note: "The place."})
		case 10:
			_, _, err = tx.Correct(id, newsdesk.Correction{Draft: d, Minor: true})
		case 11:
			d.TranslationOf = id
			fallthrough
		default:
			var a press.Article
			a, _, err = tx.Publish(d)
			if err == nil {
				r.filed = append(r.filed, a.ID)
			}
		}
		if isRefused(err) {
			return nil // it would have changed nothing
		}
		return err
	})
}

// look asks a replica that has rendered nothing yet for every second document, the
// even and the odd ones in turn.
func (r *replicas) look() {
	r.Helper()
	fresh := newsroom{T: r.T, store: r.store, clock: clocktest.At(r.clock.Now())}
	fresh.handler = fresh.serve()
	var paths []string
	r.update(func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		for _, lang := range []press.Language{"en", "fr"} {
			for _, tag := range []string{"visits", "tag 1"} {
				paths = append(paths, press.Site{}.TagPage(lang, tag), press.Site{}.TagFeed(lang, tag, "rss"))
			}
			paths = append(paths, press.Site{}.Tags(lang), press.Site{}.SitemapPart(lang, 1), press.Site{}.OPML(lang, "rss"))
		}
		paths = append(paths, "/sitemap.xml", "/sitemap.sections.xml", "/sitemap.news.xml")
		for _, id := range []press.SectionID{press.Root, r.minister.ID, r.ministry.ID, r.room.ID} {
			s, _ := tree.Section(id)
			site := press.Site{}
			paths = append(paths, site.Section("en", s.Path), site.Archive("fr", s.Path, 1, "atom"))
			for _, lang := range []press.Language{"en", "fr"} {
				paths = append(paths, site.Feed(lang, s.Path, "atom"))
			}
			paths = append(paths, site.Archive("en", s.Path, 1, "atom"))
		}
		return err
	})
	for i, path := range paths {
		if (i+r.steps)%2 == 0 {
			continue
		}
		answer := fresh.get(path)
		if answer.StatusCode == http.StatusNotFound {
			continue
		}
		body := text(r.T, answer)
		tag, modified := path+answer.Header.Get("ETag"), answer.Header.Get("Last-Modified")
		if before, known := r.bodies[tag]; known && before != body {
			r.Errorf("%s: %s has other bytes under the same tag:\n%s", r.done, tag, firstDifference(before, body))
		}
		if before, known := r.modified[tag]; known && before != modified {
			r.Errorf("%s: %s was last modified %q, now %q", r.done, tag, before, modified)
		}
		r.bodies[tag], r.modified[tag] = body, modified
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

func isRefused(err error) bool {
	return errors.Is(err, press.ErrConflict) || errors.Is(err, press.ErrNotFound)
}
