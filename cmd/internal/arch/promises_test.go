package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// proof is how README names a test that holds a promise, with the file that it is in.
var proof = regexp.MustCompile("\\[`(Test\\w+)`\\]\\(([^)]+_test\\.go)\\)")

// TestPromisesAreTested: each promise of README's "What you can rely on" names a test that
// is in the file to which its name leads.
func TestPromisesAreTested(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What you can rely on\n")
	section, _, _ = strings.Cut(section, "\n## ")
	promises := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise |") {
			continue
		}
		promises++
		proofs := proof.FindAllStringSubmatch(line, -1)
		if len(proofs) == 0 || len(proofs) != strings.Count(line, "`Test") {
			t.Errorf("README promises what no test holds, or does not lead to one that it names: %s", line)
		}
		for _, p := range proofs {
			name, file := p[1], p[2]
			source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
			if err != nil || !strings.Contains(string(source), "\nfunc "+name+"(t *testing.T) {") {
				t.Errorf("README names %s in %s, where it is not: %v", name, file, err)
			}
		}
	}
	if promises < 15 {
		t.Errorf("README makes %d promises only: has its table changed its form?", promises)
	}
}
