package config

import (
	"os"
	"strings"
	"testing"
)

const manualFile = "../../communique/packaging/communique.yaml.5"

// TestManual: the page of the manual is the file that init writes.
func TestManual(t *testing.T) {
	t.Parallel()
	text, err := Render(initial)
	if err != nil {
		t.Fatal(err)
	}
	page := ".TH COMMUNIQUE.YAML 5 2026-11-30 communique \"File Formats\"\n.SH NAME\ncommunique.yaml \\- the configuration of a press site\n.SH DESCRIPTION\nThis is what communique init writes. The server reads it when it starts.\n.PP\n.nf\n"
	for line := range strings.Lines(string(text)) {
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		page += line
	}
	page += ".fi\n.SH SEE ALSO\n.BR communique (1)\n"
	if *update {
		if err := os.WriteFile(manualFile, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if written, err := os.ReadFile(manualFile); err != nil || string(written) != page {
		t.Errorf("%s is out of date, %v: run go generate ./cmd/internal/config", manualFile, err)
	}
}
