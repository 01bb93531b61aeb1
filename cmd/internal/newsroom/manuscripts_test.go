package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// TestSecondPerson: what one has written goes out when another has approved it.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Treaty", "language: en")
	if n := o.articles(); n != 0 {
		t.Fatalf("%d articles before it was approved", n)
	}
	if _, err := o.approve(o.ana, m); !errors.Is(err, ErrMayNot) {
		t.Errorf("an author approves: %v", err)
	}
	r, err := o.approve(o.eva, m)
	if err != nil {
		t.Fatal(err)
	}
	if a := o.stored(r.Article.ID); a.State != press.Published || a.Title != "Treaty" {
		t.Errorf("approved: %s %s", a.State, a.Title)
	}
	if got, want := o.did(m.ID), "eva manuscript approved, ana manuscript submitted, ana manuscript begun"; got != want {
		t.Errorf("the audit says %s, want %s", got, want)
	}
	if got := o.did(string(r.Article.ID)); got != "eva filed by approval" {
		t.Errorf("of the article the audit says %s", got)
	}
	if _, err := o.approve(o.rui, m); !errors.Is(err, press.ErrConflict) {
		t.Errorf("approved twice: %v", err)
	}
}

// TestWritersDoNotApprove: whoever wrote any revision is no second person.
func TestWritersDoNotApprove(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Treaty")
	m, err := o.rui.Save(t.Context(), m.ID, m.Revision, []byte(source("Treaty signed")), manuscripts.How{})
	if err != nil {
		t.Fatal(err)
	}
	if m.State != manuscripts.Draft {
		t.Errorf("saved, it is %s", m.State)
	}
	if _, err := o.approve(o.eva, m); !errors.Is(err, press.ErrConflict) {
		t.Errorf("approved before it was submitted: %v", err)
	}
	if m, err = o.rui.Submit(t.Context(), m.ID, m.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.rui, m); !errors.Is(err, ErrOwn) {
		t.Errorf("rui approves what rui wrote: %v", err)
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Error(err)
	}
}

// TestApprovalIsOfWhatWasShown: if anything of what goes out has changed since it was shown,
// nothing goes out.
func TestApprovalIsOfWhatWasShown(t *testing.T) {
	t.Parallel()
	file := func(o *office, m manuscripts.Manuscript, content string) {
		o.change(func(tx *storage.Tx) error { return tx.PutFile(m.ID, "annex.pdf", []byte(content)) })
	}
	const text = "\n\n[Annex](annex.pdf)\n"
	saved := func(field string) func(*office, manuscripts.Manuscript) {
		return func(o *office, m manuscripts.Manuscript) {
			m, err := o.ana.Save(o.t.Context(), m.ID, m.Revision, []byte(source("Treaty", field)+text), manuscripts.How{})
			if err == nil {
				_, err = o.ana.Submit(o.t.Context(), m.ID, m.Revision)
			}
			if err != nil {
				o.t.Fatal(err)
			}
		}
	}
	for name, change := range map[string]func(*office, manuscripts.Manuscript){
		"the text":             saved("lead: Other."),
		"the kind":             saved("kind: speech"),
		"the dateline":         saved("place: Almira"),
		"a contact":            saved("contacts: [{role: Desk, email: desk@mfa.example}]"),
		"the notes to editors": saved("notes_to_editors: [It is open to others.]"),
		"a file":               func(o *office, m manuscripts.Manuscript) { file(o, m, smallPDF+"% other\n") },
		"the place": func(o *office, _ manuscripts.Manuscript) {
			if _, err := o.leo.MoveSection(o.t.Context(), "the-ministry/statements", "/", false); err != nil {
				o.t.Fatal(err)
			}
		},
	} {
		o := newOffice(t)
		m, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte(source("Treaty") + text)}, fstest.MapFS{"annex.pdf": {Data: []byte(smallPDF)}})
		if err != nil {
			t.Fatal(err)
		}
		look, err := o.eva.Look(t.Context(), m.ID)
		if err != nil || look.Lacks != nil {
			t.Fatal(err, look.Lacks)
		}
		if again, err := o.rui.Look(t.Context(), m.ID); err != nil || again.Digest != look.Digest {
			t.Errorf("%s: looked at twice: %s and %s, %v", name, look.Digest, again.Digest, err)
		}
		change(o, m)
		_, err = o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest})
		if err == nil {
			t.Errorf("%s: approved what was not shown", name)
		}
		if !errors.Is(err, ErrNotShown) {
			t.Errorf("%s: %v", name, err)
		}
		if n := o.articles(); n != 0 {
			t.Errorf("%s: %d articles", name, n)
		}
	}
}

