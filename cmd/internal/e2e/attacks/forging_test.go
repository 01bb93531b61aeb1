package attacks

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
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
	by     func(e2etest.Scheme) bool // the schemes that it concerns; nil is all
	status int                       // 0 is 401
	spoil  func(l *e2etest.Letter)
	// after spoils the request once it is signed.
	after func(l *e2etest.Letter)
}

func byCavage(s e2etest.Scheme) bool { return !s.Message }

func by9421(s e2etest.Scheme) bool { return s.Message }

func covering(headers string) func(l *e2etest.Letter) {
	return func(l *e2etest.Letter) { l.Headers = headers }
}

func extra(text string) func(l *e2etest.Letter) {
	return func(l *e2etest.Letter) { l.Extra = text }
}

// again sends a field of a request twice.
func again(name string) func(l *e2etest.Letter) {
	return func(l *e2etest.Letter) { l.Request.Header.Add(name, l.Request.Header.Get(name)) }
}

// sentTo sends a letter to another path than it was signed for.
func sentTo(path string) func(l *e2etest.Letter) {
	return func(l *e2etest.Letter) {
		l.Request.URL.Path, l.Request.URL.RawPath = strings.ReplaceAll(path, "%2e", "."), path
		l.Request.URL.Path = strings.ReplaceAll(l.Request.URL.Path, "%69", "i")
	}
}

