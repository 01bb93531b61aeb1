package command_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestImportInterruptedInAPage: whoever stops an import is told how to go on, also
// when a page is in hand: here one that is read from a pipe.
func TestImportInterruptedInAPage(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	pipe := filepath.Join(t.TempDir(), "page.html")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, _, err := s.RunWithin(ctx, "import", "--section", "the-ministry", pipe)
		done <- err
	}()
	page, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	_, err = page.WriteString(`<html lang="en"><title>A treaty</title><article><h1>A treaty</h1><time datetime="2019-05-06">6 May 2019</time>` +
		strings.Repeat("<p>The treaty was signed in Aldreth this morning, after nine years of talks.</p>", 4) + "</article></html>")
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "interrupted after 0 of 1 pages; run the same command again") {
		t.Errorf("import: %v", err)
	}
}
