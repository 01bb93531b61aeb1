package feeds

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"html"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

var update = flag.Bool("update", false, "write the golden files anew")

// writers are the formats by the ending of their feed.
var writers = map[string]func(io.Writer, Feed) error{"rss": WriteRSS, "atom": WriteAtom, "json": WriteJSON}

func sample() Feed {
	published := time.Date(2026, 9, 1, 8, 30, 0, 0, time.UTC)
	return Feed{
		ID: "tag:press.example,2026:feed/en/3", Title: "Activities – Ministry of External Relations of Valdora",
		Subtitle: "The Ministry / The Minister / Activities", Language: "en",
		Home: "https://press.example/en/the-ministry/the-minister/activities/",
		Self: "https://press.example/en/the-ministry/the-minister/activities/feed",
		Hub:  "https://press.example/websub",
		Icon: "https://press.example/media/arms.png", Author: Author{"Ministry of External Relations of Valdora", "https://press.example/en/"},
		Others:  []OtherFeed{{"fr", "https://press.example/fr/the-ministry/the-minister/activities/feed"}},
		Updated: time.Date(2026, 9, 3, 11, 0, 7, 0, time.UTC),
		Items: []Item{{
			ID: "tag:press.example,2026:article/abcdefghijklmnop", Link: "https://press.example/en/articles/abcdefghijklmnop/minister-opens-bridge",
			Title: "Minister opens the bridge of Sarn & Telm", Summary: "The crossing had been closed for 9 < 10 years.",
			Content:   "<p>Correction, 3 September 2026: the name of the river.</p><p>The crossing is open.</p>",
			Published: published, Updated: published.Add(50 * time.Hour),
			Section: "The Ministry/The Minister/Activities", Tags: []string{"bridges", "Telm"},
			Images: []Image{{
				URL: "https://press.example/media/bridge.jpg", Type: "image/jpeg", Length: 48211, Width: 1600, Height: 900,
				Alt: "The bridge & its towers", Credit: "A. Photographer",
				Thumbnail: &Thumbnail{URL: "https://press.example/media/bridge-480.jpg", Width: 480, Height: 270},
			}, {URL: "https://press.example/media/river.png", Type: "image/png"}},
		}, {
			ID: "tag:press.example,2026:article/ponmlkjihgfedcba", Link: "https://press.example/en/articles/ponmlkjihgfedcba/visit",
			Title: "Visit of the Minister to Ostrava", Content: "<p>The Minister will travel.</p>",
			Published: published.Add(-time.Hour), Updated: published.Add(-time.Hour),
			Section: "The Ministry/The Minister/Activities",
			Images:  []Image{{URL: "https://elsewhere.example/picture"}},
		}},
	}
}

// sampleArchive is a document in the middle of a chain, with a withdrawal.
func sampleArchive() Feed {
	f := sample()
	f.Items = f.Items[:1]
	f.Items[0].Language = "fr"
	address := "https://press.example/en/the-ministry/the-minister/activities/feed"
	f.Self, f.Hub = address+".2", ""
	f.History = History{Archive: true, Current: address, Older: address + ".1", Newer: address + ".3"}
	f.Deleted = []Deleted{{
		ID: "tag:press.example,2026:article/bcdefghijklmnopa", At: time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC),
		Reason: "Issued in error, <twice> & more.",
	}, {ID: "tag:press.example,2026:article/cdefghijklmnopab", At: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)}}
	return f
}

func render(t *testing.T, format string, f Feed) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writers[format](&b, f); err != nil {
		t.Fatalf("write %s: %v", format, err)
	}
	return b.Bytes()
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for format := range writers {
		for name, f := range map[string]Feed{"feed": sample(), "empty": {
			ID: "tag:press.example,2026:feed/en/0", Title: "Press", Language: "en", Home: "https://press.example/en/",
			Self: "https://press.example/en/feed", Author: Author{Name: "Ministry"}, Updated: time.Unix(1788000000, 0),
		}, "archive": sampleArchive()} {
			t.Run(format+"/"+name, func(t *testing.T) {
				t.Parallel()
				golden(t, name+"."+format, render(t, format, f))
			})
		}
	}
}

// TestAtomHasADateBeforeTheFirstWord (RFC 4287 §4.1.1).
func TestAtomHasADateBeforeTheFirstWord(t *testing.T) {
	t.Parallel()
	got := string(render(t, "atom", Feed{ID: "tag:press.example,2026:feed/en/0", Title: "Press"}))
	if !strings.Contains(got, "<updated>1970-01-01T00:00:00Z</updated>") {
		t.Errorf("a feed in which nothing was ever said:\n%s", got)
	}
}

// golden compares a document with the file of that name in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got), -update writes it anew:\n%s", name, diff)
	}
}

