package stories

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/communique/command"
	"communique/cmd/internal/check"
	"communique/cmd/internal/e2e/e2etest"
)

// startsOf are the lines of check about the next start of the server that are not well,
// and what it said of the rest.
func startsOf(t *testing.T, s *e2etest.Site) (lines []check.Finding, status int) {
	t.Helper()
	out, _, err := s.Run("check", "--json")
	last := false
	for line := range strings.Lines(out) {
		var f check.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if f.Rule == "start" && f.Verdict != check.OK {
			lines = append(lines, f)
		}
		last = last || f.Rule == "disk"
	}
	if !last {
		t.Errorf("check broke off: %v\n%s", err, out)
	}
	return lines, command.ExitStatus(io.Discard, err)
}

// TestCheckSaysWhatServeWouldSay: whatever keeps the server from its next start, or makes
// it warn, is a line of check, with the server running as it was; and check goes on.
func TestCheckSaysWhatServeWouldSay(t *testing.T) {
	t.Parallel()
	const minister = "section: the-ministry/the-minister}"
	for _, tt := range []struct {
		name     string
		change   func(t *testing.T, s *e2etest.Site)
		verdicts []check.Verdict
		want     string // of check and serve
	}{
		{"nothing", func(*testing.T, *e2etest.Site) {}, nil, ""},
		{"a section that never was", func(_ *testing.T, s *e2etest.Site) { s.Configure(minister, "section: the-ministry/the-ministre}") },
			[]check.Verdict{check.Fail}, "actors[0].section: of @minister: "},
		{"a new actor of a section that is none", func(_ *testing.T, s *e2etest.Site) {
			s.Configure("actors:\n", "actors:\n  - {name: speaker, display_name: The Speaker, section: nowhere}\n")
		}, []check.Verdict{check.Fail}, "actors[0].section: of @speaker: "},
		{"two of them", func(_ *testing.T, s *e2etest.Site) {
			s.Configure(minister, "section: the-ministry/the-ministre}")
			s.Configure("actors:\n", "actors:\n  - {name: speaker, display_name: The Speaker, section: nowhere}\n")
		}, []check.Verdict{check.Fail, check.Fail}, "actors[0].section: of @speaker: "},
		{"an actor with followers is taken out", func(t *testing.T, s *e2etest.Site) {
			s.FollowedBy(t, s.ActorNamed("minister"))
			s.Configure("  - {name: minister, display_name: The Minister, summary: What the Minister does., section: the-ministry/the-minister}\n", "")
		}, []check.Verdict{check.Fail}, "@minister has 1 followers"},
		{"a picture that is not there", func(_ *testing.T, s *e2etest.Site) { s.Configure(`icon: ""`, "icon: none.png") },
			[]check.Verdict{check.Fail}, "actor.icon: "},
		{"a passphrase that is not there", func(_ *testing.T, s *e2etest.Site) { s.Configure(`passphrase_file: ""`, "passphrase_file: none") },
			[]check.Verdict{check.Fail}, "keys.passphrase_file: "},
		{"another passphrase", func(t *testing.T, s *e2etest.Site) {
			write := func(text string) {
				if err := os.WriteFile(filepath.Join(s.Data, "phrase"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("one")
			s.Configure(`passphrase_file: ""`, "passphrase_file: phrase")
			s.Must("keys", "encrypt")
			write("two")
		}, []check.Verdict{check.Fail}, "communique keys encrypt was run with"},
		{"keys in plain", func(t *testing.T, s *e2etest.Site) {
			if err := os.WriteFile(filepath.Join(s.Data, "phrase"), []byte("one"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.Configure(`passphrase_file: ""`, "passphrase_file: phrase")
		}, []check.Verdict{check.Warn}, "the keys are not encrypted"},
		{"an address to listen on", func(_ *testing.T, s *e2etest.Site) { s.Configure(`listen: ""`, `listen: "10.0.0.1:80"`) },
			[]check.Verdict{check.Fail}, "is not on this machine alone"},
		{"metrics for everybody", func(_ *testing.T, s *e2etest.Site) { s.Configure(`listen: "off"`, `listen: "198.51.100.7:9464"`) },
			[]check.Verdict{check.Warn}, "metrics.listen: 198.51.100.7:9464 may be reached from outside"},
		{"private networks", func(_ *testing.T, s *e2etest.Site) {
			s.Configure("private_networks: []", "private_networks: [10.0.0.0/8]")
		},
			[]check.Verdict{check.Warn}, "private_networks: whoever names an address in 10.0.0.0/8"},
		{"deliveries that are held", func(_ *testing.T, s *e2etest.Site) { s.Configure("paused: false", "paused: true") },
			[]check.Verdict{check.Warn}, "deliveries are held"},
		{"another domain of the handles", func(_ *testing.T, s *e2etest.Site) {
			s.Configure(`handle_domain: ""`, "handle_domain: "+strings.Replace(s.Base, "http://127.0.0.1", "localhost", 1))
		}, []check.Verdict{check.Warn}, "the handles have another domain now"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := e2etest.NewAnnouncing(t)
			s.Serve()
			tt.change(t, s)
			lines, status := startsOf(t, s)
			var verdicts []check.Verdict
			for _, l := range lines {
				verdicts = append(verdicts, l.Verdict)
			}
			e2etest.Equal(t, "the verdicts", verdicts, tt.verdicts)
			if len(lines) == 0 {
				return
			}
			if !strings.Contains(lines[0].Observed, tt.want) || lines[0].Verdict == check.Fail && status != 2 || status == 0 {
				t.Errorf("check: status %d, %+v", status, lines[0])
			}
			s.Stop()
			if lines[0].Verdict == check.Fail {
				refused(t, s, tt.want, "serve")
				return
			}
			s.Serve()
			e2etest.Equal(t, "serve warns", strings.Contains(s.Log.String(), tt.want), true)
		})
	}
}

// TestAnUnconfirmedRestoreIsALineOfCheck.
func TestAnUnconfirmedRestoreIsALineOfCheck(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	r := s.Elsewhere()
	r.Must("restore", file)
	lines, status := startsOf(t, r)
	if len(lines) != 1 || status != 2 || !strings.Contains(lines[0].Observed, "restore --confirm") {
		t.Errorf("status %d: %+v", status, lines)
	}
}

// TestAnotherZone: an embargo until a day ends when the day begins in the new zone, one
// with a time of day when it did. Who looks is told so before it is so, and whoever first
// changes something when it is; if an embargo would be over by that at once, none ends before
// somebody has looked.
func TestAnotherZone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		pass time.Duration // after the evening before, in Lisbon
		held bool
	}{
		{"days before", 0, false},
		{"when the day has begun in Tokyo", 50 * time.Hour, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := e2etest.NewSite(t)
			lisbon, err := time.LoadLocation("Europe/Lisbon")
			if err != nil {
				t.Fatal(err)
			}
			now := s.Clock.Now().In(lisbon)
			y, m, d := now.Date()
			s.Clock.Pass(time.Date(y, m, d+1, 18, 0, 0, 0, lisbon).Sub(now)) // 18:00, when it is another day in Tokyo
			day := time.Date(y, m, d+4, 0, 0, 0, 0, lisbon)
			until := s.File("publish", s.Markdown("Until a day", "Text.", "published: "+day.Format(time.DateOnly)))
			hour := s.File("publish", s.Markdown("Until an hour", "Text.", "published: "+day.Format(time.DateOnly)+" 10:00"))
			s.Clock.Pass(tt.pass)
			s.Configure(`timezone: "Europe/Lisbon"`, `timezone: "Asia/Tokyo"`)
			said := []string{
				"the zone is Asia/Tokyo now, and was Europe/Lisbon",
				until.ID + `, "Until a day", until ` + day.Format(time.DateOnly) + " ends at " + day.Format(time.DateOnly) + " 00:00 JST",
				hour.ID + `, "Until an hour", still ends at ` + day.Format(time.DateOnly) + " 10:00 WE",
			}
			if tt.held {
				said = append(said, "embargoes will be held then: the zone of the site was changed to Asia/Tokyo, where "+day.Format(time.DateOnly)+" has begun already, until which article "+until.ID+" is under embargo")
			}
			for range 2 { // to look changes nothing
				lines, _ := startsOf(t, s)
				for i, want := range said {
					if len(lines) != len(said) || !strings.Contains(lines[i].Observed, want) {
						t.Fatalf("check does not say %q: %+v", want, lines)
					}
				}
				_, warned, err := s.Run("list")
				for _, want := range said {
					if err != nil || !strings.Contains(warned, want) {
						t.Errorf("list does not warn %q: %v, %s", want, err, warned)
					}
				}
			}
			_, warned, err := s.Run("section", "add", "Press Room")
			for _, want := range said[1:3] {
				if err != nil || !strings.Contains(warned, want) {
					t.Errorf("section add does not warn %q: %v, %s", want, err, warned)
				}
			}
			if _, again, _ := s.Run("section", "add", "Media Room"); again != "" {
				t.Errorf("a second time: %s", again)
			}
			e2etest.Equal(t, "embargoes are held", strings.Contains(s.Must("clock"), "which article "+until.ID+" is under embargo"), tt.held)
			s.Serve()
			s.Publish("Whoever ends embargoes looks at every commit")
			state, _ := stateOf(s, until.ID)
			e2etest.Equal(t, "the state", state, "embargoed")
		})
	}
}

// TestCheckOfWhatCannotBeOpened: what keeps check from opening the site is a finding, as
// it keeps serve from it; where no site is, there is none.
func TestCheckOfWhatCannotBeOpened(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	for _, tt := range []struct {
		name, file, text string
		findings         int
	}{
		{"a mistyped field", "communique.yaml", "basis_url: https://press.mfa.example\n", 1},
		{"a configuration that is none", "communique.yaml", "{", 1},
		{"a database that is none", "communique.db", "This is no database, but a text that somebody has put there.", 1},
		{"no configuration", "communique.yaml", "", 0},
	} {
		s := e2etest.NewSite(t)
		name := filepath.Join(s.Data, tt.file)
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		if tt.text != "" {
			if err := os.WriteFile(name, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, _, err := s.Run("check", "--json")
		e2etest.Equal(t, tt.name+": the status", command.ExitStatus(io.Discard, err), 2)
		e2etest.Equal(t, tt.name+": findings in "+out, strings.Count(out, `"rule":"start"`), tt.findings)
	}
}
