package moderation

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage/audience"
	"communique/storage/press"
)

func TestParseSubject(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"bad.example": "bad.example", " BAD.Example. ": "bad.example", "*.bad.example": "bad.example",
		"bücher.example": "xn--bcher-kva.example", "192.0.2.7": "192.0.2.7", "127.0.0.1:8001": "127.0.0.1:8001",
		"https://social.example/users/mallory": "https://social.example/users/mallory",
		"https://social.example/":              "", "ftp://social.example/x": "", "https://me@social.example/x": "", "example": "", "": "",
		"a b.example": "", "bad.example:x": "", "bad.example/x": "", "@mallory@social.example": "", "bad\x1b.example": "",
	} {
		got, kind, err := ParseSubject(text)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, press.ErrInvalid) {
			t.Errorf("%q: %q %v, want %q", text, got, err, want)
		}
		if err == nil && (kind == audience.BlockActor) != strings.Contains(want, "://") {
			t.Errorf("%q is a %s", text, kind)
		}
	}
}

const mastodons = "\ufeff#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\r\n" +
	"bad.example,suspend,TRUE,TRUE,\"Spam, and more\",FALSE\r\n" +
	"meh.example,silence,FALSE,FALSE,,FALSE\r\n" +
	"what ever,suspend,FALSE,FALSE,,FALSE\r\n" +
	"open.example,suspend,FALSE,FALSE,\"not closed,FALSE\r\n" +
	"odd.example,destroy,FALSE,FALSE,,FALSE\r\n" +
	"\r\n" +
	"worse.example,suspend\r\n"

func TestReadBlocklist(t *testing.T) {
	t.Parallel()
	got, err := ReadBlocklist(strings.NewReader(mastodons))
	if err != nil {
		t.Fatal(err)
	}
	want := Blocklist{
		Blocks: []audience.Block{
			{Subject: "bad.example", Kind: audience.BlockDomain, Comment: "Spam, and more"},
			{Subject: "worse.example", Kind: audience.BlockDomain},
		},
		Weaker: []Line{{3, "meh.example: severity silence is less than a block"}},
		Bad: []Line{
			{4, `"what ever" is neither a domain, as bad.example, nor an actor's id, as https://social.example/users/mallory`},
			{5, `extraneous or missing " in quoted-field`},
			{6, `odd.example: unknown severity "destroy": it must be suspend, silence or noop`},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	bare, err := ReadBlocklist(strings.NewReader("bad.example\nworse.example\n"))
	if err != nil || len(bare.Blocks) != 2 || len(bare.Bad) != 0 {
		t.Errorf("a list of bare domains: %v %v", bare, err)
	}
	// A server that a list wants limited must not be blocked, which cannot be undone.
	headless, err := ReadBlocklist(strings.NewReader("bad.example,suspend,TRUE,TRUE,Spam,FALSE\nmeh.example,silence,FALSE,FALSE,,FALSE\nodd.example,destroy\n"))
	want = Blocklist{
		Blocks: []audience.Block{{Subject: "bad.example", Kind: audience.BlockDomain, Comment: "Spam"}},
		Weaker: []Line{{2, "meh.example: severity silence is less than a block"}},
		Bad:    []Line{{3, `odd.example: unknown severity "destroy": it must be suspend, silence or noop`}},
	}
	if diff := cmp.Diff(want, headless); diff != "" || err != nil {
		t.Errorf("a list without its header: %v %s", err, diff)
	}
}

func TestBlocklistRoundTrip(t *testing.T) {
	t.Parallel()
	blocks := []audience.Block{
		{Subject: "bad.example", Kind: audience.BlockDomain, Comment: `Spam, "and" more`},
		{Subject: "https://social.example/users/mallory", Kind: audience.BlockActor},
	}
	var b bytes.Buffer
	w, err := NewBlocklistWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks {
		if err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := ReadBlocklist(&b)
	if diff := cmp.Diff(Blocklist{Blocks: blocks}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

// FuzzReadBlocklist: whatever stands in a list, each line is accounted for.
func FuzzReadBlocklist(f *testing.F) {
	f.Add(mastodons)
	f.Add("a.example\n\"\n")
	f.Fuzz(func(t *testing.T, list string) {
		b, err := ReadBlocklist(strings.NewReader(list))
		if err != nil {
			return
		}
		lines := 0
		for line := range strings.Lines(list) {
			if strings.TrimSpace(strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "\ufeff")) != "" {
				lines++
			}
		}
		if n := len(b.Blocks) + len(b.Weaker) + len(b.Bad); n != lines && n != lines-1 { // less the header
			t.Errorf("%d of %d lines are accounted for: %+v", n, lines, b)
		}
	})
}

// FuzzParseSubject: what can be blocked is written in one way, which reads as
// itself.
func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{"bad.example", "*.bad.example.", "https://social.example/users/mallory#x", "[::1]:80", "bad.example..", "::% .", "bücher.example", "http://a:b@c/d", "127.0.0.1:8001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		subject, kind, err := ParseSubject(text)
		if err != nil {
			if !errors.Is(err, press.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, same, err := ParseSubject(subject)
		if err != nil || again != subject || same != kind {
			t.Errorf("%q is %q (%s), and then %q (%s): %v", text, subject, kind, again, same, err)
		}
	})
}
