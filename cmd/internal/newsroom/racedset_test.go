package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// TestSetApprovalRacesSave: the last approval of an all-or-none set at the same time as a save of
// a language that is approved already, and at the same time as another approval of the same. All
// of it goes out, as it was approved, or nothing does.
func TestSetApprovalRacesSave(t *testing.T) {
	t.Parallel()
	o := newOfficeIn(newRoomOn(t, engines.Chosen(t)))
	ctx := t.Context()
	o.come("max", "approver")
	max, err := o.As(ctx, "max")
	if err != nil {
		t.Fatal(err)
	}
	rounds := *races / 5
	wait := time.Millisecond
	whole, none := 0, 0
	text := func(round int, language, says string) []byte {
		return []byte(source(fmt.Sprintf("Treaty %d (%s)", round, language), "language: "+language) + "\n" + says + "\n")
	}
	how := manuscripts.How{Meant: []string{"again"}}
	for round := range rounds {
		en, err := o.ines.Begin(ctx, Proposal{Kind: manuscripts.NewArticle, Text: text(round, "en", "As it was shown."), How: how})
		if err != nil {
			t.Fatal(err)
		}
		fr, err := o.ines.BeginTranslation(ctx, en.ID, "fr")
		if err == nil {
			fr, err = o.ines.Save(ctx, fr.ID, fr.Revision, text(round, "fr", "As it was shown."), how)
		}
		if err == nil {
			err = o.ines.Rule(ctx, en.ID, true)
		}
		if err == nil {
			en, err = o.ines.Submit(ctx, en.ID, en.Revision)
		}
		if err == nil {
			fr, err = o.ines.Submit(ctx, fr.ID, fr.Revision)
		}
		if err == nil {
			_, err = o.approve(o.rui, fr)
		}
		if err != nil {
			t.Fatal(err)
		}
		look, err := max.Look(ctx, en.ID)
		if err != nil || look.Lacks != nil {
			t.Fatal(err, look.Lacks)
		}
		before := o.articles()
		saved, other := make(chan error, 1), make(chan error, 1)
		go func() {
			time.Sleep(wait)
			_, err := o.ines.Save(ctx, fr.ID, fr.Revision, text(round, "fr", "As it was saved."), how)
			saved <- err
		}()
		go func() {
			_, err := o.rui.Approve(ctx, en.ID, Approving{Revision: en.Revision, Digest: look.Digest})
			other <- err
		}()
		_, approving := max.Approve(ctx, en.ID, Approving{Revision: en.Revision, Digest: look.Digest})
		saving := <-saved
		<-other
		switch went := o.articles() - before; went {
		case 0:
			none++
			if wait += wait/4 + time.Microsecond; whole == 0 {
				wait *= 2 // a slow machine takes a while to come near
			}
			if saving != nil {
				t.Errorf("round %d: nothing went out and nothing was saved: %v, %v", round, approving, saving)
			}
		case 2:
			whole++
			wait -= wait / 4
			if !errors.Is(saving, press.ErrConflict) {
				t.Errorf("round %d: it went out, and the save: %v", round, saving)
			}
		default:
			t.Errorf("round %d: %d of 2 languages went out", round, went)
		}
	}
	if whole == 0 || none == 0 {
		t.Errorf("%d went out whole and %d not at all: it was no race", whole, none)
	}
	found, _, err := o.List(ctx, Listing{State: press.Published}, 10*rounds)
	for _, a := range found {
		if strings.Contains(string(a.Body), "As it was saved.") {
			t.Errorf("there went out what was not approved: %s", a.Title)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
