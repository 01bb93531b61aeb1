package check

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	base  = "https://press.mfa.example"
	actor = base + "/actors/ministry"
	home  = base + "/en/"
	one   = base + "/ap/articles/k3tq5m2zr7ab4cde"
	page  = base + "/en/articles/k3tq5m2zr7ab4cde/treaty"
)

var (
	ministry = Account{Handle: "ministry@mfa.example", ID: actor, Page: home}
	noon     = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
)

// publicPEM is drawn once: a key costs a tenth of a second.
var publicPEM = sync.OnceValue(func() string { return pemOf(2048) })

func pemOf(bits int) string {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// document is an answer with a JSON body. headers are pairs.
func document(url string, body map[string]any, headers ...string) Document {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	d := Document{URL: url, Status: 200, Header: http.Header{}, Body: text}
	for i := 0; i+1 < len(headers); i += 2 {
		d.Header.Set(headers[i], headers[i+1])
	}
	return d
}

type m = map[string]any

func jrd() m {
	return m{"subject": "acct:ministry@mfa.example", "links": []any{
		m{"rel": "self", "type": activityJSON, "href": actor}, m{"rel": "http://webfinger.net/rel/profile-page", "href": home},
	}}
}

func actorFields() m {
	return m{
		"@context": []any{activityStreams, "https://w3id.org/security/v1"}, "id": actor, "type": "Organization", "preferredUsername": "ministry",
		"webfinger": "ministry@mfa.example", "url": home, "published": "2026-01-01T00:00:00Z",
		"inbox": actor + "/inbox", "outbox": actor + "/outbox", "followers": actor + "/followers", "following": actor + "/following",
		"endpoints": m{"sharedInbox": base + "/ap/inbox"}, "discoverable": true, "indexable": true, "manuallyApprovesFollowers": false,
		"publicKey":       m{"id": actor + "#main-key", "owner": actor, "publicKeyPem": publicPEM()},
		"assertionMethod": []any{m{"type": "Multikey"}}, "attributionDomains": []any{"press.mfa.example"},
	}
}

func objectFields() m {
	return m{
		"@context": []any{activityStreams}, "id": one, "type": "Note", "attributedTo": actor, "url": page,
		"to": []any{public}, "cc": []any{actor + "/followers"}, "published": "2026-03-14T10:00:00Z", "updated": "2026-03-14T11:00:00Z",
		"content": "<p>Signed.</p>", "contentMap": m{"en": "<p>Signed.</p>"},
	}
}

// broken are the rules that do not hold, in order, each once.
func broken(findings []Finding) []string {
	rules := map[string]bool{}
	for _, f := range findings {
		if f.Verdict != OK {
			rules[f.Rule] = true
		}
		if (f.Verdict == OK) != (f.Fix == "") || f.What == "" {
			panic(fmt.Sprintf("%+v says nothing, or what to do about nothing", f))
		}
	}
	return slices.Sorted(maps.Keys(rules))
}

// change puts a value into a copy of fields, or takes it out.
func change(fields m, name string, value any) m {
	if fields[name] = value; value == nil {
		delete(fields, name)
	}
	return fields
}

func expect(t *testing.T, what string, findings []Finding, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, broken(findings)); diff != "" && len(want)+len(broken(findings)) > 0 {
		t.Errorf("%s: broken rules (-want +got):\n%s", what, diff)
	}
}

// TestWebFinger: a good answer breaks no rule, and each fault the one that it is.
func TestWebFinger(t *testing.T) {
	t.Parallel()
	judge := func(fields m, headers ...string) []Finding {
		return WebFinger(document(base+"/.well-known/webfinger", fields, append([]string{"Content-Type", "application/jrd+json", "Access-Control-Allow-Origin", "*"}, headers...)...), ministry)
	}
	self := m{"rel": "self", "type": activityJSON, "href": actor}
	expect(t, "good", judge(jrd()))
	expect(t, "another subject", judge(change(jrd(), "subject", "acct:ministry@press.mfa.example")), "W2")
	expect(t, "no subject", judge(change(jrd(), "subject", nil)), "W2")
	expect(t, "two self links", judge(change(jrd(), "links", []any{self, self})), "W3", "W7")
	expect(t, "another type", judge(change(jrd(), "links", []any{m{"rel": "self", "type": "application/json", "href": actor}})), "W3", "W7")
	expect(t, "plain JSON", judge(jrd(), "Content-Type", "application/json"), "W7")
	expect(t, "not found", WebFinger(Document{Status: 404, Header: http.Header{}}, ministry), "W1")
	expect(t, "no answer", WebFinger(Document{Err: errors.New("refused")}, ministry), "W1")
	good := document("x", jrd())
	expect(t, "one name", []Finding{OneName(good, good, ministry)})
	expect(t, "two names", []Finding{OneName(good, document("y", change(jrd(), "subject", "acct:ministry@press.mfa.example")), ministry)}, "W4")
	expect(t, "a page instead", []Finding{OneName(Document{Status: 200, Body: []byte("<html>")}, good, ministry)}, "W4")
}

