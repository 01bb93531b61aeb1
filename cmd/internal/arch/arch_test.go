// Package arch holds the shape of the repository: which package may import which,
// why each module is there, how long a file may be, and that the documents name
// what there is. It is all tests.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "communique"

var root = filepath.Join("..", "..", "..")

// rules say what the packages below a folder may import of ours, tests apart.
// The first rule whose folder fits counts.
var rules = []struct {
	folder string
	may    []string // folders, with all below them; "" is everything
	never  []string // of others
}{
	{"storage/press", nil, nil}, // the standard library only
	{"storage/migrations", []string{"storage/press", "storage/fingerprint"}, nil},
	{"storage/picture", []string{"storage/press"}, nil},
	{"storage/attachment", nil, nil},
	{"storage/lazyregexp", nil, nil},
	{"storage/richtext", []string{"storage/lazyregexp", "storage/press"}, nil},
	{"storage/terms", nil, nil},
	{"storage/accept", nil, []string{"net/http"}},
	{"storage/tsv", nil, nil},
	{"storage/wording", nil, nil},
	{"storage/fingerprint", []string{"storage/press", "storage/wording"}, nil},
	{"storage/delivery/patience", nil, []string{"net/http"}},
	{"storage/delivery/outbound", []string{"storage/delivery/outbound", "storage/delivery/patience"}, nil},
	{"storage/delivery", []string{"storage"}, []string{"net/http"}},
	{"storage/publog", []string{"storage/internal", "storage/press"}, nil},
	{"storage/deliveries", []string{"storage/internal", "storage/press", "storage/publog"}, nil},
	{"storage/newsdesk", []string{"storage/internal", "storage/press", "storage/publog", "storage/picture", "storage/attachment", "storage/richtext", "storage/terms", "storage/fingerprint"}, nil},
	{"storage/audience", []string{"storage/internal", "storage/press", "storage/publog", "storage/newsdesk", "storage/deliveries", "storage/richtext"}, nil},
	{"storage/actors", []string{"storage/internal", "storage/press", "storage/publog", "storage/deliveries"}, nil},
	{"storage/certificates", []string{"storage/internal", "storage/press"}, nil},
	{"storage/audit", []string{"storage/internal", "storage/press", "storage/publog"}, nil},
	{"storage/people", []string{"storage/lazyregexp", "storage/internal", "storage/press"}, nil},
	{"storage/manuscripts", []string{"storage/internal", "storage/press", "storage/terms"}, nil},
	{"storage/alarms", []string{"storage/internal", "storage/press"}, nil},
	{"storage/sightings", []string{"storage/internal", "storage/press"}, nil},
	{"storage/internal/kernel", []string{"storage/press"}, nil},
	{"storage/internal/textindex", []string{"storage/internal/kernel", "storage/press", "storage/terms"}, nil},
	{"storage/sqlite/sqlitetest", []string{"storage"}, nil},
	{"storage/postgres", []string{"storage"}, nil},
	{"storage/clocktest", nil, nil},
	{"storage/sqlite", []string{"storage"}, nil},
	{"storage/storagetest", []string{"storage"}, nil},
	{"storage", []string{"storage/internal", "storage/press", "storage/migrations", "storage/publog", "storage/newsdesk", "storage/deliveries", "storage/audience", "storage/actors", "storage/certificates", "storage/audit", "storage/people", "storage/manuscripts", "storage/alarms", "storage/sightings"}, []string{"net/http", "modernc.org/sqlite"}},
	{"federation/vocab", []string{"storage/press"}, []string{"net/http"}},
	{"federation/signature", []string{"storage/press"}, nil},
	{"federation/remote", []string{"federation", "storage/press", "storage/delivery/outbound", "storage/delivery/patience"}, nil},
	{"federation/moderation", []string{"storage"}, []string{"net/http"}},
	{"federation/federationtest", []string{"federation", "storage"}, nil},
	{"federation", []string{"federation", "storage"}, nil},
	{"feeds", []string{"feeds", "storage"}, nil},
	{"cmd/internal/bench", []string{"cmd/internal/config", "cmd/internal/port"}, nil},
	{"cmd/internal/config", []string{"cmd/internal/ops/backup", "storage/press"}, nil},
	{"cmd/internal/civil", []string{"storage/press"}, nil},
	{"cmd/internal/importer", []string{"cmd/internal/civil", "storage/lazyregexp", "storage/press", "storage/richtext"}, []string{"net/http"}},
	{"cmd/internal/journal", []string{"storage"}, []string{"net/http", "github.com/spf13/cobra", module + "/storage/sqlite"}},
	// It knows no command line, and not what becomes of an article outside.
	{"cmd/internal/newsroom", []string{"cmd/internal/civil", "cmd/internal/importer", "cmd/internal/journal", "storage"}, []string{"net/http", "os", "github.com/spf13/cobra", module + "/storage/delivery", module + "/storage/sqlite"}},
	// It renders nothing by itself, writes no file and asks nobody.
	{"cmd/internal/preview", []string{"cmd/internal/newsroom", "feeds", "federation", "storage"}, []string{"net/http", "os", "github.com/spf13/cobra", module + "/storage/sqlite"}},
	// The newsroom and the federation meet in it.
	{"cmd/internal/answers", []string{"cmd/internal/newsroom", "federation", "storage"}, []string{"net/http", "os", "github.com/spf13/cobra", module + "/storage/delivery", module + "/storage/sqlite"}},
	// It does nothing to articles and people by itself, and sees no engine.
	{"cmd/internal/mail/mailtest", []string{"cmd/internal/https/httpstest", "cmd/internal/port/porttest", "cmd/internal/realpart"}, nil},
	{"cmd/internal/mail", nil, []string{"net/http", "os"}}, // it knows nothing of what is written
	{"cmd/internal/desk", []string{"cmd/internal/answers", "cmd/internal/links", "cmd/internal/mail", "cmd/internal/newsroom", "cmd/internal/web", "federation/moderation", "storage"}, []string{"os", "github.com/spf13/cobra", module + "/storage/sqlite", module + "/storage/postgres", module + "/storage/delivery"}},
	{"cmd/internal/links", []string{"storage/delivery/outbound"}, []string{"os", "github.com/spf13/cobra"}},
	// It asks as readers do, and knows what is rendered here from who hands it that.
	{"cmd/internal/sight", []string{"cmd/internal/newsroom", "storage"}, []string{"os", "github.com/spf13/cobra", module + "/storage/sqlite"}},
	{"cmd/internal/check", nil, nil}, // it knows nothing of how the documents are made
	{"cmd/internal/web", []string{"feeds", "federation", "storage/press", "storage/accept", "storage/hearsay"}, nil},
	{"cmd/internal/https/httpstest", []string{"cmd/internal/port/porttest", "cmd/internal/realpart"}, nil},
	// It has the certificate, and not what is shown with it.
	{"cmd/internal/https", []string{"federation/signature", "storage"}, []string{"github.com/spf13/cobra", module + "/storage/sqlite"}},
	{"cmd/internal/arrivals", nil, nil}, // it judges publishers, ours among them
	{"cmd/internal/port", []string{"cmd/internal/port"}, nil},
	{"cmd/internal/ops/backup", nil, []string{"net/http", "github.com/spf13/cobra"}}, // what is in a backup is others'
	// It sees a server that runs and the store, and not how either is made.
	{"cmd/internal/ops", []string{"cmd/internal/web", "federation", "feeds/purge", "storage"}, []string{"github.com/spf13/cobra"}},
	{"cmd/internal/e2e", []string{"cmd/communique/command", "cmd/internal", "storage"}, nil},
	{"cmd/internal", nil, nil},
	{"cmd", []string{""}, nil},
}