// TestDigestHasAllParticulars: of whatever stands beside the text the approval is that which
// was shown, even if nobody has saved anything since.
func TestDigestHasAllParticulars(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	digests := map[string]string{}
	for _, p := range []press.Particulars{
		{}, {Kind: "speech"}, {Kind: "readout"}, {Place: "Almira"}, {NotesToEditors: []string{"One."}}, {NotesToEditors: []string{"One.", "Two."}},
		{Contacts: []press.Contact{{Name: "Rosa"}}}, {Contacts: []press.Contact{{Role: "Rosa"}}}, {Contacts: []press.Contact{{Telephone: "1"}}}, {Contacts: []press.Contact{{Email: "1"}}},
	} {
		o.change(func(tx *storage.Tx) error {
			l := Looked{Result: Result{Article: press.Article{Title: "Treaty", Language: "en", Particulars: p}}}
			got, err := digestOf(tx, l, Document{})
			if other, known := digests[got]; known {
				t.Errorf("%+v has the digest of %s", p, other)
			}
			digests[got] = fmt.Sprintf("%+v", p)
			return err
		})
	}
}

// TestAlone: who may, releases without a second person, with a reason that is noted and told.
func TestAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ines, "At night")
	look, err := o.ines.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.rui.Approve(t.Context(), m.ID, Approving{Revision: 1, Digest: look.Digest, Reason: "It is two."}); !errors.Is(err, ErrMayNot) {
		t.Errorf("rui releases alone: %v", err)
	}
	if _, err := o.ines.Approve(t.Context(), m.ID, Approving{Revision: 1, Digest: look.Digest, Reason: "It is two in the morning."}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(o.told.String(), "released without a second person") || !strings.HasPrefix(o.did(m.ID), "ines manuscript released alone") {
		t.Errorf("it was told as %s, and noted as %s", o.told.String(), o.did(m.ID))
	}
}

// TestNothingGoesOutBeside: where there are people, nothing is filed, corrected or imported
// without one who may release alone; to withdraw takes one person, with the right.
func TestNothingGoesOutBeside(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.approve(o.eva, o.propose(o.ana, "Treaty"))
	if err != nil {
		t.Fatal(err)
	}
	doc := o.document("Summit")
	for _, by := range []Desk{o.Desk, o.ana, o.eva, o.ines} {
		if _, err := by.File(t.Context(), doc, Filing{}); !errors.Is(err, ErrReview) {
			t.Errorf("%q files: %v", by.Person.Login, err)
		}
		if _, err := by.Correct(t.Context(), r.Article.ID, o.document("Treaty signed"), Correction{Minor: true}); !errors.Is(err, ErrReview) {
			t.Errorf("%q corrects: %v", by.Person.Login, err)
		}
	}
	if _, err := o.rui.ByAlone("night"); !errors.Is(err, ErrMayNot) {
		t.Errorf("rui alone: %v", err)
	}
	alone, err := o.ines.ByAlone("night")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.File(t.Context(), doc, Filing{}); err != nil {
		t.Error(err)
	}
	if _, err := o.ana.Withdraw(t.Context(), r.Article.ID, "Issued in error."); !errors.Is(err, ErrMayNot) {
		t.Errorf("ana withdraws: %v", err)
	}
	if _, err := o.eva.Withdraw(t.Context(), r.Article.ID, "Issued in error."); err != nil {
		t.Error(err)
	}
}

// TestProposedCorrection: a correction is one proposal at a time, and goes out like an
// article: by another's approval of what they were shown.
func TestProposedCorrection(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.approve(o.eva, o.propose(o.ana, "Treaty", "language: en", "published: 2026-12-24 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Article.State != press.Embargoed {
		t.Fatalf("approved: %s", r.Article.State)
	}
	proposal := Proposal{Kind: manuscripts.Correction, Article: r.Article.ID, Text: []byte(source("Treaty signed", "published: 2026-12-24 10:00"))}
	if _, err := o.ana.Begin(t.Context(), proposal); !errors.Is(err, ErrMayNot) {
		t.Errorf("an author corrects: %v", err)
	}
	m, err := o.rui.Propose(t.Context(), proposal, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ines.Begin(t.Context(), proposal); !errors.Is(err, press.ErrConflict) {
		t.Errorf("a second proposal: %v", err)
	}
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Set(time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC))
	o.change(func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	})
	if _, err := o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest}); err == nil {
		t.Error("a correction of a draft goes out when its article is public, without a note")
	}
	if a := o.stored(r.Article.ID); a.Title != "Treaty" || a.State != press.Published {
		t.Errorf("the article is %s, %q", a.State, a.Title)
	}
	m, err = o.rui.Save(t.Context(), m.ID, m.Revision, proposal.Text, manuscripts.How{Note: "It was signed."})
	if err == nil {
		m, err = o.rui.Submit(t.Context(), m.ID, m.Revision)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Fatal(err)
	}
	if a := o.stored(r.Article.ID); a.Title != "Treaty signed" || a.Revision != 2 {
		t.Errorf("corrected, it is %q in revision %d", a.Title, a.Revision)
	}
}