func TestInstanceAndUp(t *testing.T) {
	t.Parallel()
	const id = base + "/actors/instance"
	root := document(base, m{"links": []any{m{"rel": activityStreams + "#Service", "href": id}}})
	index := document(base, m{"links": []any{m{"rel": activityStreams + "#Application", "href": id}}})
	info := document(base, m{"software": m{"name": "communique", "version": "1.0"}})
	expect(t, "found", []Finding{Instance(root, index, id)})
	expect(t, "not found", []Finding{Instance(root, root, id)}, "W8")
	expect(t, "up", Up(index, info, "1.0"))
	expect(t, "another version", Up(index, info, "1.1"), "version")
	expect(t, "down", Up(Document{Err: errors.New("refused")}, Document{Err: errors.New("refused")}, "1.0"), "D5")
}

func TestActor(t *testing.T) {
	t.Parallel()
	judge := func(fields m) []Finding {
		return Actor(document(actor, fields, "Content-Type", activityJSON), ministry, publicPEM())
	}
	expect(t, "good", judge(actorFields()))
	for _, c := range []struct {
		field string
		value any
		rules []string
	}{
		{"id", base + "/actors/other", []string{"A1"}},
		{"@context", []any{"https://w3id.org/security/v1"}, []string{"A2"}},
		{"@context", activityStreams, []string{"A2"}},
		{"type", "Ministry", []string{"A3"}},
		{"preferredUsername", "the-ministry", []string{"A4"}},
		{"inbox", nil, []string{"A5", "A6"}},
		{"outbox", "https://www.mfa.example/outbox", []string{"A6"}},
		{"endpoints", m{"sharedInbox": "http://press.mfa.example/ap/inbox"}, []string{"A6"}},
		{"url", "https://www.mfa.example/", []string{"A7"}},
		{"publicKey", m{"id": actor + "#main-key", "owner": base, "publicKeyPem": publicPEM()}, []string{"A8"}},
		{"publicKey", m{"id": actor, "owner": actor, "publicKeyPem": publicPEM()}, []string{"A8"}},
		{"publicKey", m{"id": actor + "#main-key", "owner": actor, "publicKeyPem": pemOf(1024)}, []string{"A8", "key"}},
		{"publicKey", m{"id": actor + "#main-key", "owner": actor, "publicKeyPem": "none"}, []string{"A8", "key"}},
		{"publicKey", m{"id": actor + "#main-key", "owner": actor, "publicKeyPem": pemOf(2048)}, []string{"key"}},
		{"assertionMethod", nil, []string{"A9"}},
		{"indexable", nil, []string{"A14"}},
		{"attributionDomains", []any{"mfa.example"}, []string{"A15"}},
		{"webfinger", "ministry@press.mfa.example", []string{"W5"}},
	} {
		expect(t, fmt.Sprint(c.field, " ", c.value), judge(change(actorFields(), c.field, c.value)), c.rules...)
	}
	expect(t, "a page", Actor(document(actor, actorFields(), "Content-Type", "text/html"), ministry, ""), "A1")
	expect(t, "gone", Actor(Document{Status: 410, Header: http.Header{}}, ministry, ""), "A1")
	total := document(actor+"/outbox", m{"totalItems": 3}, "Content-Type", activityJSON)
	expect(t, "a collection", []Finding{Collection(total)})
	outbox := func(items any) Document { return document(actor+"/outbox?page=1", m{"orderedItems": items}) }
	expect(t, "an outbox", []Finding{Outbox(outbox([]any{m{"id": base + "/ap/activities/1/create", "actor": actor}}), actor)})
	expect(t, "another's activity", []Finding{Outbox(outbox([]any{m{"id": "https://a.example/1", "actor": actor}}), actor)}, "C1")
	expect(t, "no list", []Finding{Outbox(outbox("none"), actor)}, "C1")
	expect(t, "no number", []Finding{Collection(document(actor+"/outbox", m{"totalItems": "3"}, "Content-Type", activityJSON))}, "A18")
}

