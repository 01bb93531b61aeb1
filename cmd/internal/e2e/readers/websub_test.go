package readers

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

const activities = "/en/the-ministry/the-minister/activities/"

// TestWebSubDiscovery: every feed names hub and topic, in its header and in
// itself; what is not a topic does not.
func TestWebSubDiscovery(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Publish("A communiqué", "tags: [Häfen]")
	s.Serve()
	for _, format := range []string{"rss", "atom", "json"} {
		for _, path := range []string{"/en/", activities, "/en/tags/h%C3%A4fen/"} {
			feed := s.Base + path + "feed." + format
			hub, topic := discover(t, feed)
			e2etest.Equal(t, "the hub", hub, s.Base+"/websub")
			e2etest.Equal(t, "the topic", topic, feed)
			got := e2etest.Get(t, feed)
			for _, link := range map[string][]string{
				"rss": {
					`<atom:link href="` + hub + `" rel="hub">`, `<atom:link href="` + feed + `" rel="self" type="application/rss+xml">`,
				},
				"atom": {`<link href="` + hub + `" rel="hub">`, `<link href="` + feed + `" rel="self" type="application/atom+xml">`},
				"json": {`"type": "WebSub",`, `"url": "` + hub + `"`, `"feed_url": "` + feed + `"`},
			}[format] {
				e2etest.Equal(t, "times that "+feed+" has "+link, bytes.Count(got.Body, []byte(link)), 1)
			}
			e2etest.Equal(t, "the Link of a 304", e2etest.Get(t, feed, "If-None-Match", got.Header.Get("ETag")).Header.Get("Link"), got.Header.Get("Link"))
		}
		archive := e2etest.Get(t, s.Base+"/en/feed.1."+format)
		e2etest.Equal(t, "the archive", archive.Status, 200)
		e2etest.Equal(t, "its Link", archive.Header.Get("Link"), "")
		e2etest.Equal(t, "hub in it", bytes.Contains(archive.Body, []byte("/websub")), false)
	}
}

// TestWebSubHub goes through what the W3C's implementation report asks of a hub.
func TestWebSubHub(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	feed := s.Base + activities + "feed.atom"

	// Subscription 100 and 102: the least that is needed, and what is unknown.
	plain := sub.server.URL + "/plain?for=mfa&x=%7E"
	hub, topic := sub.subscribe(s, feed, plain, "hub.verify", "sync", "foo", "bar")
	question := sub.questions()[0]
	e2etest.Equal(t, "mode", question.Values.Get("hub.mode"), "subscribe")
	e2etest.Equal(t, "topic", question.Values.Get("hub.topic"), topic)
	e2etest.Equal(t, "lease without a wish", leaseOf(t, question), 240*time.Hour)
	e2etest.Equal(t, "length of the challenge", len(question.Values.Get("hub.challenge")), 32)
	e2etest.Equal(t, "the query is kept", strings.HasPrefix(question.Query, "for=mfa&x=%7E&hub.mode="), true)

	// Subscription 101: with a secret, and a lease of one's own.
	secret := strings.Repeat("s", 199)
	signed := sub.server.URL + "/signed"
	sub.subscribe(s, feed, signed, "hub.secret", secret, "hub.lease_seconds", "3600")
	e2etest.Equal(t, "lease as wished", leaseOf(t, sub.questions()[1]), time.Hour)

	// Distribution 100 and 101.
	first := s.Publish("The first communiqué")
	for callback, key := range map[string]string{plain: "", signed: secret} {
		got := sub.waitFor(callback, first.ID)
		now := e2etest.Get(t, feed)
		e2etest.Equal(t, "the whole feed", string(got.Body), string(now.Body))
		e2etest.Equal(t, "content type", got.Header.Get("Content-Type"), now.Header.Get("Content-Type"))
		e2etest.Equal(t, "hub", linked(t, got.Header, "hub"), hub)
		e2etest.Equal(t, "self", linked(t, got.Header, "self"), topic)
		e2etest.Equal(t, "Link headers", len(got.Header.Values("Link")), 1)
		e2etest.Equal(t, "signature", got.Header.Get("X-Hub-Signature") != "", key != "")
		e2etest.Equal(t, "signed by the secret", key == "" || got.signed(key), true)
	}

	// Subscription 103: asked again, with another secret.
	sub.subscribe(s, feed, signed, "hub.secret", "another", "hub.lease_seconds", "99999999")
	e2etest.Equal(t, "lease at most", leaseOf(t, sub.questions()[2]), 30*24*time.Hour)
	second := s.Publish("The second communiqué")
	e2etest.Equal(t, "signed by the new secret", sub.waitFor(signed, second.ID).signed("another"), true)
	sub.waitFor(plain, second.ID)

	// Subscription 104: the end.
	before := subscribers(s)
	sub.request(hub, "unsubscribe", topic, signed)
	e2etest.Eventually(t, "the subscription ends", func() bool { return subscribers(s) != before })
	e2etest.Equal(t, "mode", sub.questions()[3].Values.Get("hub.mode"), "unsubscribe")
	third := s.Publish("The third communiqué")
	sub.waitFor(plain, third.ID)
	for _, d := range sub.distributions(signed) {
		e2etest.Equal(t, "sent after the end", bytes.Contains(d.Body, []byte(third.ID)), false)
	}
	e2etest.Equal(t, "questions", len(sub.questions()), 4)
}

