package migrations_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/migrations"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/terms"
)

func all(t *testing.T) []migrations.Migration {
	t.Helper()
	steps, err := migrations.All("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	steps := all(t)
	if len(steps) == 0 {
		t.Fatal("there is no migration")
	}
	for i, m := range steps {
		if m.Version != i+1 || !strings.HasPrefix(m.Name, fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("step %d has version %d and name %s", i+1, m.Version, m.Name)
		}
		if strings.TrimSpace(m.SQL) == "" {
			t.Errorf("%s is empty", m.Name)
		}
	}
}

// What engines do in their own ways, each must do.
func TestAnEngineWithoutItsSteps(t *testing.T) {
	t.Parallel()
	if _, err := migrations.All("abacus"); err == nil {
		t.Error("an engine that nobody wrote the index for has a whole schema")
	}
}

// schema is everything that a database file defines.
func schema(t *testing.T, file string) []string {
	t.Helper()
	return lines(t, inFile(file).raw(t), `SELECT type || ' ' || name || ': ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1`)
}

func check(t *testing.T, s *storage.Store) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddSource(publog.Source{Name: "actor:ministry", Kind: publog.Author})
	})
	if err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A fresh schema equals one that was migrated from any version.
func TestFreshEqualsMigrated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fresh := filepath.Join(dir, "fresh.db")
	s, err := sqlite.Create(t.Context(), fresh, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, s)
	want := schema(t, fresh)
	for version := range len(all(t)) + 1 {
		t.Run(fmt.Sprintf("from version %d", version), func(t *testing.T) {
			t.Parallel() // each waits for the disk most of the time
			file := filepath.Join(dir, fmt.Sprintf("from%d.db", version))
			d := inFile(file)
			d.older(t, version)
			s, err := d.open(t)
			if err != nil {
				t.Fatal(err)
			}
			check(t, s)
			got := schema(t, file)
			for i := range got { // the table of versions was made by this test
				got[i] = strings.Replace(got[i], "CREATE TABLE IF NOT EXISTS", "CREATE TABLE", 1)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-fresh +migrated):\n%s", diff)
			}
		})
	}
}