func TestObject(t *testing.T) {
	t.Parallel()
	judge := func(fields m) []Finding {
		return Object(document(one, fields, "Content-Type", activityJSON), one, actor, noon)
	}
	expect(t, "good", judge(objectFields()))
	for _, c := range []struct {
		field string
		value any
		rules []string
	}{
		{"id", one + "x", []string{"O3"}},
		{"url", "https://www.mfa.example/treaty", []string{"O3"}},
		{"attributedTo", base + "/actors/other", []string{"O2"}},
		{"to", []any{"as:Public"}, []string{"O4"}},
		{"cc", nil, []string{"O4"}},
		{"published", "2026-03-14T12:30:00Z", []string{"O5", "O6"}},
		{"published", "yesterday", []string{"O5"}},
		{"updated", "2026-03-14T09:00:00Z", []string{"O6"}},
		{"name", "Treaty", []string{"O7"}},
		{"summary", "Treaty", []string{"O7"}},
		{"type", "Article", []string{"O8"}},
		{"contentMap", m{"en": "<p>Signed.</p>", "fr": "<p>Signé.</p>"}, []string{"O13"}},
		{"contentMap", m{"en": "<p>signed.</p>"}, []string{"O13"}},
		{"content", strings.Repeat("a", maxActivity), []string{"O13", "O19"}},
		{"signature", m{"type": "x"}, []string{"O20"}},
	} {
		expect(t, fmt.Sprintf("%.60s", fmt.Sprint(c.field, " ", c.value)), judge(change(objectFields(), c.field, c.value)), c.rules...)
	}
	article := change(change(objectFields(), "type", "Article"), "name", "Treaty")
	expect(t, "an Article", judge(article))
	expect(t, "an Article with a content warning", judge(change(article, "summary", "A treaty.")), "O8")
}

const goodPage = `<!DOCTYPE html><html><head>
<link rel="canonical" href="` + page + `"><link rel="alternate" type="application/activity+json" href="` + one + `">
<link rel="me" href="` + home + `"><meta name="fediverse:creator" content="@ministry@mfa.example">
<meta property="og:title" content="t"><meta property="og:description" content="d"><meta property="og:url" content="u">
<script type="application/ld+json">{"@type":"NewsArticle"}</script></head><body><a rel="nofollow me" href="https://a.example/">a</a></body></html>`

func pageDocument(text string) Document {
	return Document{URL: page, Status: 200, Body: []byte(text), Header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"public, max-age=60"}, "Vary": {"Accept-Encoding, Accept"},
	}}
}

func TestPage(t *testing.T) {
	t.Parallel()
	facts := PageFacts{Object: one, Handle: "@ministry@mfa.example", Profile: home}
	expect(t, "good", Page(pageDocument(goodPage), facts))
	for old, rule := range map[string]string{
		one: "H1", "og:title": "H2", `"NewsArticle"`: "H2", page: "H2", `rel="me"`: "A12", "@ministry@mfa": "A15",
	} {
		expect(t, "without "+old, Page(pageDocument(strings.Replace(goodPage, old, "x", 1)), facts), rule)
	}
	private := pageDocument(goodPage)
	private.Header.Set("Cache-Control", "private, max-age=60")
	expect(t, "private", Page(private, facts), "H3")

	object := document(page, objectFields(), "Content-Type", activityJSON, "Vary", "Accept")
	good := pageDocument(goodPage)
	expect(t, "negotiated", []Finding{Negotiation(good, object, good)})
	expect(t, "a page for servers", []Finding{Negotiation(good, good, good)}, "I7")
	expect(t, "an object for browsers", []Finding{Negotiation(good, object, object)}, "I7")
	object.Header.Del("Vary")
	expect(t, "without Vary", []Finding{Negotiation(good, object, good)}, "I7")
}

func TestFeed(t *testing.T) {
	t.Parallel()
	first := document(base+"/en/feed.atom", nil, "Content-Type", "application/atom+xml", "ETag", `"1"`)
	again := Document{Status: 304, Header: http.Header{}}
	compressed := document("", nil, "Content-Encoding", "gzip", "Vary", "Accept-Encoding")
	expect(t, "good", Feed(first, again, compressed))
	expect(t, "always anew", Feed(first, first, compressed), "ETag")
	expect(t, "never compressed", Feed(first, again, first), "gzip")
	expect(t, "a page", Feed(pageDocument(goodPage), again, compressed), "feed")
}

