package sight

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/delivery/outbound"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sightings"
	"communique/storage/storagetest/engines"
)

// public is a site as readers see it, and what is rendered here.
type public struct {
	t     *testing.T
	store *storage.Store
	open  func(storage.Clock) (*storage.Store, error)
	clock *clocktest.Clock
	in    press.Section
	site  press.Site
	rules outbound.Rules

	mu    sync.Mutex
	asked int
	there http.HandlerFunc // what readers get; nil is what is rendered here
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func newPublic(t *testing.T) *public {
	t.Helper()
	p := &public{t: t, clock: clocktest.At(noon), open: engines.Chosen(t), rules: outbound.NewRules(true)}
	var err error
	if p.store, err = p.open(p.clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.store.Close() })
	p.update(func(tx *storage.Tx) (err error) {
		p.in, err = tx.AddSection(press.Root, "statements", "en", "Statements")
		return err
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked++
		there := p.there
		p.mu.Unlock()
		if there == nil {
			there = p.render
		}
		there(w, r)
	}))
	t.Cleanup(server.Close)
	p.site = press.Site{Base: server.URL, Tag: "press.example,2026"}
	return p
}

func (p *public) show(there http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.there = there
}

// render answers as the server of the site does, of the newest state.
func (p *public) render(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "/articles/") {
		p.page(w, r)
		return
	}
	var items []string
	err := p.store.View(r.Context(), func(tx *storage.Tx) error {
		entries, err := tx.EntriesAfter(0, 100)
		for _, e := range entries {
			if e.Article != "" {
				a, err := tx.Article(e.Article)
				if err != nil {
					return err
				}
				items = append(items, fmt.Sprintf(`{"id":%q,"title":%q,"revision":%d,"state":%q}`, p.site.ArticleTag(a.ID), a.Title, a.Revision, a.State))
			}
		}
		return err
	})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
}

func (p *public) page(w http.ResponseWriter, r *http.Request) {
	id := press.ArticleID(strings.Split(strings.Split(r.URL.Path, "/articles/")[1], "/")[0])
	err := p.store.View(r.Context(), func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		switch {
		case err != nil || a.State == press.Embargoed:
			w.WriteHeader(http.StatusNotFound)
		case a.State == press.Withdrawn:
			w.WriteHeader(http.StatusGone)
		default:
			fmt.Fprintf(w, "<html><article><h1>%s</h1>%d</article><p>3 likes</p></html>", a.Title, a.Revision)
		}
		return nil
	})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// rendered is what render answers.
func (p *public) rendered(r *http.Request) (status int, tag string, body []byte) {
	w := httptest.NewRecorder()
	p.render(w, r)
	return w.Code, w.Header().Get("ETag"), w.Body.Bytes()
}

