package stories

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/people"
)

// TestARestoreRevivesNobody: a backup that is put back has who has left since, roles that were
// taken, keys that were lost, and sessions and invitations of then. None of it counts: nobody may
// do anything before it is said on the machine that they still work there, and what they sign in
// by is chosen anew.
func TestARestoreRevivesNobody(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	draft := s.Publish("Fisheries talks", e2etest.PublishedAt(s.Clock.Now().Add(90*24*time.Hour)))
	s.Serve()
	root := s.Officer(t, "a.silva", "operator", "approver")
	root.SetUpFactor()
	leaves, loses := s.Officer(t, "b.costa", "editor"), s.Officer(t, "c.lima", "editor", "approver")
	loses.SetUpFactor()
	s.Must("people", "invite", "d.reis", "--role", "reader", "--alone", "a test") // who has not come yet
	var invited struct{ Invitation string }
	s.ReadJSON(&invited, "people", "invite", "e.nunes", "--role", "reader", "--json")
	identified := func(tx *storage.Tx) error {
		p, err := tx.AddPerson(people.Person{Login: "f.dias"})
		if err != nil {
			return err
		}
		if err := tx.SetGrants(p.ID, []people.Grant{{Role: people.Editor}}); err != nil {
			return err
		}
		if err := tx.AddIdentity(p.ID, "https://login.mfa.example", "f"); err != nil {
			return err
		}
		c, err := tx.PersonByLogin("c.lima")
		if err != nil {
			return err
		}
		return tx.AddPasskey(c.ID, people.Passkey{ID: "lost", RP: "desk.mfa.example", Name: "A phone", Credential: []byte("{}")})
	}
	change := func(at *e2etest.Site, how func(*storage.Tx) error) {
		t.Helper()
		store := at.Open()
		if err := store.Update(t.Context(), how); err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	change(s, identified)
	e2etest.Equal(t, "b.costa signs in", leaves.Get("/articles/"+draft.ID).Status, http.StatusOK)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	s.Stop()

	r := s.Elsewhere()
	told := r.Must("restore", file, "--confirm")
	if !strings.Contains(told, "Nobody may do anything on the desk") {
		t.Errorf("restore does not say that nobody may do anything:\n%s", told)
	}
	r.Serve()
	e2etest.Eventually(t, "the desk opens", func() bool { return e2etest.Listens(strings.TrimPrefix(root.Desk(), "http://")) })
	for who, o := range map[string]*e2etest.Officer{"an operator": root, "an editor": leaves, "an approver": loses} {
		if page := string(o.Get("/articles/" + draft.ID).Body); strings.Contains(page, "Fisheries talks") {
			t.Errorf("the session of %s reads what is under embargo", who)
		}
	}
	for _, login := range []string{"a.silva", "b.costa", "c.lima"} {
		stranger := e2etest.Visit(t, root.Desk())
		got := stranger.Post("/sign-in", "login", login, "password", e2etest.Password)
		if page := string(stranger.Get("/articles/" + draft.ID).Body); strings.Contains(page, "Fisheries talks") {
			t.Errorf("the password of %s is taken: %d", login, got.Status)
		}
	}
	if page := e2etest.Visit(t, root.Desk()).Get("/invitation/" + invited.Invitation[strings.LastIndexByte(invited.Invitation, '/')+1:]); page.Status == http.StatusOK && strings.Contains(string(page.Body), "Choose") {
		t.Errorf("an invitation of before: %d", page.Status)
	}
	store := r.Open()
	err := store.View(t.Context(), func(tx *storage.Tx) error {
		all, err := tx.People()
		for _, p := range all {
			keys, bad := tx.Passkeys(p.ID)
			if bad != nil || len(keys) > 0 || !p.Doubted || p.MayAnywhere(people.Roles()...) {
				t.Errorf("%s has %d passkeys, and may do something: %+v, %v", p.Login, len(keys), p, bad)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, r, "nobody has said since", "publish", "--as", "c.lima", r.Markdown("A statement", "Its text."))
	refused(t, r, "invite them again", "people", "confirm", "b.costa")

	// The machine says who still works there.
	r.Must("people", "confirm", "f.dias")
	refused(t, r, "not in doubt", "people", "confirm", "f.dias")
	r.Must("people", "remove", "b.costa", "--alone", "She has left.")
	again := r.Officer(t, "a.silva", "operator", "approver")
	again.SetUpFactor()
	if page := string(again.Get("/people").Body); !strings.Contains(page, "nothing since a backup was put back") || strings.Contains(page, "b.costa") {
		t.Errorf("the desk's people:\n%s", page)
	}
	back := r.Officer(t, "c.lima", "editor") // and no approver any more
	e2etest.Equal(t, "an editor again", strings.Contains(string(back.Get("/articles/"+draft.ID).Body), "Fisheries talks"), true)
	if list := r.Must("people", "list"); !strings.Contains(list, "nothing, since a backup was put back; until then: reader") {
		t.Errorf("who has not been said of:\n%s", list)
	}
}