func TestInbox(t *testing.T) {
	t.Parallel()
	status := func(n int) Document { return Document{URL: base + "/ap/inbox", Status: n, Header: http.Header{}} }
	expect(t, "good", Inbox(status(401), status(202), status(202)))
	expect(t, "everybody gets in", Inbox(status(202), status(202), status(202)), "I2")
	expect(t, "Date is dropped", Inbox(status(401), status(401), status(202)), "I2")
	expect(t, "Signature-Input is dropped", Inbox(status(401), status(202), status(401)), "I3")
	for n, want := range map[int]string{401: "Host", 503: "read its own keys", 429: "too much", 404: "pass POST"} {
		f := Inbox(status(401), status(n), status(202))[1]
		if f.Verdict != Fail || !strings.Contains(f.Fix, want) {
			t.Errorf("%d: %+v", n, f)
		}
	}
}

func TestMachine(t *testing.T) {
	t.Parallel()
	verdict := func(f Finding) Verdict {
		broken([]Finding{f})
		return f.Verdict
	}
	cert := func(days int) Finding {
		return Certificate("press.mfa.example", &x509.Certificate{NotAfter: noon.AddDate(0, 0, days)}, nil, noon)
	}
	clock := func(date time.Time) Finding {
		return Clock("a", document("", nil, "Date", date.Format(http.TimeFormat)), noon, noon.Add(100*time.Millisecond))
	}
	addr := netip.MustParseAddr
	for name, c := range map[string]struct {
		got  Finding
		want Verdict
	}{
		"a public address":     {Resolved("a", []netip.Addr{addr("9.9.9.9")}, nil, within, nil), OK},
		"a private address":    {Resolved("a", []netip.Addr{addr("9.9.9.9"), addr("10.0.0.1")}, nil, within, nil), Warn},
		"only here private":    {Resolved("a", []netip.Addr{addr("10.0.0.1")}, nil, within, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}), Warn},
		"named on purpose":     {FromInside("a", []netip.Addr{addr("10.0.0.1")}, within), OK},
		"no address":           {Resolved("a", nil, errors.New("no such host"), within, nil), Fail},
		"a month left":         {cert(30), OK},
		"a week left":          {cert(7), Warn},
		"a day left":           {cert(1), Fail},
		"no certificate":       {Certificate("a", nil, errors.New("unknown authority"), noon), Fail},
		"the same time":        {clock(noon), OK},
		"half a minute behind": {clock(noon.Add(30 * time.Second)), Warn},
		"half a minute ahead":  {clock(noon.Add(-30 * time.Second)), Warn},
		"two minutes":          {clock(noon.Add(2 * time.Minute)), Fail},
		"no Date":              {Clock("a", document("", nil), noon, noon), Warn},
		"embargoes end":        {Embargoes(""), OK},
		"embargoes are held":   {Embargoes("the clock jumped"), Fail},
		"sections":             {Sections(nil), OK},
		"a misnamed section":   {Sections([]string{"it is now press"}), Warn},
		"as configured":        {Started(nil), OK},
		"no backup":            {Backups(Judged{Fail, "none was made since Monday"}), Fail},
		"another zone since":   {Started([]string{"timezone"}), Warn},
		"it starts":            {Starts(nil)[0], OK},
		"it warns":             {Starts([]Hurdle{{What: "the handles"}})[0], Warn},
		"it does not start":    {Starts([]Hurdle{{What: "the keys", Stops: true}})[0], Fail},
		"room":                 {Space("/srv", 2<<30, 4<<30), OK},
		"little room":          {Space("/srv", 500<<20, 4<<30), Warn},
		"no room":              {Space("/srv", 50<<20, 4<<30), Fail},
		"all delivered":        {Deliveries(Queue{Servers: 3}), OK},
		"on the way":           {Deliveries(Queue{Servers: 3, Behind: 2, Waiting: time.Second}), OK},
		"one is away":          {Deliveries(Queue{Servers: 3, Unreachable: 1}), Warn},
		"nobody delivers":      {Deliveries(Queue{Servers: 3, Behind: 1, Waiting: time.Hour}), Fail},
	} {
		if got := verdict(c.got); got != c.want {
			t.Errorf("%s: %+v, want %s", name, c.got, c.want)
		}
	}
}