// looker is one of a program that serves the site.
func (p *public) looker() *Looker {
	p.t.Helper()
	l, err := New(p.t.Context(), Options{
		Store: p.store, Room: newsroom.Desk{Store: p.store, Site: p.site, Zone: time.UTC, Language: "en"}, Here: p.rendered,
		Rules: p.rules, UserAgent: "communique", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(l.client.CloseIdleConnections)
	return l
}

func (p *public) update(fn func(*storage.Tx) error) {
	p.t.Helper()
	if err := p.store.Update(p.t.Context(), fn); err != nil {
		p.t.Fatal(err)
	}
}

func (p *public) publish(title string, change ...func(*press.Draft)) (a press.Article) {
	p.t.Helper()
	d := press.Draft{Section: p.in.ID, Language: "en", Title: title, Body: "<p>They met.</p>", Published: p.clock.Now()}
	for _, c := range change {
		c(&d)
	}
	p.update(func(tx *storage.Tx) (err error) {
		a, _, err = tx.Publish(d)
		return err
	})
	return a
}

// round is one round of a looker.
func (p *public) round(l *Looker) {
	p.t.Helper()
	if _, err := l.round(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// last is what was seen of the last entry.
func (p *public) last() (s sightings.Sighting) {
	p.t.Helper()
	err := p.store.View(p.t.Context(), func(tx *storage.Tx) error {
		head, err := tx.Head()
		if err != nil {
			return err
		}
		s, err = tx.Sighting(head.Seq)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// TestSeen: what is released, corrected or withdrawn is seen as soon as readers see that, and
// not while they see what was before.
func TestSeen(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, tt := range []struct {
		name       string
		there      func(*public) http.HandlerFunc
		page, feed string // why it was not seen; empty if it was
	}{
		{"the newest", func(p *public) http.HandlerFunc { return p.render }, "", ""},
		{"with other reactions", func(p *public) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				_, _, page := p.rendered(r)
				_, _ = w.Write([]byte(strings.Replace(string(page), "3 likes", "4 likes", 1)))
			}
		}, "", ""},
		{"an earlier page, of a cache", func(p *public) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				_, _, page := p.rendered(r)
				_, _ = w.Write([]byte(strings.Replace(string(page), "harbours", "ports", 1)))
			}
		}, "earlier state", "earlier state"},
		{"a page for those who sign in", func(*public) http.HandlerFunc { return status(http.StatusFound) }, "it answers 302", "it answers 302"},
		{"nothing", func(*public) http.HandlerFunc { return status(http.StatusNotFound) }, "it answers 404", "it answers 404"},
		{"a feed without it", func(*public) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"items":[]}`) }
		}, "earlier state", "it does not list it"},
		{"no feed", func(*public) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `maintenance`) }
		}, "earlier state", "it is no feed"},
		{"a server that ends the connection", func(*public) http.HandlerFunc {
			return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		}, "EOF", "EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPublic(t)
			l := p.looker()
			p.show(tt.there(p))
			p.publish("Treaty on harbours signed")
			p.round(l)
			s := p.last()
			for where, got := range map[string]struct {
				sightings.Sight
				why string
			}{"page": {s.Page, tt.page}, "feed": {s.Feed, tt.feed}} {
				if got.Found() != (got.why == "") || !strings.Contains(got.Fault, got.why) {
					t.Errorf("the %s: %+v, want %q", where, got.Sight, got.why)
				}
			}
			if s.Next.IsZero() != (tt.page == "" && tt.feed == "") {
				t.Errorf("it is looked for next %v", s.Next)
			}
		})
	}
}

// TestCorrectionAndWithdrawalAreSeen: each has a row of its own, and is seen when its page and
// feed are.
func TestCorrectionAndWithdrawalAreSeen(t *testing.T) {
	t.Parallel()
	p := newPublic(t)
	l := p.looker()
	a := p.publish("Treaty on harbours signed")
	p.round(l)
	p.show(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<article>what was</article>") })
	p.update(func(tx *storage.Tx) error {
		_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: press.Draft{Section: p.in.ID, Language: "en", Title: "Treaty on ports signed", Body: "<p>They met.</p>", Published: a.Published}, Note: "They are ports."})
		return err
	})
	p.round(l)
	if s := p.last(); s.Page.Found() || s.Feed.Found() {
		t.Errorf("seen while readers saw what was before: %+v", s)
	}
	p.show(nil)
	p.clock.Pass(time.Second)
	p.round(l)
	if s := p.last(); !s.Page.Found() || !s.Feed.Found() || !s.Next.IsZero() || s.Looks != 2 {
		t.Errorf("corrected: %+v", s)
	}
	p.update(func(tx *storage.Tx) error { _, _, err := tx.Withdraw(a.ID, "It was not so."); return err })
	p.round(l)
	if s := p.last(); !s.Page.Found() || !s.Feed.Found() {
		t.Errorf("withdrawn: %+v", s)
	}
}

// TestPauses: it is looked for after pauses that grow, and no longer than an hour; what was seen
// stays seen.
func TestPauses(t *testing.T) {
	t.Parallel()
	p := newPublic(t)
	l := p.looker()
	p.show(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/articles/") {
			p.render(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	p.publish("Treaty on harbours signed")
	looks := 0
	for range 1000 {
		p.round(l)
		s := p.last()
		if !s.Page.Found() || !s.Page.Seen.Equal(noon) || s.Feed.Fault != "it answers 503" {
			t.Fatalf("after %d looks: %+v", s.Looks, s)
		}
		if looks = s.Looks; s.Next.IsZero() {
			break
		}
		if pause := s.Next.Sub(p.clock.Now()); pause < time.Second || pause > 5*time.Minute {
			t.Fatalf("after %d looks it is looked for again after %v", s.Looks, pause)
		}
		p.clock.Set(s.Next)
	}
	if looks < 10 || looks > mostLooks || p.clock.Now().Sub(noon) > deadline+longestPause {
		t.Errorf("looked %d times within %v", looks, p.clock.Now().Sub(noon))
	}
}

// TestOnceOverServersAndRestarts: however many programs serve the site, and however often they
// are started, nobody asks a second time for what was seen, nor while another one asks.
func TestOnceOverServersAndRestarts(t *testing.T) {
	t.Parallel()
	p := newPublic(t)
	first, second := p.looker(), p.looker()
	p.publish("Treaty on harbours signed")
	var both sync.WaitGroup
	for _, l := range []*Looker{first, second} {
		both.Go(func() {
			if _, err := l.round(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	p.round(p.looker())
	if p.asked != 2 { // the page and the feed
		t.Errorf("the public address was asked %d times", p.asked)
	}
}

// TestNobodyLooks: where readers' way is not this machine's it says so, and looks no more; of what
// is long public, or was taken over from others, nobody asks.
func TestNobodyLooks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		rules  outbound.Rules
		before func(*public)
		change func(*press.Draft)
		why    string // empty: there is no row
	}{
		{"behind a name that leads to a private address", outbound.NewRules(false), func(*public) {}, func(*press.Draft) {}, "cannot be looked at from this machine"},
		{"while nothing may leave", outbound.Rules{Loopback: true, Held: true}, func(*public) {}, func(*press.Draft) {}, "cannot be looked at from this machine"},
		{"when no server ran", outbound.NewRules(true), func(p *public) { p.clock.Pass(2 * time.Hour) }, func(*press.Draft) {}, "nobody looked"},
		{"of an import", outbound.NewRules(true), func(*public) {}, func(d *press.Draft) {
			d.Silent, d.SourceURL, d.Identity = true, "https://old.example/1", "https://old.example/1"
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPublic(t)
			p.rules = tt.rules
			l := p.looker()
			a := p.publish("Treaty on harbours signed", tt.change)
			tt.before(p)
			p.round(l)
			var s sightings.Sighting
			err := p.store.View(t.Context(), func(tx *storage.Tx) error {
				entries, err := tx.EntriesOf(a.ID)
				if err == nil {
					s, err = tx.Sighting(entries[0].Seq)
				}
				return err
			})
			if (err == nil) != (tt.why != "") || !strings.Contains(s.Page.Fault, tt.why) || !s.Next.IsZero() || p.asked > 0 {
				t.Errorf("%+v, %v; asked %d times", s, err, p.asked)
			}
		})
	}
}

// TestRun looks by itself, and ends when it is told to.
func TestRun(t *testing.T) {
	t.Parallel()
	p := newPublic(t)
	l := p.looker()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx)
	}()
	p.publish("Treaty on harbours signed")
	for {
		p.mu.Lock()
		asked := p.asked
		p.mu.Unlock()
		if asked == 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-ended
}