// suites are the tests of the whole program, and what they share.
const suites = "cmd/internal/e2e"

// drivers are known to their engine's package only, and to what its tests are made
// of.
var drivers = map[string]string{
	"modernc.org/sqlite":      "storage/sqlite",
	"github.com/jackc/pgx/v5": "storage/postgres",
}

// engines are opened by cmd only, and by what tests are made of.
var (
	engines  = []string{module + "/storage/sqlite", module + "/storage/postgres"}
	forTests = []string{"storage/sqlite/sqlitetest", "storage/postgres/postgrestest", "storage/storagetest/engines", "federation/federationtest"}
)

// foreignDriver reports whether a folder imports another engine's driver.
func foreignDriver(folder, name string) bool {
	if name == "database/sql/driver" { // what drivers of all engines have in common
		return !within(folder, "storage/sqlite") && !within(folder, "storage/postgres")
	}
	for driver, home := range drivers {
		if within(name, driver) && folder != home && folder != home+"/"+filepath.Base(home)+"test" {
			return true
		}
	}
	return false
}

func TestArrows(t *testing.T) {
	t.Parallel()
	eachFile(t, func(folder, file string, imports []string) {
		i := slices.IndexFunc(rules, func(r struct {
			folder string
			may    []string
			never  []string
		}) bool {
			return within(folder, r.folder)
		})
		if i < 0 {
			t.Errorf("%s: no rule for this folder; add one", file)
			return
		}
		r := rules[i]
		for _, name := range imports {
			ours, own := strings.CutPrefix(name, module+"/")
			switch {
			case own && !slices.ContainsFunc(r.may, func(may string) bool { return may == "" || within(ours, may) }):
				t.Errorf("%s imports %s, which %s must not know", file, name, r.folder)
			case within(ours, suites) && !within(folder, suites):
				t.Errorf("%s imports %s, which is for tests", file, name)
			case slices.ContainsFunc(r.never, func(never string) bool { return within(name, never) }):
				t.Errorf("%s imports %s, which %s must not know", file, name, r.folder)
			case foreignDriver(folder, name):
				t.Errorf("%s imports the driver %s", file, name)
			case slices.Contains(engines, name) && !within(folder, "cmd") && !slices.Contains(forTests, folder):
				t.Errorf("%s opens the engine %s", file, name)
			case folder == "storage/press" && strings.Contains(strings.Split(name, "/")[0], "."):
				t.Errorf("%s imports %s: press knows the standard library only", file, name)
			}
		}
	})
}

