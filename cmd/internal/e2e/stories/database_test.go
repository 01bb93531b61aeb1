package stories

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/postgres/postgrestest"
)

// TestADatabaseOnAServer: an installation is made in it once, is served by one program
// at a time, from whichever folder, and says what to do where the embedded database has
// commands of its own.
func TestADatabaseOnAServer(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewFolder(t)
	address := s.Server
	s.Server = "" // but by the flag
	initial := []string{"init", "--base-url", s.Base, "--actor", "ministry", "--name", "Ministry", "--timezone", "UTC", "--language", "en", "--database"}
	refused(t, s, "--database: it is not the address", append(initial, "mysql://root@db")...)
	s.Must(append(initial, address)...)
	if info, err := os.Stat(filepath.Join(s.Data, config.File)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the configuration with the address: %v %v", info.Mode(), err)
	}
	refused(t, s.Elsewhere(), "there is an installation in the database already, that of "+s.Base, append(initial, address)...)
	s.Must("section", "add", "The Ministry > The Minister > Activities")
	if out := s.Must("publish", s.Markdown("A treaty", "It was signed.")); !strings.Contains(out, "No server runs") {
		t.Errorf("published: %s", out)
	}

	refused(t, s, "pg_dump", "backup", filepath.Join(t.TempDir(), "one.backup"))
	refused(t, s, "pg_restore", "restore", "one.backup")
	s.Configure("  folder: \"\"\n  every", "  folder: backups\n  every")
	refused(t, s, "backup.folder: the database is PostgreSQL's, of which the server makes no backups: back it up with pg_dump", "serve")
	s.Configure("  folder: backups\n  every", "  folder: \"\"\n  every")
	s.Serve()
	if out := s.Must("publish", s.Markdown("Another treaty", "It was signed.")); strings.Contains(out, "No server runs") {
		t.Errorf("published while it is served: %s", out)
	}
	other := s.Elsewhere()
	if err := os.CopyFS(other.Data, os.DirFS(s.Data)); err != nil {
		t.Fatal(err)
	}
	other.Configure(`contact: ""`, "contact: press@mfa.example")
	refused(t, other, "serves this database with other settings: contact", "serve")
	s.Stop()
	other.Serve() // alone as it always was, it brings its own
	other.Stop()
	s.Configure(`contact: ""`, "contact: press@mfa.example")
	settingsAreApplied(t, s)

	if err := os.WriteFile(filepath.Join(s.Data, config.Database), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, s, config.Database+" is there, and another database is configured", "list")
	refused(t, s, config.Database+" is there, and another database is configured", "serve")
	empty := other
	empty.Configure(address, e2etest.NewFolder(t).Server)
	refused(t, empty, "make one with communique init", "list")
}

