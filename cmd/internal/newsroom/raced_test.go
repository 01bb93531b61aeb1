package newsroom

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

var races = flag.Int("newsroom.races", 100, "how often an approval and a save race")

// racedText is the document of a round.
func racedText(round int, says string) []byte {
	return []byte(source(fmt.Sprint("Treaty ", round), "language: en") + "\n" + says + "\n\n[Annex](annex.pdf)\n")
}

// TestApprovalRacesSave: of an approval and a save at the same time one wins. What goes out is
// what was shown to who approved it, text, files and manner, or nothing does.
func TestApprovalRacesSave(t *testing.T) {
	t.Parallel()
	o := newOfficeIn(newRoomOn(t, engines.Chosen(t)))
	again := manuscripts.How{Meant: []string{"again"}}
	annex := func(content string) Enclosed {
		return Enclosed{Put: []Enclosure{{Name: "annex.pdf", Content: []byte(content)}}}
	}
	changes := []struct {
		what  string
		says  string
		how   manuscripts.How
		files Enclosed
	}{
		{"the text", "As it was saved.", again, Enclosed{}},
		{"a file", "As it was shown.", again, annex(smallPDF + "% other\n")},
		{"who is told", "As it was shown.", manuscripts.How{Meant: again.Meant, Silent: true}, Enclosed{}},
	}
	approvals := 0
	wait := time.Millisecond // of the save: about as long as makes either win
	for round := range *races {
		change := changes[round%len(changes)]
		m, err := o.ana.BeginWith(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: racedText(round, "As it was shown."), How: again}, annex(smallPDF))
		if err == nil {
			m, err = o.ana.Submit(t.Context(), m.ID, m.Revision)
		}
		if err != nil {
			t.Fatal(err)
		}
		look, err := o.eva.Look(t.Context(), m.ID)
		if err != nil || look.Lacks != nil {
			t.Fatal(err, look.Lacks)
		}
		saved := make(chan error, 1)
		go func() {
			time.Sleep(wait)
			_, err := o.rui.SaveWith(t.Context(), m.ID, m.Revision, racedText(round, change.says), change.how, change.files)
			saved <- err
		}()
		r, approving := o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest})
		saving := <-saved
		if approving != nil {
			wait += wait/4 + time.Microsecond
			if !errors.Is(approving, ErrNotShown) || saving != nil {
				t.Errorf("round %d, %s: the approval: %v; the save: %v", round, change.what, approving, saving)
			}
			continue
		}
		approvals++
		wait -= wait / 4
		if !errors.Is(saving, press.ErrConflict) {
			t.Errorf("round %d, %s: it was approved, and the save: %v", round, change.what, saving)
		}
		a := o.stored(r.Article.ID)
		if !strings.Contains(string(a.Body), "As it was shown.") || a.Silent || !slices.ContainsFunc(look.Linked, func(f press.File) bool { return strings.Contains(string(a.Body), f.Hash) }) {
			t.Errorf("round %d, %s: there went out, silent %v:\n%s", round, change.what, a.Silent, a.Body)
		}
	}
	if n := o.articles(); n != approvals {
		t.Errorf("%d articles by %d approvals", n, approvals)
	}
	if approvals == 0 || approvals == *races {
		t.Errorf("%d of %d approvals won: it was no race", approvals, *races)
	}
}
