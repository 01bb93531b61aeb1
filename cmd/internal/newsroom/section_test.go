package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/press"
)

// TestAddSections makes what is missing of a path, and nothing twice.
func TestAddSections(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		names []string
		n     NewSections
		made  []press.Path
		path  press.Path
		err   error
	}{
		{"missing", []string{"The Ministry", "The Minister", "Speeches"}, NewSections{}, []press.Path{"the-ministry/the-minister", "the-ministry/the-minister/speeches"}, "the-ministry/the-minister/speeches", nil},
		{"there", []string{"the ministry", "STATEMENTS"}, NewSections{}, nil, "the-ministry/statements", nil},
		{"there with the slug", []string{"The Ministry", "Statements"}, NewSections{Slug: "statements"}, nil, "the-ministry/statements", nil},
		{"there with another slug", []string{"The Ministry", "Statements"}, NewSections{Slug: "said"}, nil, "", press.ErrConflict},
		{"slug of the last", []string{"The Press", "Diary"}, NewSections{Slug: "agenda"}, []press.Path{"the-press", "the-press/agenda"}, "the-press/agenda", nil},
		{"a language without pages", []string{"تصريحات"}, NewSections{Language: "de", Slug: "said"}, nil, "", press.ErrInvalid},
		{"a slash", []string{"press/new"}, NewSections{}, nil, "", press.ErrInvalid},
		{"a full-width slash below", []string{"The Press", "in／out"}, NewSections{}, nil, "", press.ErrInvalid},
		{"Arabic", []string{"تصريحات"}, NewSections{Language: "fr", Slug: "said"}, []press.Path{"said"}, "said", nil},
		{"Arabic without a slug", []string{"تصريحات"}, NewSections{Language: "fr"}, nil, "", press.ErrInvalid},
		{"empty name", []string{"The Press", " "}, NewSections{Slug: "x"}, nil, "", press.ErrInvalid},
		{"nothing", nil, NewSections{}, nil, "", press.ErrInvalid},
		{"reserved", []string{"Articles"}, NewSections{}, nil, "", press.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			added, err := r.AddSections(t.Context(), tt.names, tt.n)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				if n := r.tree(); len(n) != 2 {
					t.Errorf("there are %v after an error, want what there was", n)
				}
				return
			}
			var made []press.Path
			for _, s := range added.Made {
				made = append(made, s.Path)
			}
			if diff := cmp.Diff(tt.made, made); diff != "" || added.Section.Path != tt.path {
				t.Errorf("at %s (-want +made):\n%s", added.Section.Path, diff)
			}
		})
	}
	var noSlug *NoSlugError
	_, err := newRoom(t).AddSections(t.Context(), []string{"تصريحات"}, NewSections{})
	if !errors.As(err, &noSlug) || noSlug.Name != "تصريحات" {
		t.Errorf("a name without Latin letters: %v", err)
	}
}

// tree lists the paths of all sections.
func (r *room) tree() (paths []press.Path) {
	r.t.Helper()
	r.look(func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		tree.Walk(func(s press.Section, _ int) { paths = append(paths, s.Path) })
		return err
	})
	return paths
}

// TestMovedSections: a section that is renamed or moved is found by the paths that
// it had; these are taken only by who says so.
func TestMovedSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	renamed, err := r.RenameSection(t.Context(), "the-ministry/statements", "said", false)
	if err != nil || renamed.Section.Path != "the-ministry/said" || renamed.Before != "the-ministry/statements" {
		t.Errorf("renamed: %+v, %v", renamed, err)
	}
	moved, err := r.MoveSection(t.Context(), "the-ministry/statements", " / ", false)
	if err != nil || moved.Section.Path != "said" || moved.Before != "the-ministry/said" {
		t.Errorf("moved to the top: %+v, %v", moved, err)
	}
	if a := r.file("Filed under the path of long ago"); a.Section != moved.Section.ID {
		t.Errorf("it is filed in section %d, want %d", a.Section, moved.Section.ID)
	}
	if _, err := r.AddSections(t.Context(), []string{"The Ministry", "Statements"}, NewSections{Slug: "statements"}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("its former path for another section: %v", err)
	}
	if _, err := r.AddSections(t.Context(), []string{"The Ministry", "Old Statements"}, NewSections{Slug: "statements", Take: true}); err != nil {
		t.Errorf("its former path, taken: %v", err)
	}
	if _, err := r.MoveSection(t.Context(), "said", "the-ministry", false); err != nil {
		t.Errorf("moved back: %v", err)
	}
	for name, err := range map[string]error{
		"an unknown section": err1(r.MoveSection(t.Context(), "nowhere", "/", false)),
		"an unknown parent":  err1(r.MoveSection(t.Context(), "the-ministry", "nowhere", false)),
		"an unknown name":    err1(r.RenameSection(t.Context(), "nowhere", "x", false)),
		"a weight":           err1(r.MovesSlowly(t.Context(), "nowhere")),
	} {
		if !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if slow, err := r.MovesSlowly(t.Context(), "the-ministry"); slow || err != nil {
		t.Errorf("one article: slow %v, %v", slow, err)
	}
}

