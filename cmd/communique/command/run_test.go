package command

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
)

// TestEveryCommandTeaches: what a command is for, and an example that begins
// with the command itself.
func TestEveryCommandTeaches(t *testing.T) {
	t.Parallel()
	root := newRootCommand(&app{World: World{Env: func(string) string { return "" }}})
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: its short text is %q", c.CommandPath(), c.Short)
		}
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("%s has no example of itself: %q", c.CommandPath(), c.Example)
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// TestWhatIsSaidOfWriting: where the database failed, who was to write is told that nothing was
// written, unless something was before; who looks is told what to do, and no more.
func TestWhatIsSaidOfWriting(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	a := &app{World: World{Stdout: io.Discard, Stderr: io.Discard, Env: func(string) string { return "" }, Clock: w.clock}, data: w.data}
	said := func(err error) string {
		return oneLine(&commandError{command: "communique", unwritten: a.unwritten != nil && a.unwritten(), err: err})
	}
	for _, does := range []struct {
		what string
		open func(context.Context) (*installation, error)
		then func(*installation) error
		want map[error]string
	}{
		{"it was to write", a.open, nil, map[error]string{
			press.ErrAway: "; nothing was written: try again when its server answers", press.ErrFull: "; nothing was written: make room and try again",
		}},
		{"it has written something", a.open, func(in *installation) error {
			return in.store.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("a", "b") })
		}, map[error]string{
			press.ErrAway: "reached; try again when its server answers", press.ErrFull: "database; make room and try again",
		}},
		{"it looks", a.openToLook, nil, map[error]string{
			press.ErrAway: "reached; try again when its server answers", press.ErrFull: "database; make room and try again",
		}},
	} {
		in, err := does.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if does.then != nil {
			if err := does.then(in); err != nil {
				t.Fatal(err)
			}
		}
		in.Close()
		for failed, want := range does.want {
			if got := said(failed); !strings.HasSuffix(got, want) {
				t.Errorf("%s: %q, want it to end in %q", does.what, got, want)
			}
		}
	}
}
