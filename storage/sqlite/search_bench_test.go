package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/terms"
)

var searchArticles = flag.Int("search.articles", 2000, "how many articles BenchmarkSearch searches")

// archive publishes articles of some 280 words, dealt as a language deals them:
// word n of 20,000 as often as 1/n. Every third is of as many Chinese
// characters, out of 3,000, three to a word.
func archive(b *testing.B, s *storage.Store, articles int) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.07, 4, 20000)
	characters := rand.NewZipf(random, 1.07, 4, 3000)
	text := func(words int, chinese bool) string {
		var t strings.Builder
		for range words {
			if chinese {
				t.WriteRune('一' + rune(characters.Uint64()))
			} else {
				fmt.Fprintf(&t, "w%dx ", zipf.Uint64())
			}
		}
		return t.String()
	}
	published := time.Date(1998, 1, 1, 0, 0, 0, 0, time.UTC)
	for done := 0; done < articles; {
		err := s.Update(context.Background(), func(tx *storage.Tx) error {
			for range min(500, articles-done) {
				published = published.Add(2 * time.Hour)
				lang := []press.Language{"en", "fr", "zh"}[done%3]
				zh := lang == "zh"
				_, _, err := tx.Publish(press.Draft{
					Section: press.SectionID(1 + done%2), Language: lang, Title: text(8, zh), Lead: text(25, zh),
					Body: press.HTML("<p>" + text(250, zh) + "</p>"), Silent: true, Published: published,
				})
				if err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch is a page of results with its count.
func BenchmarkSearch(b *testing.B) {
	s, err := sqlite.Create(b.Context(), filepath.Join(b.TempDir(), "search.db"), storage.SystemClock{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	err = s.Update(b.Context(), func(tx *storage.Tx) error {
		for _, slug := range []string{"one", "two"} {
			if _, err := tx.AddSection(press.Root, slug, "en", slug); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	archive(b, s, *searchArticles)
	b.Logf("%d articles published in %s", *searchArticles, time.Since(start).Round(time.Millisecond))
	for _, c := range []struct {
		name, query string
		narrow      newsdesk.Search
	}{
		{"everywhere", "w0x", newsdesk.Search{}},
		{"common", "w20x", newsdesk.Search{Language: "en"}},
		{"rare", "w9000x", newsdesk.Search{Language: "en"}},
		{"none", "absent", newsdesk.Search{Language: "en"}},
		{"two common", "w0x w1x", newsdesk.Search{Language: "en", Section: 1}},
		{"common and rare", "w0x w9000x", newsdesk.Search{}},
		{"phrase", `"w0x w1x w2x"`, newsdesk.Search{Language: "en"}},
		{"excluding", "w0x -w1x -w2x", newsdesk.Search{}},
		{"the commonest character", "一", newsdesk.Search{Language: "zh"}},
		{"a character", "三", newsdesk.Search{Language: "zh"}},
		{"two characters", "三丁", newsdesk.Search{Language: "zh"}},
		{"five characters", "一丁丂七丄", newsdesk.Search{Language: "zh"}},
		{"a year", "w0x", newsdesk.Search{From: time.Date(1998, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(1998, 4, 1, 0, 0, 0, 0, time.UTC)}},
		{"never together", "w0x w1x w2x w3x w4x w5x w6x w7x w8x w9x w10x w11x w12x w13x w14x w9000x", newsdesk.Search{}},
		{"sixteen common", "w0x w1x w2x w3x w4x w5x w6x w7x w8x w9x w10x w11x w12x w13x w14x w15x", newsdesk.Search{}},
		{"phrase of common, nowhere", `"w0x w0x w0x w0x w0x w0x w0x w0x w0x"`, newsdesk.Search{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			q, err := terms.Parse(c.query)
			if err != nil {
				b.Fatal(err)
			}
			c.narrow.Query = q
			n := 0
			for b.Loop() {
				err := s.View(b.Context(), func(tx *storage.Tx) error {
					if n, err = tx.CountHits(c.narrow, 1001); err != nil {
						return err
					}
					_, err = tx.Search(c.narrow, newsdesk.Rank{}, 21)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
}