// TestNamedSections: a name in a language, or in the desk's.
func TestNamedSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	named, err := r.NameSection(t.Context(), "The Ministry > Statements", "fr", "Déclarations")
	if err != nil || named.Section.Names["fr"] != "Déclarations" || named.Section.Names["en"] != "Statements" {
		t.Errorf("%+v, %v", named.Section, err)
	}
	if named, err = r.NameSection(t.Context(), "the-ministry/statements", "", "Communiqués"); err != nil || named.Section.Names["en"] != "Communiqués" {
		t.Errorf("%+v, %v", named.Section, err)
	}
}

// TestClosedSections: nothing is filed in a closed section; its readers are told to
// read on where it was said, or above.
func TestClosedSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("Press Room")
	closed, err := r.CloseSection(t.Context(), "the-ministry/statements", "press-room")
	if err != nil || closed.Section.Closed.IsZero() || len(closed.Tree.Instead(closed.Section.ID)) != 1 {
		t.Errorf("closed: %+v, %v", closed.Section, err)
	}
	if _, err := r.File(t.Context(), r.document("Late"), Filing{}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("filed in a closed section: %v", err)
	}
	if _, err := r.CloseSection(t.Context(), "the-ministry", "nowhere"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("an unknown one instead: %v", err)
	}
	opened, err := r.ReopenSection(t.Context(), "the-ministry/statements")
	if err != nil || !opened.Section.Closed.IsZero() {
		t.Errorf("reopened: %+v, %v", opened.Section, err)
	}
	if _, err := r.ReopenSection(t.Context(), "the-ministry/statements"); !errors.Is(err, press.ErrConflict) {
		t.Errorf("reopened twice: %v", err)
	}
}

