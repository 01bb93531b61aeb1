package newsroom

import (
	"errors"
	"testing"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// TestOlderTranslations: after a correction of the original its translations are older than it,
// until they are corrected or somebody with the right there says that they need no change.
func TestOlderTranslations(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	en, err := o.approve(o.rui, o.propose(o.ana, "Treaty", "language: en"))
	if err != nil {
		t.Fatal(err)
	}
	fr, err := o.approve(o.rui, o.propose(o.ana, "Traité", "language: fr", "translation_of: "+string(en.Article.ID)))
	if err != nil {
		t.Fatal(err)
	}
	older := func(by Desk) (worded int, mayAgree bool) {
		t.Helper()
		found, err := by.Older(t.Context(), fr.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		if found == nil {
			return 0, false
		}
		if found.Original.ID != en.Article.ID {
			t.Errorf("older than %q", found.Original.ID)
		}
		return found.Worded, found.MayAgree
	}
	if worded, _ := older(o.rui); worded != 0 {
		t.Errorf("older at first, than %d", worded)
	}
	o.amend(en.Article.ID, "Treaty", "language: en", "lead: It was signed.")
	for _, tt := range []struct {
		who  string
		by   Desk
		may  bool
		says error
	}{
		{"an author", o.ana, false, ErrMayNot},
		{"an approver of English alone", o.eva, false, ErrMayNot},
		{"an editor", o.rui, true, nil},
	} {
		if worded, may := older(tt.by); worded != 2 || may != tt.may {
			t.Errorf("%s is told that it is older than %d, and may agree: %v", tt.who, worded, may)
		}
		if err := tt.by.NeedsNoChange(t.Context(), fr.Article.ID, 1); err == nil {
			t.Errorf("%s agrees with what it said before", tt.who)
		}
		if err := tt.by.NeedsNoChange(t.Context(), fr.Article.ID, 2); !errors.Is(err, tt.says) || tt.says == nil && err != nil {
			t.Errorf("%s says that it needs no change: %v", tt.who, err)
		}
	}
	if worded, _ := older(o.rui); worded != 0 {
		t.Errorf("agreed, it is older than %d", worded)
	}
	if got := o.did(string(fr.Article.ID)); got != "rui said that a translation needs no change, rui filed by approval" {
		t.Errorf("the audit says %s", got)
	}
	if err := o.rui.NeedsNoChange(t.Context(), fr.Article.ID, 2); !errors.Is(err, press.ErrConflict) {
		t.Errorf("agreed twice: %v", err)
	}
}

// amend has a correction of an article proposed and approved.
func (o *office) amend(id press.ArticleID, title string, fields ...string) {
	o.t.Helper()
	m, err := o.ines.Propose(o.t.Context(), correctionOf(id, source(title, fields...)), nil)
	if err == nil {
		_, err = o.approve(o.rui, m)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func correctionOf(id press.ArticleID, text string) Proposal {
	return Proposal{Kind: manuscripts.Correction, Article: id, Text: []byte(text), How: manuscripts.How{Note: "A word was left out."}}
}
