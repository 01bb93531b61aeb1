package command

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// forging are the attacks on signatures. Each forgery is sent to every inbox,
// by every scheme that it concerns.
var forging = []attackTest{
	{1, "forged bodies", forged(1)},
	{2, "weak coverage", forged(2)},
	{3, "no digest", forged(3)},
	{4, "the wrong time", forged(4)},
	{4, "nearly the wrong time", nearlyTheWrongTime},
	{5, "what stands twice", forged(5)},
	{6, "another recipient", forged(6)},
	{8, "keys of others", forged(8)},
}

// forgery is a message that must be refused and change nothing.
type forgery struct {
	number int
	name   string
	by     func(scheme) bool // the schemes that it concerns; nil is all
	status int               // 0 is 401
	spoil  func(l *letter)
	// after spoils the request once it is signed.
	after func(l *letter)
}

func byCavage(s scheme) bool { return !s.message }
func by9421(s scheme) bool   { return s.message }

func header(name, value string) func(l *letter) {
	return func(l *letter) { l.request.Header.Set(name, value) }
}

func dated(shift time.Duration) func(l *letter) {
	return header("Date", time.Now().Add(shift).UTC().Format(http.TimeFormat))
}

func covering(headers string) func(l *letter) {
	return func(l *letter) { l.headers = headers }
}

func extra(text string) func(l *letter) {
	return func(l *letter) { l.extra = text }
}

// again sends a field of a request twice.
func again(name string) func(l *letter) {
	return func(l *letter) { l.request.Header.Add(name, l.request.Header.Get(name)) }
}

// sentTo sends a letter to another path than it was signed for.
func sentTo(path string) func(l *letter) {
	return func(l *letter) {
		l.request.URL.Path, l.request.URL.RawPath = strings.ReplaceAll(path, "%2e", "."), path
		l.request.URL.Path = strings.ReplaceAll(l.request.URL.Path, "%69", "i")
	}
}