// TestWebSubIntent: what is not confirmed changes nothing, neither a new
// subscription nor the renewal or the end of one that stands (WebSub §5.1).
func TestWebSubIntent(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	hub, topic := sub.subscribe(s, s.Base+"/en/feed.json", sub.server.URL+"/mine", "hub.secret", "mine")
	before := subscribers(s)
	sub.confirmIf(func(a asked) bool { return strings.HasPrefix(a.Path, "/wrong") })
	sub.request(hub, "subscribe", topic, sub.server.URL+"/mine", "hub.secret", "an attacker's")
	sub.request(hub, "unsubscribe", topic, sub.server.URL+"/mine")
	sub.request(hub, "subscribe", topic, sub.server.URL+"/victim")
	e2etest.Eventually(t, "all are asked", func() bool { return len(sub.questions()) == 4 })
	sub.confirmIf(nil)
	// A request behind them in the line: they are done when it is.
	sub.subscribe(s, s.Base+"/en/feed.json", sub.server.URL+"/last")
	e2etest.Equal(t, "nothing else has changed", strings.HasPrefix(subscribers(s), strings.TrimSuffix(before, "\n")), true)
	e2etest.Equal(t, "subscriptions", strings.Count(subscribers(s), `"callback"`), 2)
	id := s.Publish("A communiqué").ID
	e2etest.Equal(t, "signed as before", sub.waitFor(sub.server.URL+"/mine", id).signed("mine"), true)
}

// TestA44WebSubAsksOnce: a callback that does not confirm is not asked again.
func TestA44WebSubAsksOnce(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	sub.confirmIf(func(a asked) bool { return a.Path != "/victim" })
	hub, topic := discover(t, s.Base+"/en/feed.atom")
	statuses := map[int]int{}
	for i := range 20 {
		feed := fmt.Sprintf("%s/en/feed.%s", s.Base, []string{"atom", "rss", "json"}[i%3])
		got := ask(t, hub, "hub.mode", "subscribe", "hub.topic", feed, "hub.callback", sub.server.URL+"/victim")
		statuses[got.Status]++
		if got.Status == http.StatusTooManyRequests && got.Header.Get("Retry-After") == "" {
			t.Error("a 429 does not say when to come back")
		}
	}
	e2etest.Equal(t, "accepted and refused", statuses[202]+statuses[429], 20)
	sub.subscribe(s, topic, sub.server.URL+"/last")
	e2etest.Equal(t, "questions to the victim and the last", len(sub.questions()), 2)
}

