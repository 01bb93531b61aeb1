package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// TestNobodyReleasesASetByTheBackDoor: while one language is not approved, nothing that can be
// done to an all-or-none set lets another one go out.
func TestNobodyReleasesASetByTheBackDoor(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(o *office, set map[string]manuscripts.Manuscript) error{
		"the one that lacks is given up": func(o *office, set map[string]manuscripts.Manuscript) error {
			return o.ines.GiveUp(o.t.Context(), set["ar"].ID)
		},
		"it goes out by the other rule": func(o *office, set map[string]manuscripts.Manuscript) error {
			return o.ines.Rule(o.t.Context(), set["en"].ID, false)
		},
		"by the other rule and back": func(o *office, set map[string]manuscripts.Manuscript) error {
			return errors.Join(o.ines.Rule(o.t.Context(), set["fr"].ID, false), o.ines.Rule(o.t.Context(), set["ar"].ID, true))
		},
		"it is given up and the rule said again": func(o *office, set map[string]manuscripts.Manuscript) error {
			return errors.Join(o.ines.GiveUp(o.t.Context(), set["ar"].ID), o.ines.Rule(o.t.Context(), set["en"].ID, true))
		},
		"the original is given up": func(o *office, set map[string]manuscripts.Manuscript) error {
			return o.ines.GiveUp(o.t.Context(), set["en"].ID)
		},
		"one that is approved is approved again": func(o *office, set map[string]manuscripts.Manuscript) error {
			_, err := o.approve(o.rui, set["fr"])
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			set := o.languageSet(true, "")
			for _, language := range []string{"en", "fr"} {
				if _, err := o.approve(o.rui, set[language]); err != nil {
					t.Fatal(err)
				}
			}
			if err := do(o, set); err != nil {
				t.Fatal(err)
			}
			if err := o.Watch(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := o.articles(); n != 0 {
				t.Errorf("%d articles; %s", n, o.standing(set))
			}
		})
	}
}

// TestSetRights: who writes in one language changes nothing of the others, and a set that waits
// for all is ruled by who edits all.
func TestSetRights(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.come("fay", "editor::fr", "approver::fr", "reader")
	fay, err := o.As(ctx, "fay")
	if err != nil {
		t.Fatal(err)
	}
	set := o.languageSet(true, "")
	for what, err := range map[string]error{
		"rules the set":             fay.Rule(ctx, set["fr"].ID, false),
		"gives up another language": fay.GiveUp(ctx, set["ar"].ID),
		"sends another one back":    second(fay.SendBack(ctx, set["en"].ID, set["en"].Revision, "No.")),
		"writes another one":        second(fay.Save(ctx, set["en"].ID, set["en"].Revision, []byte(treaty("en", "")), manuscripts.How{})),
		"makes hers another one":    second(fay.Save(ctx, set["fr"].ID, set["fr"].Revision, []byte(treaty("en", "")), manuscripts.How{})),
	} {
		if !errors.Is(err, ErrMayNot) {
			t.Errorf("fay, of French, %s: %v", what, err)
		}
	}
	look, err := fay.Look(ctx, set["ar"].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fay.Approve(ctx, set["ar"].ID, Approving{Revision: look.Manuscript.Revision, Digest: look.Digest}); !errors.Is(err, ErrMayNot) {
		t.Errorf("fay, of French, approves another language: %v", err)
	}
	if got := o.standing(set); got != "ar in review, en in review, fr in review" {
		t.Errorf("after all that: %s", got)
	}
	// The last approval may be hers: the others have theirs.
	for _, language := range []string{"en", "ar"} {
		if _, err := o.approve(o.rui, set[language]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.approve(fay, set["fr"]); err != nil {
		t.Error(err)
	}
	if got := strings.Join(o.in(press.Published), " "); got != "ar en fr" {
		t.Errorf("there are %q", got)
	}
	// A language is added to a set that waits for all by who edits all.
	waiting := o.propose(o.ines, "Another treaty", "language: en")
	if _, err := o.ines.BeginTranslation(ctx, waiting.ID, "ar"); err != nil {
		t.Fatal(err)
	}
	if err := o.ines.Rule(ctx, waiting.ID, true); err != nil {
		t.Fatal(err)
	}
	if _, err := fay.BeginTranslation(ctx, waiting.ID, "fr"); !errors.Is(err, ErrRule) {
		t.Errorf("fay makes a set wait for French: %v", err)
	}
	if err := o.ines.Rule(ctx, waiting.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := fay.BeginTranslation(ctx, waiting.ID, "fr"); err != nil {
		t.Errorf("fay begins French where nothing waits for it: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
