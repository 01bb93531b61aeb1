package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// oldSite writes pages of one template, with a label that no list of words knows, and
// one page that is made otherwise.
func oldSite(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	towns := strings.Fields("Aldreth Sund Torvik Quill Varga Orlo Pell Ness Lumen Raab Ketti Molde")
	for i := range n {
		town, other := towns[i%len(towns)], towns[(i/len(towns)+5)%len(towns)]
		write(fmt.Sprintf("%03d.html", i), fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>Treaty of %[1]s and %[2]s</title></head><body><ul class="menu"><li>Contact the quay</li></ul>
<div class="trail"><a href="/">Valora</a> &gt; <a href="/t">Treaties</a></div><h1 class="name">Treaty of %[1]s and %[2]s</h1><p class="made">%[3]s</p><div class="slip">Harbour bulletin</div>
<div class="words"><p>The port of %[1]s has agreed with that of %[2]s that ships of both shall have a berth, article %[1]s.</p><p class="note">%[2]s keeps the lighthouse of %[1]s for as long as the treaty holds.</p></div></body></html>`,
			town, other, time.Date(2015, 3, 1+i, 0, 0, 0, 0, time.UTC).Format("02/01/2006")))
	}
	write("zz-odd.html", `<!DOCTYPE html><html lang="en"><body><table><tr><td><b>Imprint</b></td></tr></table></body></html>`)
	return folder
}

// TestImportLearn: what a set teaches is written down, edited, and holds; what somebody
// may have edited is not written over.
func TestImportLearn(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	folder := oldSite(t, 24)
	file := filepath.Join(t.TempDir(), "site.yaml")
	said := s.Must("import", "learn", "--to", file, folder)
	for _, want := range []string{"Compared 25 of 25 pages: 1 template, and 1 pages that fit none.", "  title      Treaty of ", "  section    Treaties", "communique import --dry-run --profile " + file} {
		if !strings.Contains(said, want) {
			t.Errorf("learn does not say %q:\n%s", want, said)
		}
	}
	if _, _, err := s.Run("import", "learn", "--to", file, folder); err == nil || !strings.Contains(err.Error(), "is there already and may have been edited") {
		t.Errorf("a second time: %v", err)
	}
	profile, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(profile), `select: "div.trail"`, "select: \"\"", 1)
	if edited == string(profile) {
		t.Fatalf("the section is elsewhere:\n%s", profile)
	}
	if err := os.WriteFile(file, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := s.Run("import", "--profile", file, "--section", "the-ministry", folder)
	if err == nil || !strings.Contains(stdout, "24 of 25 pages imported, 0 known, 1 put aside.") || !strings.Contains(stderr, "zz-odd.html: it fits none of the profiles: template-1: no body (") {
		t.Errorf("import: %v\n%s\n%s", err, stdout, stderr)
	}
}

// TestImportLearnsSilently: of more than twenty pages what stands on most of them is
// known, and puts none aside.
func TestImportLearnsSilently(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	folder := oldSite(t, 24)
	stdout, stderr, err := s.Run("import", "--new-sections", folder)
	if err == nil || !strings.Contains(stderr, "Compared 25 of 25 pages: 1 template, which 24 of them fit") || !strings.Contains(stdout, "24 of 25 pages imported, 0 known, 1 put aside.") {
		t.Errorf("import: %v\n%s\n%s", err, stdout, stderr)
	}
}
