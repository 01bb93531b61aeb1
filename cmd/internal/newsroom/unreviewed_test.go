package newsroom

import (
	"errors"
	"slices"
	"testing"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// alone has ines release something without a second person, and returns the article.
func (o *office) alone(title string) press.Article {
	o.t.Helper()
	m := o.propose(o.ana, title, "language: en")
	look, err := o.ines.Look(o.t.Context(), m.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.ines.Approve(o.t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest, Reason: "It is two in the morning."})
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Article
}

// TestUnreviewed: what one has released alone stands as unreviewed until somebody has looked at it
// who neither released nor wrote it; approvers are written to at once.
func TestUnreviewed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if _, err := o.Invite(t.Context(), people.Person{Login: "nina", Email: "nina@mfa.example"}, []people.Grant{{Role: people.Author}}); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*Desk{&o.Desk, &o.ana, &o.ines, &o.eva, &o.rui} {
		d.Duty.Post, d.Duty.Addresses = true, []string{"duty@mfa.example"}
	}
	a := o.alone("At night")
	if got, want := o.addresses(string(a.ID)), []string{"duty@mfa.example"}; !slices.Equal(got, want) {
		t.Errorf("written to %q, want %q", got, want)
	}
	ids, err := o.eva.Unreviewed(t.Context())
	if err != nil || !ids[a.ID] {
		t.Errorf("unreviewed are %v, %v", ids, err)
	}
	for _, tt := range []struct {
		name string
		by   Desk
		how  Reviewing
		want error
	}{
		{"who released it", o.ines, Reviewing{Revision: 1, Agrees: true}, ErrMayNot},
		{"who wrote it", o.ana, Reviewing{Revision: 1, Agrees: true}, ErrMayNot},
		{"who may not read it back", o.leo, Reviewing{Revision: 1, Agrees: true}, ErrMayNot},
		{"of another revision", o.eva, Reviewing{Revision: 2, Agrees: true}, ErrNotShown},
		{"without a word", o.eva, Reviewing{Revision: 1}, press.ErrInvalid},
		{"somebody else", o.eva, Reviewing{Revision: 1, Agrees: true}, nil},
		{"twice", o.rui, Reviewing{Revision: 1, Agrees: true}, press.ErrConflict},
	} {
		if err := tt.by.Review(t.Context(), a.ID, tt.how); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if got, want := o.did(string(a.ID)), "eva agreed to what was released alone, ines filed by approval"; got != want {
		t.Errorf("the audit says %s, want %s", got, want)
	}
	if s, err := o.eva.Second(t.Context(), a.ID); err != nil || s.Unreviewed {
		t.Errorf("after that: %+v, %v", s, err)
	}
}

// TestObjection: who released it is told, until the article is corrected or withdrawn.
func TestObjection(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(o *office, a press.Article){
		"withdrawn": func(o *office, a press.Article) {
			if _, err := o.ines.Withdraw(o.t.Context(), a.ID, "It was wrong."); err != nil {
				o.t.Fatal(err)
			}
		},
		"corrected": func(o *office, a press.Article) {
			text, err := o.rui.Markdown(o.t.Context(), a.ID)
			if err != nil {
				o.t.Fatal(err)
			}
			m, err := o.rui.Propose(o.t.Context(), Proposal{Kind: manuscripts.Correction, Article: a.ID, Text: append(text, "More.\n"...), How: manuscripts.How{Note: "More of it."}}, nil)
			if err != nil {
				o.t.Fatal(err)
			}
			if _, err := o.approve(o.eva, m); err != nil {
				o.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			a := o.alone("At night")
			o.clock.Pass(time.Hour)
			if err := o.eva.Review(t.Context(), a.ID, Reviewing{Revision: 1, Remark: "The date is wrong."}); err != nil {
				t.Fatal(err)
			}
			s, err := o.ines.Second(t.Context(), a.ID)
			if err != nil || s.Unreviewed || s.Objection != "The date is wrong." || s.ObjectedBy != o.eva.Person.ID {
				t.Errorf("%+v, %v", s, err)
			}
			end(o, a)
			if s, err := o.ines.Second(t.Context(), a.ID); err != nil || s.Objection != "" {
				t.Errorf("after that: %+v, %v", s, err)
			}
		})
	}
}
