package command_test

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAlias: the accounts of an actor elsewhere are added by handle or address,
// listed, and removed as they are listed.
func TestAlias(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	holds(t, s.Must("alias", "add", "@"+p.Handle()), p.Actor())
	holds(t, s.Must("alias", "list"), "@"+p.Handle())
	holds(t, s.Must("alias", "list", "--json"), p.Actor())
	s.Must("alias", "remove", p.Actor())
	s.Must("alias", "add", p.Actor(), "--json")
	s.Must("alias", "remove", p.Actor(), "--json")
	for what, args := range map[string][]string{
		"an actor that is not there": {"add", p.Actor(), "--actor", "nobody"}, "what is not an account": {"add", "nonsense"},
		"an account that is not there": {"add", "@nobody@" + p.Server.Listener.Addr().String()}, "what is not an alias": {"remove", p.Actor()},
	} {
		if _, _, err := s.Run(append([]string{"alias"}, args...)...); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
}

// TestMove: a move is tried, confirmed once, and taken back.
func TestMove(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	if _, _, err := s.Run("move", "--to", p.Actor(), "--confirm"); err == nil {
		t.Error("it moves to an account that does not name ours")
	}
	p.Alias(s.Actor())
	holds(t, s.Must("move", "--to", "@"+p.Handle(), "--dry-run"), "0 followers of @ministry would be sent to "+p.Actor())
	holds(t, s.Must("move", "--to", "@"+p.Handle(), "--dry-run", "--json"), p.Actor())
	if _, _, err := s.Run("move", "--to", p.Actor()); err == nil {
		t.Error("it moves without --confirm")
	}
	s.Must("move", "--to", p.Actor(), "--confirm")
	e2etest.Equal(t, "where it moved", e2etest.Object(t, s.Actor())["movedTo"], p.Actor())
	s.Must("move", "--cancel")
	e2etest.Equal(t, "where it moved after all", e2etest.Object(t, s.Actor())["movedTo"], nil)
	if _, _, err := s.Run("move", "--cancel"); err == nil {
		t.Error("it is taken back twice")
	}
}