// TestWebSubTellsTheTruth: corrections and withdrawals go out like news, what is
// imported in silence too, and nothing before its time.
func TestWebSubTellsTheTruth(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	callback := sub.server.URL + "/callback"
	sub.subscribe(s, s.Base+"/en/feed.atom", callback)
	hidden := s.Publish("Not before its time", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	a := s.Publish("As it was said")
	sub.waitFor(callback, "As it was said")
	s.File("correct", a.ID, s.Markdown("As it should have been said", "The text."), "--note", "A slip.")
	sub.waitFor(callback, "As it should have been said")
	s.File("withdraw", a.ID, "--reason", "Issued in error.")
	last := sub.waitFor(callback, "Issued in error.")
	e2etest.Eventually(t, "reach tells it", func() bool {
		return strings.Contains(s.Must("reach", a.ID), "Of the subscribers to feeds 1 of 1 have its newest state.")
	})
	e2etest.Equal(t, "the withdrawn text", bytes.Contains(last.Body, []byte("As it should have been said")), false)
	silent := s.File("publish", "--silent", s.Markdown("From the archive", "The text.", "published: 2020-03-04"))
	sub.waitFor(callback, silent.ID)
	for _, d := range sub.distributions("") {
		e2etest.Equal(t, "embargoed", bytes.Contains(d.Body, []byte(hidden.ID)), false)
	}
}

// TestWebSubFollowsSections: a topic is known by old addresses too, goes on when
// its section moves, and takes no subscribers when it has ended.
func TestWebSubFollowsSections(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	callback, old := sub.server.URL+"/callback", s.Base+activities+"feed.rss"
	hub, _ := sub.subscribe(s, old, callback)
	s.Must("section", "rename", "the-ministry/the-minister/activities", "agenda")
	moved := s.Base + "/en/the-ministry/the-minister/agenda/feed.rss"
	e2etest.Equal(t, "self", linked(t, sub.waitFor(callback, moved).Header, "self"), moved)
	sub.request(hub, "subscribe", old, sub.server.URL+"/by-the-old-address")
	e2etest.Eventually(t, "the old address is known", func() bool { return strings.Contains(subscribers(s), "by-the-old-address") })
	id := s.File("publish", s.Markdown("News", "The text.")).ID
	sub.waitFor(callback, id)
	sub.waitFor(sub.server.URL+"/by-the-old-address", id)

	s.Must("section", "close", "the-ministry/the-minister/agenda")
	sub.waitFor(callback, "/ended")
	sub.request(hub, "subscribe", moved, sub.server.URL+"/late")
	e2etest.Eventually(t, "it is denied", func() bool {
		questions := sub.questions()
		last := questions[len(questions)-1].Values
		return last.Get("hub.mode") == "denied" && last.Get("hub.topic") == moved && strings.Contains(last.Get("hub.reason"), "ended")
	})
	e2etest.Equal(t, "late is subscribed", strings.Contains(subscribers(s), "/late"), false)
}

// TestWebSubFollowsTags: the feed of a tag is a topic, however the tag is written
// in articles, and tells also of what has lost the tag.
func TestWebSubFollowsTags(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	s.Publish("The first of the tag", "tags: [Sea Law]")
	callback := sub.server.URL + "/callback"
	_, topic := sub.subscribe(s, s.Base+"/en/tags/sea-law/feed.atom", callback, "hub.secret", "secret")
	s.Publish("Beside", "tags: [Harbours]")
	a := s.Publish("Under it", "tags: [harbours, sea law]")
	got := sub.waitFor(callback, a.ID)
	e2etest.Equal(t, "the whole feed", string(got.Body), string(e2etest.Get(t, topic).Body))
	e2etest.Equal(t, "self", linked(t, got.Header, "self"), topic)
	e2etest.Equal(t, "signed", got.signed("secret"), true)
	e2etest.Equal(t, "distributions so far", len(sub.distributions(callback)), 1)
	s.File("correct", a.ID, s.Markdown("No longer under it", "The text.", "tags: [harbours]"), "--note", "Filed in error.")
	e2etest.Eventually(t, "it is sent with the leaving of the article", func() bool {
		all := sub.distributions(callback)
		return len(all) == 2 && bytes.Contains(all[1].Body, []byte("no longer tagged “sea law”"))
	})
	s.File("withdraw", a.ID, "--reason", "Issued in error.")
	sub.waitFor(callback, "Issued in error.")
	e2etest.Eventually(t, "reach tells it", func() bool {
		return strings.Contains(s.Must("reach", a.ID), "Of the subscribers to feeds 1 of 1 have its newest state.")
	})
}

// TestWebSubFailures: a failing callback is tried again and keeps its
// subscription, one that is gone ends it (WebSub §7).
func TestWebSubFailures(t *testing.T) {
	t.Parallel()
	s, sub := e2etest.NewSite(t), newSubscriber(t)
	s.Serve()
	callback := sub.server.URL + "/callback"
	sub.subscribe(s, s.Base+"/en/feed.atom", callback)
	sub.answerWith(http.StatusFound) // a redirect moves nothing
	id := s.Publish("A communiqué").ID
	sub.waitFor(callback, id)
	host := strings.TrimPrefix(sub.server.URL, "http://")
	e2etest.Eventually(t, "it is put off", func() bool { return strings.Contains(s.Must("destinations", "--behind"), "status 302") })
	sub.answerWith(http.StatusOK)
	s.Must("destinations", "retry", host)
	e2etest.Eventually(t, "it is tried again", func() bool { return len(sub.distributions(callback)) == 2 })
	e2etest.Eventually(t, "nothing is behind", func() bool { return !strings.Contains(s.Must("destinations", "--behind"), host) })
	sub.answerWith(http.StatusGone)
	s.Publish("Another communiqué")
	e2etest.Eventually(t, "it is gone", func() bool { return subscribers(s) == "" })
}

// TestWebSubBadRequests get a clear answer in plain text.
func TestWebSubBadRequests(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	feed, hub := s.Base+"/en/feed.atom", s.Base+"/websub"
	good := map[string]string{"hub.mode": "subscribe", "hub.topic": feed, "hub.callback": "http://127.0.0.1:9/callback"}
	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no mode":                      {map[string]string{"hub.mode": ""}, "hub.mode is required"},
		"another mode":                 {map[string]string{"hub.mode": "dance"}, "hub.mode is"},
		"a publisher's ping":           {map[string]string{"hub.mode": "publish"}, "knows by itself"},
		"no topic":                     {map[string]string{"hub.topic": ""}, "hub.topic is required"},
		"a page":                       {map[string]string{"hub.topic": s.Base + "/en/"}, "not a feed of this site"},
		"an archive document":          {map[string]string{"hub.topic": s.Base + "/en/feed.1.atom"}, "not a feed of this site"},
		"another format":               {map[string]string{"hub.topic": s.Base + "/en/feed.xml"}, "not a feed of this site"},
		"another language":             {map[string]string{"hub.topic": s.Base + "/tlh/feed.atom"}, "not a feed of this site"},
		"a tag that is not":            {map[string]string{"hub.topic": s.Base + "/en/tags/never/feed.atom"}, "not a feed of this site"},
		"a section that is not":        {map[string]string{"hub.topic": s.Base + "/en/no/such/feed.atom"}, "not a feed of this site"},
		"a query":                      {map[string]string{"hub.topic": feed + "?x=1"}, "not a feed of this site"},
		"another site":                 {map[string]string{"hub.topic": "https://elsewhere.example/en/feed.atom"}, "not a feed of this site"},
		"no URL":                       {map[string]string{"hub.topic": "::"}, "not a feed of this site"},
		"no callback":                  {map[string]string{"hub.callback": ""}, "hub.callback is required"},
		"a callback elsewhere":         {map[string]string{"hub.callback": "https://192.0.2.1/"}, "not this machine"},
		"a callback that is not a URL": {map[string]string{"hub.callback": "nowhere"}, "hub.callback"},
		"a callback of another kind":   {map[string]string{"hub.callback": "javascript:alert(1)"}, "scheme"},
		"a callback with a fragment":   {map[string]string{"hub.callback": "http://127.0.0.1:9/#x"}, "fragment"},
		"a callback with a newline":    {map[string]string{"hub.callback": "http://127.0.0.1:9/\r\nX: y"}, "percent-encoded"},
		"a callback here":              {map[string]string{"hub.callback": hub}, "of this site"},
		"a secret of 200 bytes":        {map[string]string{"hub.secret": strings.Repeat("x", 200)}, "fewer than 200"},
		"a lease that is not a number": {map[string]string{"hub.lease_seconds": "-5"}, "hub.lease_seconds"},
		"a text that is not UTF-8":     {map[string]string{"hub.topic": feed + "\xff"}, "UTF-8"},
	} {
		var fields []string
		for key, value := range good {
			if changed, ok := c.change[key]; ok {
				value = changed
			}
			fields = append(fields, key, value)
		}
		for key, value := range c.change {
			if _, ok := good[key]; !ok {
				fields = append(fields, key, value)
			}
		}
		got := ask(t, hub, fields...)
		if got.Status != 400 || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(string(got.Body), c.says) {
			t.Errorf("%s: %d %s %s", name, got.Status, got.Header.Get("Content-Type"), got.Body)
		}
	}
	e2etest.Equal(t, "JSON", submit(t, hub, "application/json", "{}").Status, 415)
	e2etest.Equal(t, "too much", submit(t, hub, "application/x-www-form-urlencoded", strings.Repeat("a", 17<<10)).Status, 413)
	e2etest.Equal(t, "no form", submit(t, hub, "application/x-www-form-urlencoded", "hub.mode=%zz").Status, 400)
	got := e2etest.Get(t, hub, "Accept", "text/html")
	e2etest.Equal(t, "GET", got.Status, 405)
	e2etest.Equal(t, "Allow", got.Header.Get("Allow"), "POST")
	e2etest.Equal(t, "subscribers", subscribers(s), "")
}
