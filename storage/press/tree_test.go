package press_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
)

// smallTree is
//
//	the-ministry              The Ministry, Le ministère
//	  the-minister            The Minister
//	    activities            Activities, Activités
//	press-room                Press Room
func smallTree() press.Tree {
	return press.NewTree([]press.Section{
		{ID: 1, Slug: "the-ministry", Path: "the-ministry", Names: map[press.Language]string{"en": "The Ministry", "fr": "Le ministère"}},
		{ID: 2, Parent: 1, Slug: "the-minister", Path: "the-ministry/the-minister", Names: map[press.Language]string{"en": "The Minister"}},
		{ID: 3, Parent: 2, Slug: "activities", Path: "the-ministry/the-minister/activities", Names: map[press.Language]string{"en": "Activities", "fr": "Activités"}},
		{ID: 4, Slug: "press-room", Path: "press-room", Names: map[press.Language]string{"en": "Press Room"}},
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]press.SectionID{
		"the-ministry":                            1,
		"/the-ministry/the-minister/":             2,
		"The Ministry > The Minister":             2,
		" the ministry>THE   MINISTER ":           2,
		"Le ministère > The Minister > Activités": 3, // each in its own language
		"Press Room":                              4,
	} {
		if got, err := smallTree().Resolve(text); err != nil || got.ID != want {
			t.Errorf("Resolve(%q) = %d, %v, want %d", text, got.ID, err, want)
		}
	}
}

func TestResolveNamesTheNearest(t *testing.T) {
	t.Parallel()
	for text, near := range map[string]string{
		"The Ministery > The Minister": `"The Ministry > The Minister"`,
		"the-ministry/the-minster":     `"the-ministry/the-minister"`,
		"Pressroom":                    `"Press Room"`,
		"Le ministere":                 `"Le ministère"`,
		"The Minister":                 `"The Ministry > The Minister"`, // what is above it was left out
	} {
		_, err := smallTree().Resolve(text)
		if !errors.Is(err, press.ErrNotFound) || !strings.HasSuffix(err.Error(), near) {
			t.Errorf("Resolve(%q): %v, want not found and the nearest %s", text, err, near)
		}
	}
	for _, text := range []string{"", ">", "/"} {
		if s, err := smallTree().Resolve(text); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("Resolve(%q) = %d, %v", text, s.ID, err)
		}
	}
	if _, err := press.NewTree(nil).Resolve("News"); !errors.Is(err, press.ErrNotFound) || !strings.Contains(err.Error(), "section add") {
		t.Errorf("an empty tree says: %v", err)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	tree := smallTree()
	var walked []string
	tree.Walk(func(s press.Section, depth int) { walked = append(walked, strings.Repeat("  ", depth)+s.Slug) })
	if diff := cmp.Diff([]string{"the-ministry", "  the-minister", "    activities", "press-room"}, walked); diff != "" {
		t.Errorf("walk (-want +got):\n%s", diff)
	}
	var trail []press.Path
	for _, s := range tree.Trail(3) {
		trail = append(trail, s.Path)
	}
	if diff := cmp.Diff([]press.Path{"the-ministry", "the-ministry/the-minister", "the-ministry/the-minister/activities"}, trail); diff != "" {
		t.Errorf("trail (-want +got):\n%s", diff)
	}
	if got := tree.Trail(press.Root); len(got) != 0 {
		t.Errorf("the root has a trail: %v", got)
	}
	if diff := cmp.Diff([]string{"Le ministère", "The Minister", "Activités"}, tree.Names(3, "fr", "en")); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if got := tree.Children(1); len(got) != 1 || got[0].ID != 2 {
		t.Errorf("children of 1: %v", got)
	}
}

func TestSectionName(t *testing.T) {
	t.Parallel()
	s := press.Section{Slug: "press", Names: map[press.Language]string{"de": "Presse", "fr": "Presse", "ar": "الصحافة"}}
	for range 20 { // maps have no order
		if got := s.Name("it", "en"); got != "الصحافة" {
			t.Fatalf("without either language the name is %q", got)
		}
		if got := s.NameLanguage("it", "en"); got != "ar" {
			t.Fatalf("its language is %q", got)
		}
	}
	if name, lang := s.Name("fr", "de"), s.NameLanguage("fr", "de"); name != "Presse" || lang != "fr" {
		t.Errorf("in French it is %q in %q", name, lang)
	}
	if name, lang := s.Name("it", "de"), s.NameLanguage("it", "de"); name != "Presse" || lang != "de" {
		t.Errorf("with German to fall back on it is %q in %q", name, lang)
	}
	if got := (press.Section{Slug: "press"}).Name("en", "en"); got != "press" {
		t.Errorf("without any name it is %q", got)
	}
}

// movedTree is a small tree in which the-minister was elsewhere before, the
// ministry is closed for the press room, and activities for nothing.
func movedTree() press.Tree {
	closed := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	return press.NewTree([]press.Section{
		{ID: 1, Slug: "the-ministry", Path: "the-ministry", Closed: closed, Instead: []press.SectionID{4}},
		{ID: 2, Parent: 1, Slug: "the-minister", Path: "the-ministry/the-minister"},
		{ID: 3, Parent: 4, Slug: "activities", Path: "press-room/activities", Closed: closed},
		{ID: 4, Slug: "press-room", Path: "press-room"},
		{ID: 5, Parent: 3, Slug: "talks", Path: "press-room/activities/talks", Closed: closed},
		{ID: 6, Slug: "history", Path: "history", Closed: closed},
	}).WithFormer(map[press.Path]press.SectionID{"the-minister": 2, "cabinet/the-minister": 2, "old": 3})
}

func TestFormerPaths(t *testing.T) {
	t.Parallel()
	tree := movedTree()
	for path, want := range map[press.Path]press.SectionID{"the-minister": 2, "cabinet/the-minister": 2, "old": 3, "press-room": 0, "new": 0} {
		if s, ok := tree.Former(path); s.ID != want || ok != (want != 0) {
			t.Errorf("Former(%q) = %d, %v, want %d", path, s.ID, ok, want)
		}
	}
	if diff := cmp.Diff([]press.Path{"cabinet/the-minister", "the-minister"}, tree.FormerPaths(2)); diff != "" {
		t.Errorf("FormerPaths (-want +got):\n%s", diff)
	}
	if s, err := tree.Resolve("/cabinet/the-minister/"); err != nil || s.ID != 2 {
		t.Errorf("Resolve finds %d, %v", s.ID, err)
	}
}

func TestClosedSections(t *testing.T) {
	t.Parallel()
	tree := movedTree()
	for id, want := range map[press.SectionID]struct {
		by      press.SectionID
		instead []press.SectionID
	}{
		1: {1, []press.SectionID{4}},
		2: {1, []press.SectionID{4}}, // by the one above
		3: {3, []press.SectionID{4}}, // nothing is named: the one above
		4: {0, nil},
		5: {5, []press.SectionID{4}}, // the one above is closed too
		6: {6, nil},                  // the front page
	} {
		by, _ := tree.ClosedBy(id)
		var instead []press.SectionID
		for _, s := range tree.Instead(id) {
			instead = append(instead, s.ID)
		}
		if diff := cmp.Diff(want.instead, instead); by.ID != want.by || diff != "" {
			t.Errorf("section %d is closed by %d, want %d; instead (-want +got):\n%s", id, by.ID, want.by, diff)
		}
	}
	// What was named instead is closed later: nobody is led from one to the other.
	closed := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	chain := press.NewTree([]press.Section{
		{ID: 1, Path: "a", Closed: closed, Instead: []press.SectionID{2, 4}},
		{ID: 2, Path: "b", Closed: closed, Instead: []press.SectionID{3, 1}},
		{ID: 3, Path: "c"}, {ID: 4, Path: "d"},
		{ID: 5, Path: "e", Closed: closed, Instead: []press.SectionID{6}},
		{ID: 6, Parent: 5, Path: "e/f", Closed: closed, Instead: []press.SectionID{5}},
	})
	for id, want := range map[press.SectionID][]press.SectionID{1: {3, 4}, 2: {3, 4}, 5: nil, 6: nil} {
		var instead []press.SectionID
		for _, s := range chain.Instead(id) {
			instead = append(instead, s.ID)
		}
		if !slices.Equal(want, instead) {
			t.Errorf("instead of %d are %v, want %v", id, instead, want)
		}
	}
	if open := tree.OpenChildren(press.Root); len(open) != 1 || open[0].ID != 4 {
		t.Errorf("open are %v", open)
	}
}
