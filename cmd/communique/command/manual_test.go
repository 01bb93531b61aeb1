package command

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const manualFile = "../packaging/communique.1"

// TestManual: the page of the manual is what every command's --help says.
func TestManual(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	root := newRootCommand(&app{World: World{Env: func(string) string { return "" }}})
	b.WriteString(".TH COMMUNIQUE 1 2026-11-30 communique \"User Commands\"\n.SH NAME\ncommunique \\- " + roff(root.Short) + "\n.SH SYNOPSIS\n.B communique\n.I command\n[\\fIflags\\fR] [\\fIarguments\\fR]\n.SH DESCRIPTION\n")
	b.WriteString(strings.TrimPrefix(paragraphs(root.Long), ".PP\n"))
	b.WriteString(paragraphs("All commands take these flags:") + verbatim(root.PersistentFlags().FlagUsages()))
	b.WriteString(".SH COMMANDS\n")
	for _, c := range root.Commands() {
		writeManual(&b, c)
	}
	b.WriteString(".SH FILES\n.TP\n.I /var/lib/communique\nThe installation that the service serves: the configuration communique.yaml and, unless that is on a server, the database.\n.TP\n.I /etc/communique/passphrase\nThe passphrase of the keys, handed to the service by systemd; empty if there is none. Readable by root alone.\n.TP\n.I /etc/communique/database\nThe address of a PostgreSQL database, in the same way.\n.TP\n.I /etc/communique/environment\nVariables for the service.\n.SH SEE ALSO\n.BR communique.yaml (5)\n")
	if *update {
		if err := os.WriteFile(manualFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(manualFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Errorf("%s is out of date: run go generate ./cmd/communique/command", manualFile)
	}
}

func writeManual(b *strings.Builder, c *cobra.Command) {
	if !c.IsAvailableCommand() || c.Name() == "help" {
		return
	}
	if c.Runnable() {
		fmt.Fprintf(b, ".SS \"%s\"\n%s.\n", roff(c.UseLine()), roff(c.Short))
		b.WriteString(paragraphs(c.Long) + verbatim(c.LocalNonPersistentFlags().FlagUsages()) + verbatim(c.Example))
	}
	for _, sub := range c.Commands() {
		writeManual(b, sub)
	}
}

// paragraphs are those of a text; what is indented in it stands as it is.
func paragraphs(text string) (page string) {
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		switch {
		case part == "":
		case strings.HasPrefix(part, "  "):
			page += verbatim(part)
		default:
			page += ".PP\n" + roff(part) + "\n"
		}
	}
	return page
}

func verbatim(text string) string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return ""
	}
	return ".PP\n.nf\n" + roff(text) + "\n.fi\n"
}

// roff is a text without signs that a page of the manual takes for its own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\"", `\(dq`).Replace(text)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