func forgeries(t *testing.T) []forgery {
	t.Helper()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-time.Second).Unix()
	return []forgery{
		{number: 1, name: "one letter changed", after: func(l *letter) { l.body = bytes.Replace(l.body, []byte("follows/1"), []byte("follows/9"), 1) }},
		{number: 1, name: "a blank added", after: func(l *letter) { l.body = append(l.body, ' ') }},
		{number: 1, name: "a new digest", after: func(l *letter) {
			l.body = append(l.body, ' ')
			l.request.Header.Set("Digest", digestOf(l.body))
			l.request.Header.Set("Content-Digest", contentDigestOf(l.body))
		}},

		{number: 2, name: "target not covered", by: byCavage, spoil: covering("host date digest")},
		{number: 2, name: "host not covered", by: byCavage, spoil: covering("(request-target) date digest")},
		{number: 2, name: "date not covered", by: byCavage, spoil: covering("(request-target) host digest")},
		{number: 2, name: "digest not covered", by: byCavage, spoil: covering("(request-target) host date")},
		{number: 2, name: "the date alone", by: byCavage, spoil: covering("date")},
		{number: 2, name: "nothing covered", spoil: covering("")},
		{number: 2, name: "method not covered", by: by9421, spoil: covering("@target-uri content-digest")},
		{number: 2, name: "target not covered", by: by9421, spoil: covering("@method @authority content-digest")},
		{number: 2, name: "digest not covered", by: by9421, spoil: covering("@method @target-uri")},

		{number: 3, name: "no digest at all", after: func(l *letter) {
			l.request.Header.Del("Digest")
			l.request.Header.Del("Content-Digest")
		}},
		{number: 3, name: "the digest of nothing", spoil: func(l *letter) {
			l.body = nil
			l.request.Header.Set("Digest", digestOf(nil))
		}, after: func(l *letter) { l.body = []byte(`{"type":"Follow","actor":"x"}`) }},
		{number: 3, name: "the digest of the other scheme", after: func(l *letter) {
			if l.message {
				l.request.Header.Set("Digest", digestOf(l.body))
				l.request.Header.Del("Content-Digest")
				return
			}
			l.request.Header.Set("Content-Digest", contentDigestOf(l.body))
			l.request.Header.Del("Digest")
		}},

		{number: 4, name: "signed 13 hours ago", spoil: dated(-13 * time.Hour)},
		{number: 4, name: "signed in two hours", spoil: dated(2 * time.Hour)},
		{number: 4, name: "no date", by: byCavage, after: func(l *letter) { l.request.Header.Del("Date") }},
		{number: 4, name: "expired", by: by9421, spoil: extra(fmt.Sprintf(";expires=%d", past))},
		{number: 4, name: "expired", by: byCavage, spoil: extra(fmt.Sprintf(",expires=%d", past))},

		{number: 5, name: "a parameter", by: byCavage, spoil: func(l *letter) { l.extra = fmt.Sprintf(`,keyId=%q`, l.keyID) }},
		{number: 5, name: "a parameter", by: by9421, spoil: func(l *letter) { l.extra = fmt.Sprintf(`;keyid=%q`, l.keyID) }},
		{number: 5, name: "a header covered", by: byCavage, spoil: covering("(request-target) host date digest date")},
		{number: 5, name: "a component covered", by: by9421, spoil: covering("@method @target-uri content-digest @method")},
		{number: 5, name: "the Signature", after: again("Signature")},
		{number: 5, name: "the Signature-Input", by: by9421, after: again("Signature-Input")},
		{number: 5, name: "the Date", by: byCavage, after: again("Date")},
		{number: 5, name: "the Digest", by: byCavage, after: again("Digest")},
		{number: 5, name: "the Content-Digest", by: by9421, after: again("Content-Digest")},
		{number: 5, name: "both schemes", by: by9421, after: func(l *letter) {
			l.request.Header.Add("Signature", `keyId="x",headers="(request-target) host date digest",signature="AAAA"`)
		}},

		{number: 6, name: "signed for another host", spoil: func(l *letter) { l.host = "other.example" }},
		{number: 6, name: "signed for another host and forwarded so", spoil: func(l *letter) {
			l.host = "other.example"
			l.request.Header.Set("X-Forwarded-Host", "other.example")
			l.request.Header.Set("Forwarded", "host=other.example")
		}},
		{number: 6, name: "for another host and sent as such", spoil: func(l *letter) { l.host, l.request.Host = "other.example", "other.example" }},
		{number: 6, name: "signed for another query", spoil: func(l *letter) { l.target = l.request.URL.Path + "?x=1" }},
		{number: 6, name: "with the query altered", spoil: func(l *letter) { l.target = l.request.URL.Path + "?x=1" }, after: func(l *letter) { l.request.URL.RawQuery = "x=2" }},
		{number: 6, name: "signed for another inbox", spoil: func(l *letter) { l.target = "/actors/nobody/inbox" }},
		{number: 6, name: "signed for two slashes", spoil: func(l *letter) { l.target = "/" + l.request.URL.Path }},
		{number: 6, name: "signed for an escaped path", spoil: func(l *letter) { l.target = strings.Replace(l.request.URL.Path, "inbox", "%69nbox", 1) }},
		{number: 6, name: "sent to two slashes", status: 405, after: sentTo("//ap/inbox")},
		{number: 6, name: "sent to an escaped dot", status: 405, after: sentTo("/ap/%2e/inbox")},
		{number: 6, name: "sent to an escaped path", status: 405, after: sentTo("/ap/%69nbox")},

		{number: 8, name: "signed with another key", by: func(s scheme) bool { return !s.further }, spoil: func(l *letter) { l.key = stranger }},
		{number: 8, name: "the key of a handle", spoil: func(l *letter) { l.keyID = "acct:reader@" + l.request.URL.Host }},
		{number: 8, name: "no algorithm that we know", by: byCavage, spoil: func(l *letter) {
			l.raw = `keyId="x",algorithm="hmac-sha256",headers="(request-target) host date digest",signature="AAAA"`
		}},
		{number: 8, name: "the algorithm of another kind of key", by: func(s scheme) bool { return s.message && !s.further }, spoil: extra(`;alg="ed25519"`)},
		{number: 8, name: "the algorithm of another kind of key", by: func(s scheme) bool { return s.message && s.further }, spoil: extra(`;alg="rsa-v1_5-sha256"`)},
	}
}

// forged sends the forgeries of a number.
func forged(number int) func(t *testing.T, w *attacked) {
	return func(t *testing.T, w *attacked) {
		p, all := newPeerOfTwoKeys(t), forgeries(t)
		for _, inbox := range w.inboxes(t) {
			for _, f := range all {
				for _, by := range schemes {
					if f.number == number && (f.by == nil || f.by(by)) {
						w.forge(t, p, f, by, inbox)
					}
				}
			}
		}
		w.unharmed(t)
	}
}

func (w *attacked) forge(t *testing.T, p *peer, f forgery, by scheme, inbox string) {
	t.Helper()
	l := w.from(p.letterBy(by, w.base+inbox, p.follow(w.actor())))
	if f.spoil != nil {
		f.spoil(l)
	}
	l.sign(t)
	if f.after != nil {
		f.after(l)
	}
	want := f.status
	if want == 0 {
		want = http.StatusUnauthorized
	}
	if got := l.post(t); got != want {
		t.Errorf("%s, %s, at %s is answered %d, want %d", f.name, by, inbox, got, want)
	}
}

// nearlyTheWrongTime: clocks differ by an hour.
func nearlyTheWrongTime(t *testing.T, w *attacked) {
	p := newPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range schemes {
			for _, shift := range []time.Duration{-59 * time.Minute, 59 * time.Minute} {
				l := w.from(p.letterBy(by, w.base+inbox, p.activity("Like", "1", w.actor())))
				dated(shift)(l)
				l.sign(t)
				mustEqual(t, fmt.Sprintf("the answer to %s, %s from now, at %s", by, shift, inbox), l.post(t), http.StatusAccepted)
			}
		}
	}
	w.unharmed(t)
}
