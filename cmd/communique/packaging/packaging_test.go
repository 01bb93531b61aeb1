// Package packaging has no code: what is in this folder is held to what it promises.
package packaging

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/realpart"
)

// TestService: systemd knows each line, and what is left to the service is next to nothing.
func TestService(t *testing.T) {
	t.Parallel()
	analyze := realpart.Program(t, "systemd-analyze")
	const exposure = "20" // in tenths
	if said, err := exec.Command(analyze, "security", "--offline=true", "--threshold="+exposure, "communique.service").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	// The privilege that it may be given for ports below 1024 is not much more.
	folder := filepath.Join(t.TempDir(), "communique.service.d")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"communique.service": filepath.Join(filepath.Dir(folder), "communique.service"), "ports.conf": filepath.Join(folder, "ports.conf")} {
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	opened := exec.Command(analyze, "security", "--offline=true", "--threshold="+exposure, "./communique.service")
	opened.Dir = filepath.Dir(folder)
	if said, err := opened.CombinedOutput(); err != nil || !strings.Contains(string(said), "AmbientCapabilities=") {
		t.Errorf("%v\n%s", err, said)
	}
	// It tells of the program, too, which is not installed.
	said, _ := exec.Command(analyze, "verify", "--man=no", "./communique.service", "./communique.socket", "./communique-https.socket", "./communique-http.socket").CombinedOutput() // the status is of that
	for line := range strings.Lines(string(said)) {
		if !strings.Contains(line, "/usr/bin/communique is not executable") {
			t.Error(line)
		}
	}
}

// asServer in the environment makes the test binary a program that serves, or tells what it
// knows of it.
const asServer = "COMMUNIQUE_AS_SERVER"

func TestMain(m *testing.M) {
	help := os.Getenv(asServer)
	switch {
	case help == "":
		os.Exit(m.Run())
	case len(os.Args) > 2 && os.Args[2] == "--help":
		fmt.Println(help)
	default:
		_, _ = io.Copy(io.Discard, os.Stdin) // until its test ends it
	}
}

// TestPackageUpgrade: where a version serves that hands over, a newer one takes its place so;
// where one serves that would end by that, it is started anew, and where none does, nothing is.
// If the new one does not get so far, that is told.
func TestPackageUpgrade(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "seq")
	for name, c := range map[string]struct {
		help   string // of the version that serves; empty: none does
		status string // of the service after that
		did    string
		says   string
	}{
		"one that hands over":    {"SIGUSR2 starts the program again", "Serving", "daemon-reload, reload communique.service", ""},
		"one that does not":      {"SIGHUP has the level read anew", "Serving", "daemon-reload, try-restart communique.service", ""},
		"none":                   {"", "", "daemon-reload", ""},
		"a new one that is none": {"SIGUSR2 starts the program again", "Serving; the program that was to take its place did not start: no", "daemon-reload, reload communique.service", "serves on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			pid := 0
			if c.help != "" {
				server := exec.Command(os.Args[0], "serve")
				server.Env = append(os.Environ(), asServer+"="+c.help)
				stdin, err := server.StdinPipe()
				if err == nil {
					err = server.Start()
				}
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					_ = stdin.Close()
					_ = server.Wait() // it has nothing to say
				})
				pid = server.Process.Pid
			}
			done := filepath.Join(folder, "done")
			systemctl := fmt.Sprintf(`#!/bin/sh
case "$2" in
    --property=MainPID) if grep -qs '^reload' %[1]s && [ "%[3]s" = Serving ]; then echo 1; else echo %[2]d; fi ;;
    --property=StatusText) echo "%[3]s" ;;
    *) echo "$*" >>%[1]s ;;
esac
`, done, pid, c.status)
			script, err := os.ReadFile("postinst")
			if err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("/run/systemd/system", folder, "/etc/communique", folder, "/var/lib/communique", folder).Replace(string(script))
			for file, content := range map[string]string{"systemctl": systemctl, "getent": "#!/bin/sh\n", "postinst": text, "communique.yaml": ""} {
				if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			install := exec.Command(filepath.Join(folder, "postinst"), "configure", "0.4.0")
			install.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), asServer+"="+c.help)
			said, err := install.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			did, err := os.ReadFile(done)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(strings.TrimSpace(string(did)), "\n", ", "); got != c.did {
				t.Errorf("it does %s, want %s", got, c.did)
			}
			if !strings.Contains(string(said), c.says) || c.says == "" && len(said) > 0 {
				t.Errorf("it says %q", said)
			}
		})
	}
}

// TestManual: the pages of the manual are as the programs that show them want them.
func TestManual(t *testing.T) {
	t.Parallel()
	mandoc := realpart.Program(t, "mandoc")
	if said, err := exec.Command(mandoc, "-T", "lint", "-W", "warning", "communique.1", "communique.yaml.5").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestAlerts: each alert rule is fired by the series that its fault makes.
func TestAlerts(t *testing.T) {
	t.Parallel()
	promtool := realpart.Program(t, "promtool")
	if said, err := exec.Command(promtool, "test", "rules", "alerts_test.yaml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestDashboard: Prometheus understands each query of the dashboard, and no panel lies on
// another.
func TestDashboard(t *testing.T) {
	t.Parallel()
	promtool := realpart.Program(t, "promtool")
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	rules := "groups:\n  - name: dashboard\n    rules:\n"
	taken := map[[2]int]string{}
	for n, p := range dashboard.Panels {
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other := taken[at]; other != "" || at[0] >= 24 {
					t.Fatalf("%q lies on %q, or beyond the edge", p.Title, other)
				}
				taken[at] = p.Title
			}
		}
		for i, target := range p.Targets {
			query := strings.ReplaceAll(target.Expr, "$__rate_interval", "5m") // which Grafana puts in
			rules += fmt.Sprintf("      - {record: 'panel:%d:%d', expr: '%s'}\n", n, i, query)
		}
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
