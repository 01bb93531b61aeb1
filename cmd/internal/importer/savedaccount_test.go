package importer

import (
	"strings"
	"testing"
	"time"
)

// TestExplainSavedText: of each line of a saved text is said what became of it.
func TestExplainSavedText(t *testing.T) {
	t.Parallel()
	text := "[Home](/) [Press](/press)\n\nThe quay was opened again\n\n6 May 2019\n\nThe quay of the harbour was opened this morning, after nine years of work on its walls and on the road that leads to it from the station of the town.\n\n- The first of the ships\n- The second of the ships\n\nThe minister thanked all who had taken part.\n\n[Print](/print)\n"
	p, err := ReadPage("a.txt", []byte(text), Options{Zone: time.UTC, Language: "en"})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	var b strings.Builder
	if err := p.Explain(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"+ title        The quay was opened again\n", "+ date         6 May 2019\n", "+ text         The quay of the harbour", "+ text         - The second of the ships\n",
		"+ text         The minister thanked", "- menu         Home Press\n", "- control      Print\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
	if n := strings.Count(b.String(), "\n"); n != 8 {
		t.Errorf("%d pieces instead of 8 lines:\n%s", n, b.String())
	}
}