// What was published under an older program is found under this one.
func TestOlderArticlesAreIndexed(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		d.older(t, 3, // the last version without an index
			`INSERT INTO sections (id, parent, slug, path, created) VALUES (1, 0, 'news', 'news', 0)`,
			`INSERT INTO section_ancestors (section, ancestor) VALUES (1, 1), (1, 0)`,
			`INSERT INTO articles (id, translation_group, section, language, state, silent, published, precision_of_date,
				revision, changed, digest, source_url, withdrawn_at, reason)
			VALUES ('aaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaa', 1, 'zh', 'published', 0, 0, 'day', 1, 1, '', '', 0, '')`,
			`INSERT INTO revisions (article, number, at, updated, minor, note, section, language, title, lead, body, images, tags)
			VALUES ('aaaaaaaaaaaaaaaa', 1, 0, 0, 0, '', 1, 'zh', '王毅访问', '', '', '[]', '["外交 部"]')`,
			`INSERT INTO section_articles (section, language, published, article) VALUES (0, 'zh', 0, 'aaaaaaaaaaaaaaaa'), (1, 'zh', 0, 'aaaaaaaaaaaaaaaa')`)
		s := d.opened(t)
		if err := s.RunIndex(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		query, err := terms.Parse("王毅")
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(t.Context(), func(tx *storage.Tx) error {
			hits, err := tx.Search(newsdesk.Search{Query: query, Section: 1}, newsdesk.Rank{}, 10)
			if len(hits) != 1 {
				t.Errorf("%d articles are found, want 1", len(hits))
			}
			if err != nil {
				return err
			}
			tagged, err := tx.Tagged("zh", "外交-部", newsdesk.Place{}, 10)
			if len(tagged) != 1 {
				t.Errorf("%d articles are filed under the tag, want 1", len(tagged))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Two processes that start together do each step once.
func TestStartingTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	inFile(file).older(t, 0)
	const starts = 4
	errs := make(chan error)
	for range starts {
		go func() {
			s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range starts {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// TestDaysOfOlderArticles: what was dated to the day as an instant is dated to the day
// that began then, in whatever zone the site was.
func TestDaysOfOlderArticles(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		stored := []string{`INSERT INTO sections (id, parent, slug, path, created) VALUES (1, 0, 'news', 'news', 0)`}
		days := []struct{ began, precision, want string }{
			{"2026-05-01T00:00:00+01:00", "day", "2026-05-01"},
			{"2026-01-05T00:00:00Z", "day", "2026-01-05"},
			{"2026-11-28T00:00:00+08:00", "day", "2026-11-28"},
			{"2026-05-01T00:00:00-04:00", "day", "2026-05-01"},
			{"2026-09-06T01:00:00-03:00", "day", "2026-09-06"}, // Santiago has no midnight then
			{"2026-05-01T00:00:00+13:00", "day", "2026-05-01"},
			{"2026-05-01T00:00:00+14:00", "day", "2026-05-01"},
			{"1815-06-09T00:00:00-01:00", "day", "1815-06-09"},
			{"2026-05-01T00:00:00+01:00", "minute", ""},
		}
		for i, d := range days {
			began, err := time.Parse(time.RFC3339, d.began)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, fmt.Sprintf(`INSERT INTO articles (id, translation_group, section, language, state, silent, published, precision_of_date,
				revision, changed, digest, source_url, withdrawn_at, reason)
				VALUES ('article%d', 'article%d', 1, 'en', 'published', 0, %d, '%s', 1, 1, '', '', 0, '')`, i, i, began.UnixMicro(), d.precision))
		}
		d.older(t, 28, stored...)
		db := d.migrated(t)
		for i, d := range days {
			var got string
			if err := db.QueryRow(`SELECT local FROM articles WHERE id = $1`, fmt.Sprintf("article%d", i)).Scan(&got); err != nil || got != d.want {
				t.Errorf("%s: %q (%v), want %q", d.began, got, err, d.want)
			}
		}
	})
}

// TestFollowersOfOlderPrograms: followers from before there were digests are in them,
// and what was restored before is in doubt.
func TestFollowersOfOlderPrograms(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		stored := []string{
			`INSERT INTO facts (name, value) VALUES ('restored', '2026-11-01T00:00:00Z 2026-11-02T00:00:00Z')`,
			`INSERT INTO destinations (id, source, kind, url, host, shard, cursor, attempted, failures, failing_since, next_attempt, state, waits_for, claimed_by, last_success, last_error)
			VALUES (1, 'actor:ministry', 'inbox', 'https://social.example/inbox', 'social.example', 1, 0, 0, 0, 0, 0, 'active', '', 0, 0, '')`,
		}
		for _, id := range []string{"https://social.example/users/ada", "https://social.example/users/bela", "https://other.example/cleo"} {
			stored = append(stored, `INSERT INTO followers (source, actor, inbox, destination, follow, since) VALUES ('actor:ministry', '`+id+`', '`+id+`/inbox', 1, '', 0)`)
		}
		d.older(t, 39, stored...)
		s := d.opened(t)
		err := s.View(t.Context(), func(tx *storage.Tx) error {
			ids, err := tx.ListFollowersAt("actor:ministry", "social.example")
			if diff := cmp.Diff([]string{"https://social.example/users/ada", "https://social.example/users/bela"}, ids); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err != nil {
				return err
			}
			kept, err := tx.FollowersAt("actor:ministry", "social.example")
			// printf %s ID | sha256sum of both, combined by exclusive or; the list of a site
			// that was restored does not count
			want := audience.HostFollowers{Count: 2, Size: 65, Digest: "8c636843062d7433f642d1d594c459a47c85f1d28ccd97ababe4803b645fe8a3", InDoubt: true}
			if kept != want {
				t.Errorf("%+v, want %+v", kept, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestRootsOfOlderSubscriptions: callbacks at the root of a server get its slash, and of
// two spellings one stays.
func TestRootsOfOlderSubscriptions(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		var stored, want []string
		for i, c := range []struct{ source, url, want string }{
			{"topic:1/en/atom", "https://a.example:8443", "https://a.example:8443/"},
			{"topic:1/en/atom", "http://a.example:8443?u=http://a.example:8443?x", "http://a.example:8443/?u=http://a.example:8443?x"},
			{"topic:1/en/atom", "https://a.example:8443/c?x=1", "https://a.example:8443/c?x=1"},
			{"topic:1/en/atom", "https://a.example:84", "https://a.example:84/"},
			{"topic:1/en/rss", "https://a.example:8443", ""},
			{"topic:1/en/rss", "https://a.example:8443/", "https://a.example:8443/"},
		} {
			stored = append(stored, fmt.Sprintf(`INSERT INTO destinations (id, source, kind, url, host, shard, cursor, attempted, failures, failing_since, next_attempt, state, waits_for, claimed_by, last_success, last_error)
				VALUES (%d, '%s', 'callback', '%s', '%s', 1, 0, 0, 0, 0, 0, 'active', '', 0, 0, '')`, i+1, c.source, c.url, press.HostOf(c.url)),
				fmt.Sprintf(`INSERT INTO subscriptions (destination, topic, secret, since, expires) VALUES (%d, '', '', 0, %d)`, i+1, time.Now().Add(time.Hour).UnixMicro()))
			if c.want != "" {
				want = append(want, c.source+" "+c.want)
			}
		}
		d.older(t, 45, stored...)
		db := d.migrated(t)
		got := lines(t, db, `SELECT d.source || ' ' || d.url FROM subscriptions s JOIN destinations d ON d.id = s.destination ORDER BY d.id`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestRootsOfOlderInboxes: inboxes at the root of a server get its slash, and so do their
// followers; of two spellings both stay, for each has followers.
func TestRootsOfOlderInboxes(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		var stored []string
		for i, c := range []struct{ source, url string }{
			{"actor:ministry", "https://a.example:8443"},
			{"actor:ministry", "https://b.example/inbox"},
			{"actor:minister", "https://a.example:8443"},
			{"actor:minister", "https://a.example:8443/"},
		} {
			stored = append(stored, fmt.Sprintf(`INSERT INTO destinations (id, source, kind, url, host, shard, cursor, attempted, failures, failing_since, next_attempt, state, waits_for, claimed_by, last_success, last_error)
				VALUES (%[1]d, '%[2]s', 'inbox', '%[3]s', '%[4]s', 1, 0, 0, 0, 0, 0, 'active', '', 0, 0, '')`, i+1, c.source, c.url, press.HostOf(c.url)),
				fmt.Sprintf(`INSERT INTO followers (source, actor, inbox, destination, follow, since) VALUES ('%[2]s', 'https://a.example:8443/%[1]d', '%[3]s', %[1]d, '', 0)`, i+1, c.source, c.url))
		}
		d.older(t, 47, stored...)
		db := d.migrated(t)
		got := lines(t, db, `SELECT d.url || ' ' || f.inbox FROM destinations d JOIN followers f ON f.destination = d.id ORDER BY d.id`)
		want := []string{
			"https://a.example:8443/ https://a.example:8443/", "https://b.example/inbox https://b.example/inbox",
			"https://a.example:8443 https://a.example:8443/", "https://a.example:8443/ https://a.example:8443/",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestAsksOfOlderPrograms: hosts that said what they run are asked again a week after they
// did, and the others at once.
func TestAsksOfOlderPrograms(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		asked := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
		d.older(t, 46,
			fmt.Sprintf(`INSERT INTO host_software (host, name, version, asked) VALUES ('says.example', 'snac', '2.94', %[1]d), ('silent.example', '', '', %[1]d)`, asked.UnixMicro()))
		db := d.migrated(t)
		for host, want := range map[string]int64{"says.example": asked.AddDate(0, 0, 7).UnixMicro(), "silent.example": 0} {
			var got int64
			if err := db.QueryRow(`SELECT next_ask FROM host_software WHERE host = $1 AND failures = 0`, host).Scan(&got); err != nil || got != want {
				t.Errorf("%s is asked at %d, want %d: %v", host, got, want, err)
			}
		}
	})
}

// Pictures that were kept whole are as they were.
func TestOlderPictures(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "older.db")
	const picture = `INSERT INTO media (hash, type, width, height, content) VALUES ('%s', 'image/png', 3, 2, `
	inFile(file).older(t, 40,
		fmt.Sprintf(picture, "large")+`RANDOMBLOB(700000))`, fmt.Sprintf(picture, "exact")+`RANDOMBLOB(262144))`,
		fmt.Sprintf(picture, "small")+`X'89504E470000FF')`, fmt.Sprintf(picture, "empty")+`X'')`)
	want := contents(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		for hash, content := range want {
			got, err := tx.MediaContent(hash)
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s has %d bytes, which had %d: %v", hash, len(got), len(content), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// contents are the pictures of a database that keeps them whole.
func contents(t *testing.T, file string) map[string][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string][]byte{}
	for _, hash := range []string{"large", "exact", "small", "empty"} {
		var content []byte
		if err := db.QueryRow(`SELECT content FROM media WHERE hash = $1`, hash).Scan(&content); err != nil {
			t.Fatal(err)
		}
		all[hash] = content
	}
	return all
}
