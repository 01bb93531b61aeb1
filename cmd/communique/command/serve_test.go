package command_test

import (
	"net"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestOneServerForOneDatabase: a second serve on the same file is refused.
func TestOneServerForOneDatabase(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	_, problems, err := s.Run("serve")
	if err == nil || !strings.Contains(problems+err.Error(), "another") {
		t.Errorf("a second server: %v\n%s", err, problems)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	taken, err := net.Listen("tcp", strings.TrimPrefix(s.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, problems, err := s.Run("serve")
	if err == nil || !strings.Contains(problems+err.Error(), "in use") {
		t.Errorf("on a port in use: %v\n%s", err, problems)
	}
}