func forgeries(t *testing.T) []forgery {
	t.Helper()
	stranger := e2etest.StrangersKey(t)
	past := time.Now().Add(-time.Second).Unix()
	return []forgery{
		{number: 1, name: "one letter changed", after: func(l *e2etest.Letter) { l.Body = bytes.Replace(l.Body, []byte("follows/1"), []byte("follows/9"), 1) }},
		{number: 1, name: "a blank added", after: func(l *e2etest.Letter) { l.Body = append(l.Body, ' ') }},
		{number: 1, name: "a new digest", after: func(l *e2etest.Letter) {
			l.Body = append(l.Body, ' ')
			l.Request.Header.Set("Digest", e2etest.DigestOf(l.Body))
			l.Request.Header.Set("Content-Digest", e2etest.ContentDigestOf(l.Body))
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

		{number: 3, name: "no digest at all", after: func(l *e2etest.Letter) {
			l.Request.Header.Del("Digest")
			l.Request.Header.Del("Content-Digest")
		}},
		{number: 3, name: "the digest of nothing", spoil: func(l *e2etest.Letter) {
			l.Body = nil
			l.Request.Header.Set("Digest", e2etest.DigestOf(nil))
		}, after: func(l *e2etest.Letter) { l.Body = []byte(`{"type":"Follow","actor":"x"}`) }},
		{number: 3, name: "the digest of the other scheme", after: func(l *e2etest.Letter) {
			if l.Message {
				l.Request.Header.Set("Digest", e2etest.DigestOf(l.Body))
				l.Request.Header.Del("Content-Digest")
				return
			}
			l.Request.Header.Set("Content-Digest", e2etest.ContentDigestOf(l.Body))
			l.Request.Header.Del("Digest")
		}},

		{number: 4, name: "signed 13 hours ago", spoil: e2etest.Dated(-13 * time.Hour)},
		{number: 4, name: "signed in two hours", spoil: e2etest.Dated(2 * time.Hour)},
		{number: 4, name: "no date", by: byCavage, after: func(l *e2etest.Letter) { l.Request.Header.Del("Date") }},
		{number: 4, name: "expired", by: by9421, spoil: extra(fmt.Sprintf(";expires=%d", past))},
		{number: 4, name: "expired", by: byCavage, spoil: extra(fmt.Sprintf(",expires=%d", past))},

		{number: 5, name: "a parameter", by: byCavage, spoil: func(l *e2etest.Letter) { l.Extra = fmt.Sprintf(`,keyId=%q`, l.KeyID) }},
		{number: 5, name: "a parameter", by: by9421, spoil: func(l *e2etest.Letter) { l.Extra = fmt.Sprintf(`;keyid=%q`, l.KeyID) }},
		{number: 5, name: "a header covered", by: byCavage, spoil: covering("(request-target) host date digest date")},
		{number: 5, name: "a component covered", by: by9421, spoil: covering("@method @target-uri content-digest @method")},
		{number: 5, name: "the Signature", after: again("Signature")},
		{number: 5, name: "the Signature-Input", by: by9421, after: again("Signature-Input")},
		{number: 5, name: "the Date", by: byCavage, after: again("Date")},
		{number: 5, name: "the Digest", by: byCavage, after: again("Digest")},
		{number: 5, name: "the Content-Digest", by: by9421, after: again("Content-Digest")},
		{number: 5, name: "both schemes", by: by9421, after: func(l *e2etest.Letter) {
			l.Request.Header.Add("Signature", `keyId="x",headers="(request-target) host date digest",signature="AAAA"`)
		}},

		{number: 6, name: "signed for another host", spoil: func(l *e2etest.Letter) { l.Host = "other.example" }},
		{number: 6, name: "signed for another host and forwarded so", spoil: func(l *e2etest.Letter) {
			l.Host = "other.example"
			l.Request.Header.Set("X-Forwarded-Host", "other.example")
			l.Request.Header.Set("Forwarded", "host=other.example")
		}},
		{number: 6, name: "for another host and sent as such", spoil: func(l *e2etest.Letter) { l.Host, l.Request.Host = "other.example", "other.example" }},
		{number: 6, name: "signed for another query", spoil: func(l *e2etest.Letter) { l.Target = l.Request.URL.Path + "?x=1" }},
		{number: 6, name: "with the query altered", spoil: func(l *e2etest.Letter) { l.Target = l.Request.URL.Path + "?x=1" }, after: func(l *e2etest.Letter) { l.Request.URL.RawQuery = "x=2" }},
		{number: 6, name: "signed for another inbox", spoil: func(l *e2etest.Letter) { l.Target = "/actors/nobody/inbox" }},
		{number: 6, name: "signed for two slashes", spoil: func(l *e2etest.Letter) { l.Target = "/" + l.Request.URL.Path }},
		{number: 6, name: "signed for an escaped path", spoil: func(l *e2etest.Letter) { l.Target = strings.Replace(l.Request.URL.Path, "inbox", "%69nbox", 1) }},
		{number: 6, name: "sent to two slashes", status: 405, after: sentTo("//ap/inbox")},
		{number: 6, name: "sent to an escaped dot", status: 405, after: sentTo("/ap/%2e/inbox")},
		{number: 6, name: "sent to an escaped path", status: 405, after: sentTo("/ap/%69nbox")},

		{number: 8, name: "signed with another key", by: func(s e2etest.Scheme) bool { return !s.Further }, spoil: func(l *e2etest.Letter) { l.Key = stranger }},
		{number: 8, name: "the key of a handle", spoil: func(l *e2etest.Letter) { l.KeyID = "acct:reader@" + l.Request.URL.Host }},
		{number: 8, name: "no algorithm that we know", by: byCavage, spoil: func(l *e2etest.Letter) {
			l.Raw = `keyId="x",algorithm="hmac-sha256",headers="(request-target) host date digest",signature="AAAA"`
		}},
		{number: 8, name: "the algorithm of another kind of key", by: func(s e2etest.Scheme) bool { return s.Message && !s.Further }, spoil: extra(`;alg="ed25519"`)},
		{number: 8, name: "the algorithm of another kind of key", by: func(s e2etest.Scheme) bool { return s.Message && s.Further }, spoil: extra(`;alg="rsa-v1_5-sha256"`)},
	}
}

// forged sends the forgeries of a number. Each is in another's name: nobody has his key
// looked at so often that the answer is to come back.
func forged(number int) func(t *testing.T, w *attacked) {
	return func(t *testing.T, w *attacked) {
		inboxes := w.inboxes(t)
		for _, f := range forgeries(t) {
			if f.number != number {
				continue
			}
			p := e2etest.NewPeerOfTwoKeys(t)
			for _, inbox := range inboxes {
				for _, by := range e2etest.Schemes {
					if f.by == nil || f.by(by) {
						w.forge(t, p, f, by, inbox)
					}
				}
			}
		}
		w.unharmed(t)
	}
}

func (w *attacked) forge(t *testing.T, p *e2etest.Peer, f forgery, by e2etest.Scheme, inbox string) {
	t.Helper()
	l := w.from(p.LetterBy(by, w.Base+inbox, p.Follow(w.Actor())))
	if f.spoil != nil {
		f.spoil(l)
	}
	l.Sign(t)
	if f.after != nil {
		f.after(l)
	}
	want := f.status
	if want == 0 {
		want = http.StatusUnauthorized
	}
	if got := l.Post(t); got != want {
		t.Errorf("%s, %s, at %s is answered %d, want %d", f.name, by, inbox, got, want)
	}
}

// nearlyTheWrongTime: clocks differ by an hour.
func nearlyTheWrongTime(t *testing.T, w *attacked) {
	p := e2etest.NewPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range e2etest.Schemes {
			for _, shift := range []time.Duration{-59 * time.Minute, 59 * time.Minute} {
				l := w.from(p.LetterBy(by, w.Base+inbox, p.Activity("Like", "1", w.Actor())))
				e2etest.Dated(shift)(l)
				l.Sign(t)
				e2etest.Equal(t, fmt.Sprintf("the answer to %s, %s from now, at %s", by, shift, inbox), l.Post(t), http.StatusAccepted)
			}
		}
	}
	w.unharmed(t)
}
