package e2etest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/sqlite"
	"communique/storage/storagetest/engines"
)

// onServer tells whether the sites of all tests have their databases on a PostgreSQL
// server, by the variable that names the engines.
var onServer = strings.Contains(os.Getenv(engines.Variable), "postgres")

// NeedsFile skips a test of what there is for the embedded database only: a file, which
// is backed up and restored by commands of ours.
func NeedsFile(t testing.TB) {
	t.Helper()
	if onServer {
		t.Skip("the database is not a file")
	}
}

// NeedsServer skips a test of what there is on a PostgreSQL server only.
func NeedsServer(t testing.TB) {
	t.Helper()
	if !onServer {
		t.Skipf("%s does not name postgres", engines.Variable)
	}
}

// emptyDatabase is the address of a database with nothing in it; none if it is to be a
// file.
func emptyDatabase(t testing.TB) string {
	t.Helper()
	if !onServer {
		return ""
	}
	return postgrestest.Database(t)
}

// templateDatabase is a database on the server that all tests share, for [template].
var templateDatabase = sync.OnceValues(func() (address string, err error) {
	if !onServer {
		return "", nil
	}
	s, err := postgrestest.Shared()
	if err != nil {
		return "", err
	}
	return s.Make("template_site", "")
})

// readyTemplate ends the making of that database.
func readyTemplate() error {
	if !onServer {
		return nil
	}
	s, err := postgrestest.Shared()
	if err != nil {
		return err
	}
	return s.Template("template_site")
}

// copyDatabase copies the database of the template for the site.
func (s *Site) copyDatabase(t testing.TB, content []byte) error {
	if !onServer {
		return os.WriteFile(filepath.Join(s.Data, config.Database), content, 0o600)
	}
	server, err := postgrestest.Shared()
	if err == nil {
		s.Server = server.Database(t, "template_site")
	}
	return err
}

// openStore opens the site's database with a clock.
func (s *Site) openStore(ctx context.Context, clock storage.Clock) (*storage.Store, error) {
	if s.Server != "" {
		return postgres.Open(ctx, s.Server, clock)
	}
	return sqlite.Open(ctx, filepath.Join(s.Data, config.Database), clock)
}

// NewSiteAlone is a site as [NewSite] makes it, whose database has a server of its own
// to be crashed.
func NewSiteAlone(t *testing.T) (*Site, *postgrestest.Server) {
	t.Helper()
	NeedsServer(t)
	server := postgrestest.New(t)
	s := newFolder(t)
	var err error
	if s.Server, err = server.Make("press", ""); err != nil {
		t.Fatal(err)
	}
	s.Must("init", "--base-url", s.Base, "--actor", "ministry", "--name", "Ministry of Foreign Affairs", "--timezone", "Europe/Lisbon", "--language", "en")
	s.Must("section", "add", "The Ministry > The Minister > Activities")
	return s, server
}
