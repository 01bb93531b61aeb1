package command

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spec is a line of federation/SPECS.tsv.
type spec struct{ rule, level, holds, what, where string }

func readSpecs(t *testing.T) []spec {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "federation", "SPECS.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var specs []spec
	for _, row := range rows[1:] {
		specs = append(specs, spec{row[0], row[1], row[2], row[3], row[4]})
	}
	return specs
}

// ruled is a site with everything on it that the rules speak of, and a
// follower who has been told all of it.
type ruled struct {
	*testSite
	peer *peer
	// articles by what happened to them
	plain, corrected, withdrawn filed
	// deliveries, in order
	accept, create, createTwo, update, createThree, remove arrival
	// articleSite says articles whole, and whole is one of them.
	articleSite *testSite
	whole       arrival
}

func newRuled(t *testing.T) *ruled {
	t.Helper()
	w := &ruled{testSite: newSite(t), peer: newPeer(t)}
	w.file("publish", "--silent", w.markdown("From the archive", "An old statement.", "published: 2019-05-04 10:00"))
	w.serve()
	mustEqual(t, "the answer to a Follow", w.peer.send(w.actor()+"/inbox", w.peer.follow(w.actor())), 202)
	w.accept = w.peer.waitFor(1)[0]
	w.plain = w.publish("Wang & <Ølen> met", "lead: What was agreed & why.", "tags: [harbour, sea law]")
	w.create = w.peer.waitFor(2)[1]
	w.corrected = w.publish("A statment", "language: ar")
	w.createTwo = w.peer.waitFor(3)[2]
	w.file("correct", w.corrected.ID, w.markdown("A statement", "As corrected.", "language: ar"), "--note", "A letter was missing.")
	w.update = w.peer.waitFor(4)[3]
	w.withdrawn = w.publish("A slip")
	w.createThree = w.peer.waitFor(5)[4]
	w.file("withdraw", w.withdrawn.ID, "--reason", "Issued in error.")
	w.remove = w.peer.waitFor(6)[5]
	w.articleSite, w.whole = newArticleSite(t)
	return w
}

func (w *ruled) objectID(f filed) string { return w.base + "/ap/articles/" + f.ID }

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