// TestAStrangerSharesNoDatabase: a server with another address, another actor or another
// passphrase than the one that serves a database is refused beside it, and changes nothing.
func TestAStrangerSharesNoDatabase(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	phrase := func(of *e2etest.Site, text string) {
		if err := os.WriteFile(filepath.Join(of.Data, "phrase"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	phrase(s, "correct horse")
	s.Must("keys", "encrypt")
	s.Serve()
	key := e2etest.KeyOf(t, s)
	for _, stranger := range []struct{ old, other, phrase, refused string }{
		{`base_url: "` + s.Base, `base_url: "http://127.0.0.1:1`, "correct horse", "followers and feed readers know this site as " + s.Base},
		{`name: "ministry"`, `name: "embassy"`, "correct horse", "followers know the actor as ministry"},
		{"", "", "battery staple", "keys.passphrase_file"},
		{"passphrase_file: phrase", `passphrase_file: ""`, "", "keys.passphrase_file"},
	} {
		other := s.Replica()
		phrase(other, stranger.phrase)
		other.Configure(stranger.old, stranger.other)
		refused(t, other, stranger.refused, "serve", "--listen", e2etest.FreePort(t))
	}
	e2etest.Equal(t, "the key", e2etest.KeyOf(t, s), key)
	other := s.Replica() // with the same of all
	phrase(other, "correct horse")
	other.Start().Kill()
}

// settingsAreApplied: when two servers have served a site, one with other settings is
// refused, also if none runs; config apply says what differs, has it served, and names the
// servers to restart, which say so themselves.
func settingsAreApplied(t *testing.T, s *e2etest.Site) {
	t.Helper()
	s.Serve()
	other := s.Replica()
	machine := other.Start()
	other.Configure("contact: press@mfa.example", "contact: desk@mfa.example")
	if out := other.Must("config", "apply"); !strings.Contains(out, "contact: press@mfa.example is served, desk@mfa.example stands here") || !strings.Contains(out, "Nothing has changed yet") {
		t.Errorf("before it is applied: %s", out)
	}
	machine.Kill()
	s.Stop()
	refused(t, other, "with other settings: contact (version 2 stands", "serve")
	s.Serve()
	if out := other.Must("config", "apply", "--confirm"); !strings.Contains(out, "Version 3 of the settings is served from now on. Restart these") {
		t.Errorf("applied: %s", out)
	}
	e2etest.Eventually(t, "the server that runs says so", func() bool { return strings.Contains(s.Log.String(), "settings of the site were changed") })
	machine = other.Start() // beside it
	machine.Kill()
	s.Stop()
	refused(t, s, "with other settings: contact (version 3 stands", "serve")
	s.Configure("contact: press@mfa.example", "contact: desk@mfa.example")
	s.Serve()
	s.Stop()
}

// TestALateDatabase: serve waits for a database that starts after it, or has no room for one more
// connection yet, and says so; other commands do not.
func TestALateDatabase(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	for _, late := range []struct {
		what         string
		begins, ends func(*postgrestest.Server) error
		said         string
	}{
		{"it is not started yet", (*postgrestest.Server).Crash, (*postgrestest.Server).Again, "open database press on"},
		{"it has too many connections", crowded(true), crowded(false), "too many connections for role"},
	} {
		t.Run(late.what, func(t *testing.T) {
			t.Parallel()
			server := postgrestest.New(t)
			address, err := server.Make("press", "")
			if err == nil {
				err = onDatabase(server, `CREATE ROLE clerk LOGIN`, `ALTER DATABASE press OWNER TO clerk`)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := e2etest.NewFolder(t)
			s.Server = strings.Replace(address, "user=communique", "user=clerk", 1)
			s.Init(s.Base)
			if err := late.begins(server); err != nil {
				t.Fatal(err)
			}
			saysInOneLine(t, s, "; try again when its server answers\n", "list")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() { ended <- command.Run(ctx, []string{"serve", "--data", s.Data}, s.World(io.Discard, &s.Log)) }()
			e2etest.Eventually(t, "it is said that the database is waited for", func() bool {
				said := s.Log.String()
				return strings.Contains(said, "Waiting for the database since 0s, for 1m0s at most: ") && strings.Contains(said, late.said) && !strings.Contains(said, "try again")
			})
			if err := late.ends(server); err != nil {
				t.Fatal(err)
			}
			e2etest.Eventually(t, "it is served", func() bool {
				answer, err := http.Get(s.Base + "/")
				if err != nil {
					return false
				}
				return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
			})
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// crowded lets the user of a site have no connection, or any number.
func crowded(is bool) func(*postgrestest.Server) error {
	limit := -1
	if is {
		limit = 0
	}
	return func(s *postgrestest.Server) error {
		return onDatabase(s, fmt.Sprintf(`ALTER ROLE clerk CONNECTION LIMIT %d`, limit))
	}
}

// onDatabase runs statements as who owns the server.
func onDatabase(s *postgrestest.Server, statements ...string) error {
	db, err := sql.Open("pgx", s.Address("postgres"))
	if err != nil {
		return err
	}
	for _, statement := range statements {
		_, failed := db.Exec(statement)
		err = errors.Join(err, failed)
	}
	return errors.Join(err, db.Close())
}