// TestSiblingsHaveNamesOfTheirOwn, in every language and whatever the case: a path of
// names leads to one section.
func TestSiblingsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("The Ministry", "Speeches")
	r.sections("Speeches")
	for name, err := range map[string]error{
		"a sibling's name":          err1(r.NameSection(t.Context(), "the-ministry/speeches", "", " statements ")),
		"in another language":       err1(r.NameSection(t.Context(), "the-ministry/speeches", "fr", "Statements")),
		"moved beside its namesake": err1(r.MoveSection(t.Context(), "speeches", "the-ministry", false)),
	} {
		if !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"a language without pages": err1(r.NameSection(t.Context(), "the-ministry/speeches", "de", "Reden")),
		"a slash":                  err1(r.NameSection(t.Context(), "the-ministry/speeches", "fr", "Discours/Notes")),
		"a path":                   err1(r.NameSection(t.Context(), "the-ministry/speeches", "fr", "Le ministre > Discours")),
	} {
		if !errors.Is(err, press.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for what, same := range map[string]string{
		"capitals": "STATEMENTS", "wide letters": "Ｓｔａｔｅｍｅｎｔｓ", "a zero-width space": "State\u200bments", "a joiner": "State\u200dments",
		"a soft hyphen": "State\u00adments", "a mark of order": "\ufeffStatements", "marks of direction": "\u2066Statements\u2069\u200e",
		"blanks": "  Statements \u00a0", "a selector": "Statements\ufe0f", "a filler": "\u3164Statements", "letters of mathematics": "𝐒𝐭𝐚𝐭𝐞𝐦𝐞𝐧𝐭𝐬",
	} {
		if err := err1(r.NameSection(t.Context(), "the-ministry/speeches", "", same)); !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
		added, err := r.AddSections(t.Context(), []string{"The Ministry", same}, NewSections{})
		if err != nil || len(added.Made) > 0 {
			t.Errorf("%s, added: %v, %v", what, added.Made, err)
		}
		if err := err1(r.AddSections(t.Context(), []string{"The Ministry", same}, NewSections{Slug: "second"})); !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s, added at another address: %v", what, err)
		}
	}
	r.sections("The Ministry", "COP")
	r.sections("Other")
	for name, parent := range map[string]string{
		"Staternents": "The Ministry", "Statemënts": "The Ministry", "5tatements": "", "СОР": "The Ministry", "ϹΟΡ": "The Ministry", "0ther": "", "Οther Ministry": "", "The Mlnistry": "", "ΤΗΕ ΜΙΝΙЅΤRΥ": "", "Statement": "The Ministry",
	} {
		path, free := []string{name}, name == "5tatements" || name == "Statement"
		if parent != "" {
			path = []string{parent, name}
		}
		err := r.Rehearse(t.Context(), func(d Desk) error {
			return err1(d.AddSections(t.Context(), path, NewSections{Slug: "second"}))
		})
		if free && err != nil || !free && !errors.Is(err, press.ErrConflict) && !errors.Is(err, press.ErrInvalid) {
			t.Errorf("%s, which looks like another name: %v", name, err)
		}
	}
	r.sections("The Ministry", "Café du Port")
	for what, err := range map[string]error{
		"another normal form":    err1(r.AddSections(t.Context(), []string{"The Ministry", "Cafe\u0301 du Port"}, NewSections{Slug: "second"})),
		"other blanks":           err1(r.AddSections(t.Context(), []string{"The Ministry", "Café\u00a0du\u202fPort"}, NewSections{Slug: "second"})),
		"the address of another": err1(r.AddSections(t.Context(), []string{"The Ministry", "cafe-du-port"}, NewSections{Slug: "second"})),
	} {
		if !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	r.sections("archiv")
	if err := err1(r.RenameSection(t.Context(), "archiv", "records", false)); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"renamed to the name of another": err1(r.RenameSection(t.Context(), "speeches", "archiv", true)),
		"added at the name of another":   err1(r.AddSections(t.Context(), []string{"Files"}, NewSections{Slug: "archiv", Take: true})),
	} {
		if !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := err1(r.AddSections(t.Context(), []string{"\u200b\u3164"}, NewSections{Slug: "unseen"})); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("nothing that readers see: %v", err)
	}
	if _, err := r.NameSection(t.Context(), "the-ministry/speeches", "fr", "Speeches"); err != nil {
		t.Errorf("its own name in another language: %v", err)
	}
}

