package command

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage/sqlite/sqlitetest"
)

// acts are the commands that change an installation, make one or serve it; all others look.
var acts = strings.Fields(`init serve copy upgrade certificate/ask backup publish correct edit withdraw release pin unpin import restore demo move
	section/add section/name section/rename section/move section/close section/reopen section/remove
	destinations/pause destinations/resume destinations/retry alias/add alias/remove
	withdraw/file keys/rotate keys/encrypt keys/decrypt destinations/drop clock/confirm replies/approve replies/reject replies/keep
	flags/dismiss config/apply followers/confirm people/invite people/grant people/remove people/confirm collections/leave block/add block/remove block/import`)

// aloof are those that need no installation.
var aloof = strings.Fields("version backup/verify completion/bash completion/fish completion/powershell completion/zsh help")

// looksAtSite are the commands that only look, as they are typed, and what their exit
// status is.
func looksAtSite(t *testing.T, w *terminal, article string) map[string]int {
	t.Helper()
	folder := t.TempDir()
	const crumbs = `<nav><a href="/">Home</a> &gt; <a href="/m">The Ministry</a></nav>`
	for _, name := range []string{"1.html", "2.html", "3.html", "4.html", "5.html", "6.html"} {
		w.page(folder, name, "Treaty "+name+" signed", crumbs)
	}
	made := filepath.Join(t.TempDir(), "made")
	return map[string]int{
		"alias list":                     0,
		"audit export":                   0,
		"audit list":                     0,
		"audit verify":                   0,
		"block export":                   0,
		"block list":                     0,
		"certificate":                    2, // a web server in front has it
		"check --url http://127.0.0.1:9": 2, // no server runs
		"clock":                          0,
		"collections":                    0,
		"config apply":                   1, // one server alone serves a file
		"destinations":                   0,
		"flags":                          0,
		"followers export":               0,
		"followers list":                 0,
		"health":                         1, // no server runs
		"import --dry-run " + folder:     0,
		"import learn --to " + made + ".yaml " + folder: 1, // they are too few
		"keys":        0,
		"keys list":   0,
		"list":        0,
		"people list": 0,
		"preview --again --to " + made + ".previewed " + w.document("lead: New.", "published: 2026-12-09"): 0,
		"publish --again --dry-run " + w.document("lead: New.", "published: 2026-12-09"):                   0,
		"publish --dry-run --again --silent " + w.document("published: 2026-11-01"):                        0,
		"reach " + article:           0,
		"report " + article:          0,
		"replies evidence":           0,
		"replies list":               0,
		"replies show " + article:    1, // there is none
		"section list":               0,
		"show " + article:            0,
		"show --markdown " + article: 0,
		"status":                     2, // no server runs
		"subscribers":                0,
		"withdraw files":             0,
	}
}

// TestEveryCommandLooksOrActs: a new command is one that changes something, or is held to
// leave no trace.
func TestEveryCommandLooksOrActs(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	var looked []string
	for line := range looksAtSite(t, w, "k3tq5m2zr7ab4cde") {
		looked = append(looked, line)
	}
	walkCommands(newRootCommand(&app{World: World{Env: func(string) string { return "" }}}), func(path string) {
		looks := slices.ContainsFunc(looked, func(line string) bool {
			return line == strings.ReplaceAll(path, "/", " ") || strings.HasPrefix(line, strings.ReplaceAll(path, "/", " ")+" ")
		})
		if !looks && !slices.Contains(acts, path) && !slices.Contains(aloof, path) {
			t.Errorf("%s is in none of the lists of this file", path)
		}
	})
}

// walkCommands calls fn with the path of each command that does something.
func walkCommands(c *cobra.Command, fn func(path string)) {
	if c.Runnable() && c.HasParent() {
		fn(strings.ReplaceAll(strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" "), " ", "/"))
	}
	for _, sub := range c.Commands() {
		walkCommands(sub, fn)
	}
}