// TestReadersSeeTheSame reads all formats with a real reader: what identifies,
// dates and names an item must be the same.
func TestReadersSeeTheSame(t *testing.T) {
	t.Parallel()
	type seen struct {
		ID, Link, Title, Content string
		Published, Updated       time.Time
		Categories               []string
		Author                   string
	}
	var want []seen
	f := sample()
	for _, i := range f.Items {
		want = append(want, seen{i.ID, i.Link, i.Title, i.Content, i.Published, i.Updated, i.categories(), f.Author.Name})
	}
	for format := range writers {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			parsed, err := gofeed.NewParser().Parse(bytes.NewReader(render(t, format, f)))
			if err != nil {
				t.Fatal(err)
			}
			if parsed.Language != "en" || parsed.Title != f.Title || parsed.Link != f.Home || parsed.FeedLink != f.Self {
				t.Errorf("feed is %q in %q at %q of %q", parsed.Title, parsed.Language, parsed.FeedLink, parsed.Link)
			}
			var got []seen
			for n, i := range parsed.Items {
				s := seen{i.GUID, i.Link, i.Title, i.Content, i.PublishedParsed.UTC(), time.Time{}, i.Categories, i.Authors[0].Name}
				if i.UpdatedParsed != nil {
					s.Updated = i.UpdatedParsed.UTC()
				}
				if html.UnescapeString(i.Description) != f.Items[n].Summary {
					t.Errorf("item %d has the summary %q", n, i.Description)
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("gofeed reads (-want +got):\n%s", diff)
			}
		})
	}
}

// nasty are texts that have broken feeds.
var nasty = map[string]string{
	"NUL and controls":  "a\x00b\x01c\x08d\x0be\x0cf\x1bg\x1fh",
	"noncharacters":     "a\ufffeb\uffffc",
	"lone surrogate":    "a\xed\xa0\x80b",
	"cut in mid-rune":   "quai d\xe2\x80",
	"not UTF-8 at all":  "\xff\xfe\xfa",
	"CDATA end":         "a]]>b]]]]>>c]]",
	"markup":            `</item><script>alert(1)</script>&amp;&nbsp;&#0;<![CDATA[`,
	"right to left":     "وزارة \u202eالخارجية\u202c وقالت",
	"beyond the BMP":    "𝔐inistry 🕊 \U0010ffff",
	"carriage returns":  "a\r\nb\rc",
	"separators":        "a\u2028b\u2029c\u0085d",
	"processing":        `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;`,
	"a title of 64 KiB": strings.Repeat("é", 1<<15),
	"quotes in an href": `https://press.example/?a="b"&c='d'>`,
}

func TestNastyTextStaysWellFormed(t *testing.T) {
	t.Parallel()
	for name, text := range nasty {
		for format := range writers {
			t.Run(name+"/"+format, func(t *testing.T) {
				t.Parallel()
				document := render(t, format, nastyFeed(text))
				if format == "json" {
					if !json.Valid(document) {
						t.Error("not JSON")
					}
				} else if err := wellFormed(document); err != nil {
					t.Error(err)
				}
				parsed, err := gofeed.NewParser().Parse(bytes.NewReader(document))
				if err != nil {
					t.Fatalf("gofeed: %v", err)
				}
				// A reader trims texts; beyond that nothing may be lost.
				if got, want := parsed.Items[0].Content, strings.TrimSpace(legal(text)); strings.TrimSpace(got) != want {
					t.Errorf("content came out as %.60q, want %.60q", got, want)
				}
			})
		}
	}
}

// nastyFeed has a text in every field.
func nastyFeed(text string) Feed {
	f := sample()
	f.Title, f.Subtitle, f.Author = text, text, Author{text, text}
	f.Items = []Item{{
		ID: text, Link: text, Title: text, Summary: text, Content: text, Section: text, Tags: []string{text},
		Published: f.Updated, Updated: f.Updated, Images: []Image{{URL: text, Type: "image/png", Length: 1, Alt: text, Credit: text}},
	}}
	f.History = History{Archive: true, Current: text, Older: text, Newer: text}
	f.Deleted = []Deleted{{ID: text, At: f.Updated, Reason: text}}
	return f
}

func wellFormed(document []byte) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func FuzzFeedIsWellFormed(f *testing.F) {
	for _, text := range nasty {
		f.Add(text[:min(len(text), 1000)])
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []string{"rss", "atom"} {
			if err := wellFormed(render(t, format, nastyFeed(text))); err != nil {
				t.Errorf("%s with %q: %v", format, text, err)
			}
		}
		if !json.Valid(render(t, "json", nastyFeed(text))) {
			t.Errorf("json with %q is not JSON", text)
		}
	})
}

// TestNothingIsMadeUp: without a known length there is no enclosure in RSS,
// where it is required; items are there in JSON even if there are none.
func TestNothingIsMadeUp(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Items = f.Items[1:]
	if document := render(t, "rss", f); bytes.Contains(document, []byte("<enclosure")) {
		t.Errorf("an enclosure of unknown length:\n%s", document)
	}
	f.Items = nil
	if document := render(t, "json", f); !bytes.Contains(document, []byte(`"items": []`)) {
		t.Errorf("no items:\n%s", document)
	}
}
