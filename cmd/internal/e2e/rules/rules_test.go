package rules

import (
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/tsv"
)

// spec is a line of federation/SPECS.tsv.
type spec struct{ rule, holds, what string }

func readSpecs(t *testing.T) (specs []spec) {
	t.Helper()
	rows, err := tsv.Read(e2etest.Source(t, "federation/SPECS.tsv"), "rule", "level", "holds", "what", "where")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		specs = append(specs, spec{rule: row["rule"], holds: row["holds"], what: row["what"]})
	}
	return specs
}

// ruled is a site with everything on it that the rules speak of, and a
// follower who has been told all of it.
type ruled struct {
	*e2etest.Site
	peer *e2etest.Peer
	// articles by what happened to them
	plain, corrected, withdrawn e2etest.Filed
	// deliveries, in order
	accept, create, createTwo, update, createThree, remove e2etest.Arrival
	// articleSite says articles whole, and whole is one of them.
	articleSite *e2etest.Site
	whole       e2etest.Arrival
}

func newRuled(t *testing.T) *ruled {
	t.Helper()
	w := &ruled{Site: e2etest.NewSite(t), peer: e2etest.NewPeer(t)}
	w.Configure("languages: [en]", "languages: [en, ar]")
	w.File("publish", "--silent", w.Markdown("From the archive", "An old statement.", "published: 2019-05-04 10:00"))
	w.Serve()
	e2etest.Equal(t, "the answer to a Follow", w.peer.Send(w.Actor()+"/inbox", w.peer.Follow(w.Actor())), 202)
	w.accept = w.peer.WaitFor(1)[0]
	w.plain = w.Publish("Wang & <Ølen> met", "lead: What was agreed & why.", "tags: [harbour, sea law]")
	w.create = w.peer.WaitFor(2)[1]
	w.corrected = w.Publish("A statment", "language: ar")
	w.createTwo = w.peer.WaitFor(3)[2]
	w.File("correct", w.corrected.ID, w.Markdown("A statement", "As corrected.", "language: ar"), "--replace", "--note", "A letter was missing.")
	w.update = w.peer.WaitFor(4)[3]
	w.withdrawn = w.Publish("A slip")
	w.createThree = w.peer.WaitFor(5)[4]
	w.File("withdraw", w.withdrawn.ID, "--reason", "Issued in error.")
	w.remove = w.peer.WaitFor(6)[5]
	w.articleSite, w.whole = newArticleSite(t)
	return w
}

func (w *ruled) objectID(f e2etest.Filed) string { return w.Base + "/ap/articles/" + f.ID }

// TestRules holds a running server to every rule of receivers that
// federation/SPECS.tsv says to hold, by its id.
func TestRules(t *testing.T) {
	t.Parallel()
	w := newRuled(t)
	rules := map[string]func(t *testing.T, w *ruled){}
	for _, table := range []map[string]func(*testing.T, *ruled){finding, acting, saying, rendering, changing, sending, signing, receiving} {
		for rule, test := range table {
			if rules[rule] != nil {
				t.Errorf("rule %s has two tests", rule)
			}
			rules[rule] = test
		}
	}
	for _, s := range readSpecs(t) {
		test := rules[s.rule]
		switch {
		case s.holds == "no" && test != nil:
			t.Errorf("rule %s has a test and is said not to hold", s.rule)
		case s.holds != "no" && test == nil:
			t.Errorf("rule %s is said to hold and has no test", s.rule)
		case test != nil:
			t.Run(s.rule+" "+strings.ReplaceAll(s.what, "/", " "), func(t *testing.T) { test(t, w) })
		}
	}
}
