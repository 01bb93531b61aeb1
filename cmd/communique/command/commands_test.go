package command

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

//go:generate go test -run ^(TestCommandsAreDocumented|TestManual)$ -update

var update = flag.Bool("update", false, "write COMMANDS.md and communique.1 anew")

// TestCommandsAreDocumented: COMMANDS.md is what every command's --help says.
func TestCommandsAreDocumented(t *testing.T) {
	t.Parallel()
	const file = "../COMMANDS.md"
	var b strings.Builder
	b.WriteString("# The commands\n\nWritten by `go generate ./cmd/communique/command` from the help of every command. All of them take `--data` and `--json`, as the first one says.\n")
	writeCommand(&b, newRootCommand(&app{World: World{Env: func(string) string { return "" }}}))
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Errorf("%s is out of date: run go generate ./cmd/communique/command", file)
	}
}

func writeCommand(b *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n```\n%s\n```\n", c.CommandPath(), c.Short, c.UseLine())
	if c.Long != "" {
		fmt.Fprintf(b, "\n%s\n", c.Long)
	}
	if flags := c.LocalFlags().FlagUsages(); flags != "" {
		fmt.Fprintf(b, "\n```\n%s```\n", flags)
	}
	if c.Example != "" {
		fmt.Fprintf(b, "\nFor example:\n\n```\n%s\n```\n", c.Example)
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			writeCommand(b, sub)
		}
	}
}
