package feeds

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/storage/newsdesk"
)

// FuzzIfNoneMatch: whatever a client sends, reading it ends, and the very tag
// in good form always matches.
func FuzzIfNoneMatch(f *testing.F) {
	for _, s := range []string{`"a"`, `W/"a", "b"`, `*`, `"`, `"a`, `W/`, `,,,`, `"a""b"`, `a"b"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, list string) {
		const tag = "atom-en-3.0123456789.42"
		if matches(list, tag) && !strings.Contains(list, tag) && !strings.Contains(list, "*") {
			t.Errorf("%q matches %s", list, tag)
		}
		if !matches(`"`+tag+`",`+list, tag) {
			t.Errorf("a tag in front of %q is not found", list)
		}
	})
}

func FuzzAcceptEncoding(f *testing.F) {
	for _, s := range []string{"gzip", "gzip;q=0", "*;q=0.5, gzip", ";;;=", "gzip;q=1e9999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if acceptsGzip(r) && !strings.Contains(strings.ToLower(header), "gzip") && !strings.Contains(header, "*") {
			t.Errorf("%q accepts gzip", header)
		}
	})
}

// FuzzVisitor: only a name in the DNS comes out, so that it cannot end the
// host of the address that it is put into.
func FuzzVisitor(f *testing.F) {
	for _, s := range []string{"social.example", "@a@social.example", "https://social.example/x", `a.example\@b`, "ёлка.example", "1.2.3.4", "https://a.example/@b", "acct:a@b.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseVisitor(text, false)
		if err != nil {
			return
		}
		host := v.host
		u, err := url.Parse("https://" + host + "/share?text=x")
		if err != nil || u.Host != host || u.Path != "/share" || u.User != nil || u.Port() != "" || !strings.Contains(host, ".") {
			t.Errorf("%q became %q", text, host)
		}
	})
}

func FuzzPart(f *testing.F) {
	f.Add("1-abcdefghijklmnop", int64(0))
	f.Add("-z-abcdefghijklmnop", int64(-1_000_000))
	f.Fuzz(func(t *testing.T, key string, seconds int64) {
		if p, err := parsePart(url.Values{"before": {key}}); err == nil && p.from.ID == "" && key != "" {
			t.Errorf("%q is the start", key)
		}
		// What we write we read.
		at := time.Unix(seconds%(1<<39), 0).UTC()
		for _, want := range []part{{from: newsdesk.Place{Published: at, ID: "abcdefghijklmnop"}}, {newsdesk.Place{Published: at, ID: "abcdefghijklmnop"}, true, ""}} {
			q, err := url.ParseQuery(strings.TrimPrefix(want.query(), "?"))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := parsePart(q); err != nil || got != want {
				t.Errorf("%+v became %+v: %v", want, got, err)
			}
		}
	})
}

// FuzzAcceptsDelta: a delta is sent to those only who name its manipulation.
func FuzzAcceptsDelta(f *testing.F) {
	for _, s := range []string{"feed", "feed;q=0", "vcdiff, feed;q=0.5", "FEED ;;", ",", "feed;q=1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("A-IM", header)
		if acceptsDelta(r) && !strings.Contains(strings.ToLower(header), "feed") {
			t.Errorf("%q accepts a delta", header)
		}
	})
}

// FuzzParseArchive: the address of a part of the archive names a time that there
// is.
func FuzzParseArchive(f *testing.F) {
	for _, s := range []string{"archive/2026/03", "a/b/archive", "archive/0000/13", "archive/2026/", "archive/archive/2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		_, p, ok := parseArchive(path)
		if ok && !p.start(time.UTC).Before(p.end(time.UTC)) {
			t.Errorf("%q is from %s until %s", path, p.start(time.UTC), p.end(time.UTC))
		}
	})
}