// TestLooksLeaveNoTrace: what only looks, or is a dry run, leaves the database as it was,
// also when the configuration has just been changed: days move and embargoes are held by
// who changes something, and by the server.
func TestLooksLeaveNoTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, old, fresh string
	}{
		{"as it was made", "", ""},
		{"another zone", `timezone: "Europe/Lisbon"`, `timezone: "Asia/Tokyo"`},
		{"another zone, in which a day has not begun", `timezone: "Europe/Lisbon"`, `timezone: "America/New_York"`},
		{"a further language", "languages: [en, fr]", "languages: [en, fr, ar]"},
		{"an actor that announces", "actors: []", "actors:\n  - {name: minister, display_name: The Minister, section: the-ministry}"},
		{"another domain of handles", `handle_domain: ""`, `handle_domain: "mfa.example"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newTerminal(t)
			w.clock.Pass(7 * time.Hour) // 16:30 in Lisbon, when it is the next day in Tokyo
			article := w.publish(w.document())
			w.publish(w.document("published: 2026-11-27", "lead: Held by its day."))
			looks := looksAtSite(t, w, article)
			w.configure(tt.old, tt.fresh)
			w.configure(config.DefaultMetrics, "off") // other sites have it
			file := filepath.Join(w.data, config.Database)
			before := sqlitetest.Dump(t, file)
			for _, line := range slices.Sorted(maps.Keys(looks)) {
				_, problems, status := w.run(split(line)...)
				if want := looks[line]; status != want {
					t.Errorf("%s: exit status %d, expected %d: %s", line, status, want, problems)
				}
				after := sqlitetest.Dump(t, file)
				if after != before {
					t.Errorf("%s left a trace:\n%s", line, changed(before, after))
				}
				before = after
			}
		})
	}
}

// changed are the lines of one dump that the other has not.
func changed(before, after string) string {
	var b strings.Builder
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, l := range was {
		if !slices.Contains(is, l) {
			b.WriteString("- " + l + "\n")
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			b.WriteString("+ " + l + "\n")
		}
	}
	return b.String()
}

// configure changes a line of the configuration.
func (w *terminal) configure(old, fresh string) {
	w.t.Helper()
	file := filepath.Join(w.data, config.File)
	content, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		w.t.Fatalf("the configuration lacks %q", old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(content), old, fresh, 1)), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// TestADryRunAfterAnotherZone: it tells what would become of a document in the zone that
// is configured, and who looks is told what the zone changes, each time; whoever changes
// something is told once that it has.
func TestADryRunAfterAnotherZone(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.clock.Pass(7 * time.Hour)
	until := w.publish(w.document("published: 2026-11-27", "lead: Held by its day."))
	w.configure(`timezone: "Europe/Lisbon"`, `timezone: "Asia/Tokyo"`)
	later := w.document("lead: Another.", "published: 2026-12-09 10:00")
	const moves = "days begin there"
	held := "where 2026-11-27 has begun already, until which article " + until + " is under embargo"
	to := filepath.Join(t.TempDir(), "out")
	for range 2 {
		for _, look := range []string{"list", "clock", "publish --again --dry-run " + later, "preview --again --to " + to + " " + later} {
			_, warned, status := w.run(split(look)...)
			if status != 0 || !strings.Contains(warned, moves) || !strings.Contains(warned, "embargoes will be held then: ") || !strings.Contains(warned, held) {
				t.Errorf("%s: exit status %d, warned %q", look, status, warned)
			}
		}
		out, _, _ := w.run("check", "--url", "http://127.0.0.1:9")
		if !strings.Contains(out, "embargoes will be held then: ") {
			t.Errorf("check does not say that embargoes will be held:\n%s", out)
		}
		w.say([]said{
			{"clock", 0, []string{"Embargoes end by this clock."}},
			{"publish --again --dry-run " + later, 0, []string{"would be under embargo and held, not only until 2026-12-09 10:00 JST", held}},
			{"publish --again --dry-run --json " + later, 0, []string{`"published":"2026-12-09T10:00:00+09:00"`, held}},
			{"preview --again --to " + to + " " + later, 0, []string{"would be under embargo and held", held}},
			{"publish --again --dry-run " + w.document("lead: By day.", "published: 2026-12-09"), 0, []string{"under embargo and held, not only until 2026-12-09."}},
			{"publish --again --dry-run --json " + w.document("lead: By day.", "published: 2026-12-09"), 0, []string{`"published":"2026-12-09T00:00:00+09:00"`}},
		})
	}
	_, warned, _ := w.run("section", "add", "Press Room")
	if !strings.Contains(warned, moves) || !strings.Contains(warned, "embargoes are held: ") {
		t.Errorf("section add warned %q", warned)
	}
	if _, warned, _ = w.run("section", "add", "Press Rooms"); warned != "" {
		t.Errorf("section add warned again: %q", warned)
	}
	out, _, _ := w.run("check", "--url", "http://127.0.0.1:9")
	if !strings.Contains(out, held) || strings.Contains(out, "will be held") {
		t.Errorf("check does not say why embargoes are held:\n%s", out)
	}
}