// TestReopenedBelowWhatIsClosed: it says what is still missing.
func TestReopenedBelowWhatIsClosed(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, path := range []string{"the-ministry/statements", "the-ministry"} {
		if _, err := r.CloseSection(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	opened, err := r.ReopenSection(t.Context(), "the-ministry/statements")
	if by, closed := opened.Tree.ClosedBy(opened.Section.ID); err != nil || !closed || by.Path != "the-ministry" {
		t.Errorf("closed by %q, %v", by.Path, err)
	}
	if _, err := r.ReopenSection(t.Context(), "the-ministry/statements"); err == nil || !strings.Contains(err.Error(), "is closed because the-ministry is") {
		t.Errorf("again: %v", err)
	}
}

// TestRemovedSections had nothing filed in them, and nobody refers to them.
func TestRemovedSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	mistyped := r.sections("The Ministry", "Speaches")
	if _, err := r.RemoveSection(t.Context(), "The Ministry > Speaches"); err != nil {
		t.Fatal(err)
	}
	if again := r.sections("The Ministry", "Speaches"); again.ID == mistyped.ID {
		t.Errorf("another section has the number %d of the one that was removed", again.ID)
	}
	r.sections("Drafts")
	doc := r.document("Never public", "published: 2027-01-01")
	doc.Section = "drafts"
	draft := r.publish(doc)
	if _, err := r.RemoveSection(t.Context(), "drafts"); !errors.Is(err, press.ErrConflict) {
		t.Errorf("with a draft: %v", err)
	}
	if _, err := r.Withdraw(t.Context(), draft.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RemoveSection(t.Context(), "drafts"); err != nil {
		t.Errorf("with a cancelled draft: %v", err)
	}
	if all, _, err := r.List(t.Context(), Listing{State: press.Cancelled}, 9); err != nil || len(all) != 1 || all[0].ID != draft.ID {
		t.Errorf("the cancelled draft: %+v, %v", all, err)
	}
	r.sections("Old")
	if _, err := r.CloseSection(t.Context(), "old", "the-ministry/speaches"); err != nil {
		t.Fatal(err)
	}
	a := r.file("Moved since")
	if _, err := r.Withdraw(t.Context(), a.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	r.sections("Announced")
	r.Announcers = []Announcing{{Actor: "speaker", Section: "announced"}}
	for path, why := range map[string]string{
		"the-ministry":            "there are sections below",
		"the-ministry/statements": "has had articles",
		"the-ministry/speaches":   "readers of old",
		"announced":               "@speaker",
	} {
		if _, err := r.RemoveSection(t.Context(), path); !errors.Is(err, press.ErrConflict) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", path, err, why)
		}
	}
}

func err1[T any](_ T, err error) error { return err }

// TestADocumentNamesASectionAsItWas: files of editors outlive the names of sections.
func TestADocumentNamesASectionAsItWas(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("Press Room", "News")
	must := func(_ Changed, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(r.NameSection(t.Context(), "press-room/news", "fr", "Nouvelles"))
	must(r.MoveSection(t.Context(), "press-room/news", "the-ministry", false))
	must(r.NameSection(t.Context(), "the-ministry", "en", "The Foreign Ministry"))
	must(r.NameSection(t.Context(), "the-ministry/news", "en", "News and Views"))
	must(r.RenameSection(t.Context(), "the-ministry/statements", "declarations", false))
	paths := map[press.SectionID]press.Path{}
	if err := r.Store.View(t.Context(), func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		tree.Walk(func(s press.Section, _ int) { paths[s.ID] = s.Path })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct{ section, in, note string }{
		{"Press Room > News", "the-ministry/news", `"The Foreign Ministry > News and Views"`},
		{"press room > nouvelles", "the-ministry/news", `"The Foreign Ministry > News and Views"`},
		{"The Ministry > News", "the-ministry/news", `"The Foreign Ministry > News and Views"`},
		{"The Ministry", "the-ministry", `"The Foreign Ministry"`},
		{"The Foreign Ministry > News", "the-ministry/news", "News and Views"},
		{"press-room/news", "the-ministry/news", "News and Views"},
		{"the-ministry/statements", "the-ministry/declarations", `"The Foreign Ministry > Statements"`},
		{"The Ministry > Statements", "the-ministry/declarations", `"The Foreign Ministry > Statements"`},
		{"The Foreign Ministry > Statements", "the-ministry/declarations", ""},
		{"the-ministry/declarations", "the-ministry/declarations", ""},
	} {
		filed, err := r.File(t.Context(), r.texts(fmt.Sprintf("Statement %d", i), "Text.", "section: "+tt.section), Filing{Again: true})
		if err != nil {
			t.Errorf("%s: %v", tt.section, err)
			continue
		}
		if at := paths[filed.Article.Section]; string(at) != tt.in {
			t.Errorf("%s is filed in %s", tt.section, at)
		}
		if notes := fmt.Sprint(filed.Notes); !strings.Contains(notes, tt.note) || (tt.note == "") != (len(filed.Notes) == 0) {
			t.Errorf("%s: the notes are %s", tt.section, notes)
		}
	}
	// What is called so today is what is meant.
	again := r.sections("Press Room", "Views")
	must(r.NameSection(t.Context(), "press-room/views", "en", "News"))
	filed, err := r.File(t.Context(), r.texts("New news", "Text.", "section: Press Room > News"), Filing{Again: true})
	if err != nil || filed.Article.Section != again.ID {
		t.Errorf("in the section that is called so now: %d, %v", filed.Article.Section, err)
	}
	if _, err := r.File(t.Context(), r.texts("No news", "Text.", "section: Press Room > Notes"), Filing{Again: true}); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("in one that never was: %v", err)
	}
}