// TestTopLevel: the first look at the tree tells what is where.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	names := append([]string{"cmd", "feeds", "federation", "storage", "go.mod", "go.sum", "LICENSE"}, documents...)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "dist" {
			continue // a release was made here; git ignores it
		}
		if !slices.Contains(names, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s stands at the top", e.Name())
		}
	}
}

// TestModules: each module that we import by name was chosen, for a reason.
func TestModules(t *testing.T) {
	t.Parallel()
	reasons := map[string]string{
		"filippo.io/age":                      "encrypts backups to those who may read them",
		"github.com/PuerkitoBio/goquery":      "finds its way in pages that are imported",
		"github.com/alexedwards/argon2id":     "hashes passwords",
		"github.com/alexedwards/scs/v2":       "keeps the sessions of the desk",
		"github.com/andybalholm/cascadia":     "reads the selectors of profiles of pages that are imported; goquery brings it along",
		"github.com/caddyserver/certmagic":    "gets certificates from authorities",
		"github.com/mholt/acmez/v3":           "knows what authorities say; certmagic brings it along",
		"go.uber.org/zap":                     "is what certmagic logs by, which is led to our log",
		"github.com/go-chi/chi/v5":            "routes requests",
		"github.com/go-webauthn/webauthn":     "challenges passkeys, and judges what they answer",
		"github.com/coreos/go-oidc/v3":        "judges what a provider of identities says",
		"golang.org/x/oauth2":                 "asks it",
		"github.com/go-fed/httpsig":           "signs and verifies by draft-cavage",
		"github.com/goccy/go-yaml":            "reads configuration and front matter, with the line of every mistake",
		"github.com/ebitengine/purego":        "calls OpenSSL's library without cgo",
		"github.com/fsnotify/fsnotify":        "tells that another process writes to the database",
		"github.com/gofrs/flock":              "keeps a second server off the database",
		"github.com/google/go-cmp":            "shows in tests what differs",
		"github.com/gorilla/feeds":            "is the model of feeds",
		"github.com/microcosm-cc/bluemonday":  "is the second opinion on cleaned text, in tests",
		"github.com/jackc/pgx/v5":             "is the driver of PostgreSQL",
		"github.com/mmcdole/gofeed":           "is the feed reader of the tests",
		"github.com/pquerna/otp":              "makes one-time passwords",
		"github.com/prometheus/client_golang": "tells monitoring what is counted",
		"github.com/rogpeppe/go-internal":     "runs the stories of the command line",
		"github.com/spf13/cobra":              "is the command line",
		"github.com/wneessen/go-mail":         "speaks to mail servers",
		"github.com/nlnwa/whatwg-url":         "judges addresses as browsers do",
		"github.com/yuin/goldmark":            "reads Markdown",
		"go.opentelemetry.io/proto/slim/otlp": "is what a collector of traces is told in",
		"google.golang.org/protobuf":          "writes that",
		"golang.org/x/image":                  "makes pictures smaller",
		"golang.org/x/crypto":                 "derives the key that encrypts keys from a passphrase",
		"golang.org/x/net":                    "parses HTML, and domain names",
		"golang.org/x/sync":                   "lets one render for all who wait",
		"golang.org/x/sys":                    "takes the room from a running server, in the tests",
		"golang.org/x/text":                   "knows encodings, normal forms and languages",
		"modernc.org/sqlite":                  "is the built-in engine",
	}
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") {
			continue // also leaves out what is "// indirect"
		}
		seen++
		if reasons[fields[0]] == "" {
			t.Errorf("go.mod names %s: say here what it is for, or do without it", fields[0])
		}
	}
	if seen != len(reasons) {
		t.Errorf("go.mod names %d modules of our own choice, here are %d", seen, len(reasons))
	}
}

func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// eachFile calls fn for every Go file but tests, with what it imports.
func eachFile(t *testing.T, fn func(folder, file string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, name)
		}
		fn(file[:max(strings.LastIndex(file, "/"), 0)], file, imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
