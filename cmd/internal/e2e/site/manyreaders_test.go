package site

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestManyReadersOfALargeFile: a hundred who have begun to read a file of 20 MiB, and do
// not go on, cost the server what it holds for each, and not the file.
func TestManyReadersOfALargeFile(t *testing.T) {
	const (
		readers = 100
		most    = 64 // MiB
	)
	s := e2etest.NewSite(t)
	document := s.Markdown("A report", "Read the [report](report.pdf).")
	content := "%PDF-1.7\n" + strings.Repeat("% and so on\n", 20<<20/12-10) + "trailer << >>\n%%EOF\n"
	if err := os.WriteFile(filepath.Join(filepath.Dir(document), "report.pdf"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f := s.File("publish", document)
	served := s.Start()
	_, rest, _ := strings.Cut(string(s.Page(f).Body), `<section class="files">`)
	_, rest, _ = strings.Cut(rest, `href="`)
	address, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatal("the page lists no file")
	}
	if got := e2etest.Get(t, address); len(got.Body) != len(content) { // everything has run once
		t.Fatalf("got %d bytes of %d", len(got.Body), len(content))
	}
	before := served.Resident(t)
	begun, done := make(chan struct{}, readers), make(chan struct{})
	var reading sync.WaitGroup
	for range readers {
		reading.Go(func() {
			answer, err := http.Get(address)
			if err == nil {
				defer answer.Body.Close()
				_, err = io.CopyN(io.Discard, answer.Body, 1<<20)
			}
			if err != nil {
				t.Error(err)
			}
			begun <- struct{}{}
			<-done
		})
	}
	for range readers {
		<-begun
	}
	took := served.Resident(t) - before
	close(done)
	reading.Wait()
	t.Logf("%d MiB before, %d MiB more with %d readers", before, took, readers)
	if took > most {
		t.Errorf("%d readers take %d MiB, more than %d", readers, took, most)
	}
}