// TestWhoReads: a manuscript is there for those who may read it, and not for others.
func TestWhoReads(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	french := o.propose(o.ana, "Traité", "language: fr")
	named, err := o.ana.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte(source("Named", "language: en")), Named: []string{o.ana.Person.ID}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		who  string
		desk Desk
		m    manuscripts.Manuscript
		may  bool
	}{
		{"ana her own", o.ana, french, true},
		{"eva in French", o.eva, french, false},
		{"rui in all languages", o.rui, french, true},
		{"ines who may release it alone", o.ines, french, true},
		{"the operator", o.leo, french, false},
		{"nobody", o.Desk, french, false},
		{"ana who is named", o.ana, named, true},
		{"eva who may release it", o.eva, named, true},
		{"ines who is not named", o.ines, named, false},
	} {
		_, err := test.desk.Look(t.Context(), test.m.ID)
		if got := err == nil; got != test.may || !got && !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s: %v", test.who, err)
		}
	}
	if _, err := o.leo.RemovePerson(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	gone, err := o.As(t.Context(), "ana")
	if !errors.Is(err, press.ErrNotFound) {
		t.Errorf("ana was removed: %v", err)
	}
	if _, err := gone.Look(t.Context(), french.ID); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("who was removed reads: %v", err)
	}
}

// TestWhatIsLacking: what cannot go out is told when it is looked at, and is not submitted;
// of what is given up nothing is left.
func TestWhatIsLacking(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m, err := o.ana.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte("---\ntitle: Treaty\nsection: the-ministry/statements\n---\n\n[Annex](annex.pdf)\n")})
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.ana.Look(t.Context(), m.ID)
	if err != nil || look.Lacks == nil || !strings.Contains(look.Lacks.Error(), "annex.pdf") {
		t.Errorf("it lacks %v, %v", look.Lacks, err)
	}
	if _, err := o.ana.Submit(t.Context(), m.ID, m.Revision); err == nil {
		t.Error("submitted without its annex")
	}
	if _, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte("nothing")}, nil); err == nil {
		t.Error("proposed without a title")
	}
	if err := o.ana.GiveUp(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		left, err := tx.Manuscripts(manuscripts.Listing{States: []manuscripts.State{manuscripts.Draft, manuscripts.InReview}}, manuscripts.Place{}, 10)
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		return nil
	})
}

// TestSendBack: who reviews sends back with a remark.
func TestSendBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Treaty")
	if _, err := o.eva.SendBack(t.Context(), m.ID, m.Revision, " "); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("without a remark: %v", err)
	}
	if _, err := o.ana.SendBack(t.Context(), m.ID, m.Revision, "No."); !errors.Is(err, ErrMayNot) {
		t.Errorf("by an author: %v", err)
	}
	m, err := o.eva.SendBack(t.Context(), m.ID, m.Revision, "Say where it was signed.")
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.ana.Look(t.Context(), m.ID)
	if err != nil || look.Manuscript.State != manuscripts.Draft || len(look.Remarks) != 1 || look.Remarks[0].Text != "Say where it was signed." {
		t.Errorf("sent back: %v, %v", look, err)
	}
}

// TestTakeBack: who has handed something in undoes that, as long as nobody has approved it.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Treaty", "language: en")
	if _, err := o.eva.TakeBack(t.Context(), m.ID, m.Revision); !errors.Is(err, ErrMayNot) {
		t.Errorf("by an approver: %v", err)
	}
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = o.ana.TakeBack(t.Context(), m.ID, m.Revision); err != nil || m.State != manuscripts.Draft {
		t.Fatalf("by its author: %v, %v", m.State, err)
	}
	if _, err := o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest}); !errors.Is(err, press.ErrConflict) || o.articles() != 0 {
		t.Errorf("approved all the same: %v", err)
	}
	if _, err := o.ana.TakeBack(t.Context(), m.ID, m.Revision); !errors.Is(err, press.ErrConflict) {
		t.Errorf("once more: %v", err)
	}
	if got, want := o.did(m.ID), "ana manuscript taken back, ana manuscript submitted, ana manuscript begun"; got != want {
		t.Errorf("the audit says %s, want %s", got, want)
	}
}

// TestPictureIsMadeAlone: a picture that would go out is made of its own file, whatever is beside
// it, for those who may read the manuscript.
func TestPictureIsMadeAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text := []byte(source("Treaty", "language: en") + "\n![One](one.png)\n\n![Two](<the two.png>)\n")
	m, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: text}, fstest.MapFS{"one.png": picture(t, 16), "the two.png": picture(t, 24)})
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil || len(look.Sources) != 2 {
		t.Fatal(look.Sources, err)
	}
	o.change(func(tx *storage.Tx) error { return tx.DropFile(m.ID, "one.png") })
	for name, file := range look.Sources {
		p, err := o.eva.Picture(t.Context(), m.ID, name, file)
		if there := file != "one.png"; there && (err != nil || p.Name() != name || p.Width != 24) || !there && !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s of %s: %s, %v", name, file, p.Name(), err)
		}
		for what, refused := range map[string]func() (newsdesk.Media, error){
			"to who may not read it": func() (newsdesk.Media, error) { return o.leo.Picture(t.Context(), m.ID, name, file) },
			"of another file":        func() (newsdesk.Media, error) { return o.eva.Picture(t.Context(), m.ID, name, "annex.pdf") },
			"by another name":        func() (newsdesk.Media, error) { return o.eva.Picture(t.Context(), m.ID, "x.png", file) },
		} {
			if _, err := refused(); !errors.Is(err, press.ErrNotFound) {
				t.Errorf("%s %s: %v", name, what, err)
			}
		}
	}
}
