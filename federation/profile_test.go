package federation_test

import (
	"testing"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
)

func logHead(s *federationtest.Site) (seq press.Seq) {
	s.View(func(tx *storage.Tx) error {
		head, err := tx.Head()
		seq = head.Seq
		return err
	})
	return seq
}

// TestTellProfiles: at a start an entry tells the followers of each actor whose
// profile has changed since they were told, and of no other.
func TestTellProfiles(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	for _, tt := range []struct {
		name   string
		change func(o *federation.Options)
		want   press.Seq // entries
	}{
		{"the first profile is news to nobody", func(*federation.Options) {}, 0},
		{"nothing changed", func(*federation.Options) {}, 0},
		{"a name", func(o *federation.Options) { o.Author.DisplayName = "The Ministry" }, 1},
		{"nothing changed after that", func(*federation.Options) {}, 0},
		{"featured tags", func(o *federation.Options) { o.Author.Tags = []string{"sea law"} }, 1},
		{"both profiles", func(o *federation.Options) { o.Author.Summary, o.Announcers[0].Summary = "One.", "Two." }, 2},
	} {
		before := logHead(s)
		tt.change(&s.Options)
		s.Start()
		if err := s.Server.TellProfiles(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "entries: "+tt.name, logHead(s)-before, tt.want)
	}
	updated := s.Get(s.Actor("minister")).Fields()["updated"]
	same(t, "the document says when", updated, any("2031-03-04T12:00:00Z"))
}

// TestAliasesAndMoves stand in the document.
func TestAliasesAndMoves(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	s.Update(func(tx *storage.Tx) error {
		if _, err := tx.AddAlias("ministry", actors.Alias{ID: "https://social.example/users/mfa", Handle: "@mfa@social.example"}); err != nil {
			return err
		}
		_, err := tx.MoveActor("ministry", "https://new.example/users/mfa")
		return err
	})
	got := s.Get(s.Actor("ministry")).Fields()
	same(t, "the document", []any{got["alsoKnownAs"], got["movedTo"]}, []any{[]any{"https://social.example/users/mfa"}, "https://new.example/users/mfa"})
}

// TestPages are those of the actors that can be followed.
func TestPages(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	same(t, "pages", s.Server.Pages(), []string{federationtest.Base + "/en/", federationtest.Base + "/en/minister/"})
}
