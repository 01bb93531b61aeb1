package newsroom

import (
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/manuscripts"
)

// TestHiddenWordingLeavesManuscripts: of what a correction hides nothing is left in what it was
// made of: no revision, remark, file or unsaved text of any manuscript of the article has it.
func TestHiddenWordingLeavesManuscripts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.propose(o.rui, "Treaty with Wrongname")
	r, err := o.approve(o.eva, first)
	if err != nil {
		t.Fatal(err)
	}
	text, err := o.rui.Markdown(t.Context(), r.Article.ID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.Correction, Article: r.Article.ID, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.ines.RemarkOn(t.Context(), m.ID, "It is not Wrongname."); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ines.KeepTyped(t.Context(), manuscripts.Unsaved{Form: "form", Manuscript: m.ID, On: 1, Document: text}, ""); err != nil {
		t.Fatal(err)
	}
	right := strings.ReplaceAll(string(text), "Wrongname", "Rightname")
	m, err = o.rui.Save(t.Context(), m.ID, 1, []byte(right), manuscripts.How{Note: "A name was wrong.", Hide: true})
	if err == nil {
		m, err = o.rui.Submit(t.Context(), m.ID, m.Revision)
	}
	if err == nil {
		_, err = o.approve(o.eva, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		all, err := tx.ManuscriptsOf(r.Article.ID)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d manuscripts, %v", len(all), err)
		}
		for _, m := range all {
			if strings.Contains(m.Title, "Wrongname") {
				t.Errorf("manuscript %s is called %q", m.ID, m.Title)
			}
			for n := range m.Revision {
				rev, err := tx.RevisionOf(m.ID, n+1)
				if err != nil {
					return err
				}
				if strings.Contains(string(rev.Document), "Wrongname") {
					t.Errorf("revision %d of %s has the wording", n+1, m.ID)
				}
			}
			remarks, err := tx.RemarksOn(m.ID)
			if err != nil || len(remarks) > 0 {
				t.Errorf("remarks: %v, %v", remarks, err)
			}
			typed, err := tx.UnsavedIn(m.ID)
			if err != nil || len(typed) > 0 {
				t.Errorf("unsaved: %v, %v", typed, err)
			}
			lines, err := tx.AuditOf(m.ID, 100)
			for _, l := range lines {
				for name, value := range l.Facts {
					if strings.Contains(value, "Wrongname") {
						t.Errorf("the audit has it: %s: %s", name, value)
					}
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if look, err := o.rui.Look(t.Context(), first.ID); err != nil || look.Manuscript.Title != "Treaty with Rightname" {
		t.Errorf("the first manuscript: %q, %v", look.Manuscript.Title, err)
	}
}
