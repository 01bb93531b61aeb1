package newsroom

import (
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/publog"
)

// TestWhatTheConfigurationCallsASection means that section for as long as it says the
// same, whatever is called so later.
func TestWhatTheConfigurationCallsASection(t *testing.T) {
	t.Parallel()
	rename := func(r *room) { must(r.NameSection(r.t.Context(), "press/spokesman", "", "Spokesperson")) }
	move := func(r *room) { must(r.MoveSection(r.t.Context(), "press/spokesman", "the-ministry", false)) }
	address := func(r *room) { must(r.RenameSection(r.t.Context(), "press/spokesman", "speaker", false)) }
	for name, tt := range map[string]struct {
		calls   string
		change  func(*room)
		warning string
	}{
		"unchanged":                {"Press > Spokesman", func(*room) {}, ""},
		"renamed":                  {"Press > Spokesman", rename, `is now press/spokesman`},
		"renamed, by its address":  {"press/spokesman", rename, ""},
		"moved":                    {"Press > Spokesman", move, `is now the-ministry/spokesman`},
		"moved, by its address":    {"/press/spokesman/", move, `is now the-ministry/spokesman`},
		"another address":          {"Press > Spokesman", address, ""},
		"its address is another":   {"press/spokesman", address, `is now press/speaker`},
		"the one above is renamed": {"Press > Spokesman", func(r *room) { must(r.NameSection(r.t.Context(), "press", "", "Media")) }, `is now press/spokesman`},
		"closed":                   {"press/spokesman", func(r *room) { must(r.CloseSection(r.t.Context(), "press/spokesman")) }, "it announces nothing new; write another section, or communique section reopen press/spokesman"},
		"the one above is closed":  {"press/spokesman", func(r *room) { must(r.CloseSection(r.t.Context(), "press")) }, "communique section reopen press"},
		"another is closed":        {"press/spokesman", func(r *room) { must(r.CloseSection(r.t.Context(), "the-ministry")) }, ""},
		"another has its name": {"Press > Spokesman", func(r *room) {
			rename(r)
			must(r.AddSections(r.t.Context(), []string{"Press", "Spokesman"}, NewSections{Slug: "new"}))
		}, `if the present press/new is meant`},
		"another has its address": {"press/spokesman", func(r *room) {
			address(r)
			must(r.AddSections(r.t.Context(), []string{"Press", "New"}, NewSections{Slug: "spokesman", Take: true}))
		}, `if the present press/spokesman is meant`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			spokesman := r.sections("Press", "Spokesman")
			r.Announcers = []Announcing{{Actor: "speaker", Section: tt.calls}}
			tt.change(r) // before the server was ever started
			warnings, err := r.Misnamed(t.Context())
			if got := strings.Join(warnings, "; "); err != nil || !strings.Contains(got, tt.warning) || (got == "") != (tt.warning == "") {
				t.Errorf("warned of %q, %v, want %q", got, err, tt.warning)
			}
			announced, err := r.remember()
			if err != nil || len(announced) != 1 || announced[0].ID != spokesman.ID {
				t.Errorf("announced %+v, %v, want section %d", announced, err, spokesman.ID)
			}
		})
	}
}

// TestAnotherNameIsAnotherSection: what the configuration says now is meant.
func TestAnotherNameIsAnotherSection(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("Press", "Spokesman")
	r.Announcers = []Announcing{{Actor: "speaker", Section: "Press > Spokesman"}}
	if _, err := r.remember(); err != nil {
		t.Fatal(err)
	}
	r.Announcers[0].Section = "the-ministry"
	if a, err := r.remember(); err != nil || a[0].ID != 1 || a[0].Warning != "" {
		t.Errorf("%+v, %v", a, err)
	}
	r.Announcers[0].Section = "the-minstry"
	if _, err := r.remember(); err == nil || !strings.Contains(err.Error(), "@speaker") {
		t.Errorf("a path that never was: %v", err)
	}
}

// TestAnnouncedBeforeWordsWereKept: what cannot be found is what was announced.
func TestAnnouncedBeforeWordsWereKept(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	s := r.sections("Press", "Spokesman")
	r.Announcers = []Announcing{{Actor: "speaker", Section: "Media > Spokesman"}}
	err := r.Store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddSource(publog.Source{Name: publog.ActorSource("speaker"), Kind: publog.Announcer, Section: s.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.remember(); err != nil || a[0].ID != s.ID || a[0].Warning == "" {
		t.Errorf("%+v, %v", a, err)
	}
}

func (r *room) remember() (a []Announced, err error) {
	err = r.Store.Update(r.t.Context(), func(tx *storage.Tx) error {
		a, err = r.RememberAnnounced(tx)
		return err
	})
	return a, err
}

// must ends a test whose preparation fails.
func must[T any](_ T, err error) {
	if err != nil {
		panic(err)
	}
}
