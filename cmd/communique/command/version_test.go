package command

import (
	"encoding/json"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuildOf(t *testing.T) {
	t.Parallel()
	platform := runtime.GOOS + "/" + runtime.GOARCH
	for name, c := range map[string]struct {
		info *debug.BuildInfo
		want build
	}{
		"nothing is known": {nil, build{Version: developed}},
		"a release":        {&debug.BuildInfo{Main: debug.Module{Version: "v0.4.1"}}, build{Version: "v0.4.1"}},
		"a checkout": {&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "b3f72c0"}, {Key: "vcs.time", Value: "2026-11-28T15:14:01Z"}, {Key: "vcs.modified", Value: "true"},
		}}, build{Version: developed, Revision: "b3f72c0", Date: "2026-11-28T15:14:01Z", Modified: true}},
	} {
		c.want.Go, c.want.Platform = runtime.Version(), platform
		if d := cmp.Diff(c.want, buildOf(c.info)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestVersion: --version says what the first line of version says, and version
// --json the same.
func TestVersion(t *testing.T) {
	t.Parallel()
	run := func(args ...string) string {
		var out strings.Builder
		if err := Run(t.Context(), args, World{Stdout: &out, Env: func(string) string { return "" }}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first, rest, _ := strings.Cut(run("version"), "\n")
	if first != "communique "+version() || !strings.Contains(rest, runtime.Version()) {
		t.Errorf("version prints %q, then %q", first, rest)
	}
	if flag := run("--version"); flag != first+"\n" {
		t.Errorf("--version prints %q, version %q", flag, first)
	}
	var b build
	if err := json.Unmarshal([]byte(run("version", "--json")), &b); err != nil || b != thisBuild() {
		t.Errorf("version --json: %+v, %v", b, err)
	}
}

// TestDevelopedVersion: what is developed comes after the newest release.
func TestDevelopedVersion(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## \[?(\d+\.\d+\.\d+)`).FindSubmatch(text)
	if newest == nil || developed <= string(newest[1]) {
		t.Errorf("%s is developed, and the newest release is %s", developed, newest)
	}
}
