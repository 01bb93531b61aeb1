package importer

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// BenchmarkImport reads pages of our own making, or those of the folder that
// COMMUNIQUE_PAGES names, on one processor; "parses" is how often a page could have been
// parsed in that time, whatever the machine.
func BenchmarkImport(b *testing.B) {
	folder := os.Getenv("COMMUNIQUE_PAGES")
	if folder == "" {
		folder = "testdata/pages"
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.html"))
	if err != nil || len(names) == 0 {
		b.Fatalf("no pages in %s: %v", folder, err)
	}
	var pages [][]byte
	size := 0
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		pages, size = append(pages, raw), size+len(raw)
	}
	b.SetBytes(int64(size / len(pages)))
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		// Whether it is an article is not asked here.
		_, _ = ReadPage(names[read%len(pages)], pages[read%len(pages)], Options{Zone: time.UTC, Language: "en"})
		read++
	}
	reading := b.Elapsed()
	b.ReportMetric(float64(read)/reading.Seconds(), "pages/s")
	began := time.Now()
	for i := range read {
		if _, err := html.Parse(bytes.NewReader(pages[i%len(pages)])); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(reading.Seconds()/time.Since(began).Seconds(), "parses")
}
