package storagetest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// newsDesk publishes, corrects, moves and withdraws articles at random, and
// moves a section with what is in it. It knows what readers of the ministry's
// section must have met.
type newsDesk struct {
	*world
	random *rand.Rand
	filed  []filedArticle
	below  bool                     // the activities are below the ministry
	joined map[press.ArticleID]bool // have ever stood in the ministry's section
}

type filedArticle struct {
	id        press.ArticleID
	section   press.SectionID
	withdrawn bool
}

func newNewsDesk(w *world) *newsDesk {
	return &newsDesk{
		world: w, random: rand.New(rand.NewPCG(3229, 5005)),
		below: true, joined: map[press.ArticleID]bool{},
	}
}

// work does a number of things in one transaction.
func (n *newsDesk) work(times int) {
	n.t.Helper()
	filed, below, joined := n.filed, n.below, n.joined
	n.update(func(tx *storage.Tx) error {
		n.filed, n.below, n.joined = slices.Clone(filed), below, maps.Clone(joined) // it may be run again
		for range times {
			if err := n.act(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (n *newsDesk) act(tx *storage.Tx) error {
	choice := n.random.IntN(40)
	if choice == 0 {
		return n.moveActivities(tx)
	}
	d := n.draft("Any")
	d.Section = []press.SectionID{n.activities, n.minister, n.ministry, n.pressRoom}[n.random.IntN(4)]
	if choice > 20 || len(n.filed) == 0 {
		a, _, err := tx.Publish(d)
		n.filed = append(n.filed, filedArticle{id: a.ID, section: d.Section})
		n.note()
		return err
	}
	a := &n.filed[n.random.IntN(len(n.filed))]
	switch {
	case a.withdrawn:
		return nil
	case choice > 15:
		a.withdrawn = true
		_, _, err := tx.Withdraw(a.id, "Issued in error.")
		return err
	}
	a.section = d.Section
	n.note()
	_, _, err := tx.Correct(a.id, newsdesk.Correction{Draft: d, Note: "Moved."})
	return err
}

func (n *newsDesk) moveActivities(tx *storage.Tx) error {
	to := n.minister
	if n.below {
		to = n.pressRoom
	}
	n.below = !n.below
	n.note()
	_, err := tx.MoveSection(n.activities, to, "activities", true)
	return err
}

// note writes down what has come to stand in the ministry's section.
func (n *newsDesk) note() {
	for _, a := range n.filed {
		if !a.withdrawn && a.section != n.pressRoom && (a.section != n.activities || n.below) {
			n.joined[a.id] = true
		}
	}
}

func (n *newsDesk) read(number int, met map[press.ArticleID]bool) {
	n.t.Helper()
	n.view(func(tx *storage.Tx) error {
		articles, err := tx.ArchiveArticles(n.ministry, "en", number)
		for _, a := range articles {
			met[a.ID] = true
		}
		return err
	})
}

func (n *newsDesk) missed(met, expected map[press.ArticleID]bool) (missed []press.ArticleID) {
	for id := range expected {
		if !met[id] {
			missed = append(missed, id)
		}
	}
	return missed
}

// checkWalk walks from the newest block to the first while the work goes on: it
// meets all that there was when it began. Reading on from the block in which it
// began, it meets the rest.
func (n *newsDesk) checkWalk() {
	n.t.Helper()
	n.work(300)
	expected, met := map[press.ArticleID]bool{}, map[press.ArticleID]bool{}
	for id := range n.joined {
		expected[id] = true
	}
	start := n.archiveBlocks(n.ministry, "en")
	for number := start; number >= 1; number-- {
		n.read(number, met)
		n.work(n.random.IntN(60))
	}
	n.same("missed by the walk", []press.ArticleID(nil), n.missed(met, expected))
	for number := start; number <= n.archiveBlocks(n.ministry, "en"); number++ {
		n.read(number, met)
	}
	n.same("missed by reading on", []press.ArticleID(nil), n.missed(met, n.joined))
}

// checkDeltas asks again and again for what is new, and has in the end every
// article of the archive in its newest state.
func (n *newsDesk) checkDeltas() {
	n.t.Helper()
	have := map[press.ArticleID]int{}
	var known press.Seq
	for range 20 {
		n.work(1 + n.random.IntN(25))
		n.view(func(tx *storage.Tx) error {
			articles, err := tx.ArticlesSince(n.ministry, "en", known, 1000)
			for _, a := range articles {
				have[a.ID] = a.Revision
				if a.State == press.Withdrawn {
					have[a.ID] = 0
				}
			}
			if err != nil {
				return err
			}
			known, _, err = tx.Changed(n.ministry, "en")
			return err
		})
	}
	want := map[press.ArticleID]int{}
	for number := 1; number <= n.archiveBlocks(n.ministry, "en"); number++ {
		n.view(func(tx *storage.Tx) error {
			articles, err := tx.ArchiveArticles(n.ministry, "en", number)
			for _, a := range articles {
				want[a.ID] = a.Revision
				if a.State == press.Withdrawn {
					want[a.ID] = 0
				}
			}
			return err
		})
	}
	n.same("what the reader has", want, have)
}
