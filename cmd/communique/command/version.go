package command

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// developed is the version of a program that was built from a checkout of no
// release: the one after the newest in CHANGELOG.md.
const developed = "0.5.0-dev"

// build is what this program was built from, as version prints it with --json.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the checkout; empty if the build does not know it
	Modified bool   `json:"modified,omitempty"` // the checkout had changes that were not committed
	Date     string `json:"date,omitempty"`     // of the revision, RFC 3339
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// buildOf reads the information that the Go command put into the program; nil if
// there is none.
func buildOf(info *debug.BuildInfo) build {
	b := build{Version: developed, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		case "vcs.time":
			b.Date = s.Value
		}
	}
	return b
}

func thisBuild() build {
	info, _ := debug.ReadBuildInfo()
	return buildOf(info)
}

// version is the program's, as it tells other servers.
func version() string { return thisBuild().Version }

func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Tell which version this is, and what it was built from",
		Example: `  communique version
  communique version --json`,
		Args: arguments(),
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if a.json {
				return a.object(b)
			}
			a.say("communique %s", b.Version)
			if b.Revision != "" {
				a.say("revision %s%s", b.Revision, map[bool]string{true: ", with changes"}[b.Modified])
				a.say("of %s", b.Date)
			}
			a.say("%s on %s", b.Go, b.Platform)
			return nil
		},
	}
}
