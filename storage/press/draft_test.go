package press_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

func draft() press.Draft {
	return press.Draft{Section: 1, Language: "en", Title: "Treaty signed", Body: "<p>In full.</p>"}
}

func TestDraftCheck(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*press.Draft){
		"plain":           func(*press.Draft) {},
		"longest title":   func(d *press.Draft) { d.Title = strings.Repeat("é", press.MaxTitle) },
		"longest lead":    func(d *press.Draft) { d.Lead = strings.Repeat("é", press.MaxLead) },
		"largest body":    func(d *press.Draft) { d.Body = press.HTML(strings.Repeat("x", press.MaxBody)) },
		"most tags":       func(d *press.Draft) { d.Tags = strings.Split(strings.Repeat("t ", press.MaxTags-1)+"t", " ") },
		"old date":        func(d *press.Draft) { d.Published = time.Date(1648, 10, 24, 0, 0, 0, 0, time.UTC) },
		"known precision": func(d *press.Draft) { d.Precision, d.Local = press.ToTheDay, "2026-03-01" },
	} {
		d := draft()
		change(&d)
		if err := d.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, change := range map[string]func(*press.Draft){
		"title: it is empty":  func(d *press.Draft) { d.Title = " \t\u2003" },
		"title: longer":       func(d *press.Draft) { d.Title = strings.Repeat("é", press.MaxTitle+1) },
		"title: not valid":    func(d *press.Draft) { d.Title, d.Lead = "caf\xc3", "caf\xc3" }, // the first of two
		"lead: longer":        func(d *press.Draft) { d.Lead = strings.Repeat("é", press.MaxLead+1) },
		"lead: not valid":     func(d *press.Draft) { d.Lead = "a\x00b" },
		"body: larger":        func(d *press.Draft) { d.Body = press.HTML(strings.Repeat("x", press.MaxBody+1)) },
		"tags: more":          func(d *press.Draft) { d.Tags = make([]string, press.MaxTags+1) },
		"tags: one is empty":  func(d *press.Draft) { d.Tags = []string{"a", " "} },
		"tags: longer":        func(d *press.Draft) { d.Tags = []string{strings.Repeat("t", press.MaxShort+1)} },
		"images: more":        func(d *press.Draft) { d.Images = make([]press.Image, press.MaxImages+1) },
		"images caption: lon": func(d *press.Draft) { d.Images = []press.Image{{Caption: strings.Repeat("é", press.MaxLead+1)}} },
		"images credit: not":  func(d *press.Draft) { d.Images = []press.Image{{Credit: "\x00"}} },
		"images terms: longe": func(d *press.Draft) { d.Images = []press.Image{{Terms: strings.Repeat("t", press.MaxNote+1)}} },
		"images focus: 1.01 ": func(d *press.Draft) { d.Images = []press.Image{{Focus: &press.Focus{0, 1.01}}} },
		"images focus: NaN i": func(d *press.Draft) { d.Images = []press.Image{{Focus: &press.Focus{math.NaN(), 0}}} },
		"images alt: not":     func(d *press.Draft) { d.Images = []press.Image{{Alt: "\xff"}} },
		"section: an article": func(d *press.Draft) { d.Section = press.Root },
		"language: none":      func(d *press.Draft) { d.Language = "" },
		"precision: \"hour\"": func(d *press.Draft) { d.Precision = "hour" },
		"published: the year": func(d *press.Draft) { d.Published = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		d := draft()
		change(&d)
		err := d.Check()
		if !errors.Is(err, press.ErrInvalid) || !strings.HasPrefix(err.Error(), "invalid "+field) {
			t.Errorf("want an error about %s…, got: %v", field, err)
		}
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	base := draft()
	base.Published = time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)
	same := base
	same.Published = base.Published.In(time.FixedZone("", 7200))
	same.Tags, same.Images = []string{}, []press.Image{}
	if base.Digest() != same.Digest() {
		t.Error("the same text has two digests")
	}
	illustrated, described := base, base
	illustrated.Images = []press.Image{{Src: "a"}}
	described.Images = []press.Image{{Src: "a", Width: 3, Height: 2, Type: "image/png", Size: 70, Blurhash: "00"}}
	if illustrated.Digest() != described.Digest() {
		t.Error("what storage knows of a picture changes the digest")
	}
	digests := map[string]string{base.Digest(): "unchanged"}
	for name, change := range map[string]func(*press.Draft){
		"title":     func(d *press.Draft) { d.Title += "." },
		"body":      func(d *press.Draft) { d.Body += " " },
		"tags":      func(d *press.Draft) { d.Tags = []string{"a"} },
		"images":    func(d *press.Draft) { d.Images = []press.Image{{Src: "a"}} },
		"caption":   func(d *press.Draft) { d.Images = []press.Image{{Src: "a", Caption: "a"}} },
		"credit":    func(d *press.Draft) { d.Images = []press.Image{{Src: "a", Credit: "a"}} },
		"terms":     func(d *press.Draft) { d.Images = []press.Image{{Src: "a", Terms: "a"}} },
		"focus":     func(d *press.Draft) { d.Images = []press.Image{{Src: "a", Focus: &press.Focus{0, 1}}} },
		"published": func(d *press.Draft) { d.Published = d.Published.Add(time.Second) },
		"silent":    func(d *press.Draft) { d.Silent = true },
		"section":   func(d *press.Draft) { d.Section = 2 },
	} {
		d := base
		change(&d)
		if other, taken := digests[d.Digest()]; taken {
			t.Errorf("another %s has the digest of: %s", name, other)
		}
		digests[d.Digest()] = name
	}
}

func TestWithdrawnErrorTellsDateAndReason(t *testing.T) {
	t.Parallel()
	err := &press.WithdrawnError{ID: id, At: time.Date(2031, 3, 4, 23, 30, 0, 0, time.FixedZone("", -7200)), Reason: "Issued in error."}
	if got, want := err.Error(), "article abcdefghijklmn27 was withdrawn on 2031-03-05: Issued in error."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
