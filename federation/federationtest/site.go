package federationtest

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"communique/federation"
	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/storagetest/engines"
)

// Base is the address of every [Site].
const Base = "https://press.mfa.example"

// Noon is when the clock of every [Site] begins.
var Noon = time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC)

// Author is the user name of every site's author.
const Author = "ministry"

// Site is a federation.Server over a store of its own.
type Site struct {
	Store  *storage.Store
	Clock  *clocktest.Clock
	Server *federation.Server
	// Options are those that the server was made with.
	Options federation.Options
	// Section is where articles are filed.
	Section press.SectionID
	// Log is what the server has logged. Read it when nothing is under way.
	Log *bytes.Buffer

	t      testing.TB
	open   func(storage.Clock) (*storage.Store, error)
	router chi.Router
}

// NewSite makes a site with an author and whatever else a test configures. The
// announcers of the configuration announce everything in their language.
func NewSite(t testing.TB, configure ...func(*federation.Options)) *Site {
	t.Helper()
	s := &Site{t: t, Clock: clocktest.At(Noon), Log: &bytes.Buffer{}, open: engines.Chosen(t)}
	s.Store = s.Open()
	s.Options = federation.Options{
		Store: s.Store, Site: press.Site{Base: Base, Tag: "mfa.example,2031"},
		Author: federation.Profile{
			Name: Author, DisplayName: "Ministry of Foreign Affairs", Summary: "What we say.",
			Home: Base + "/en/", Published: Noon, Language: "en",
		},
		Rendition: newsdesk.AsNote, Quotes: federation.QuotesAnyone, Version: "1.2.3", Loopback: true,
		Replies: moderation.RepliesReview, Log: slog.New(slog.NewTextHandler(s.Log, nil)),
	}
	for _, c := range configure {
		c(&s.Options)
	}
	s.Update(s.install)
	s.Start()
	return s
}

// install stores what init does: sources, keys and a section.
func (s *Site) install(tx *storage.Tx) error {
	source := publog.Source{Name: publog.ActorSource(s.Options.Author.Name), Kind: publog.Author}
	if err := tx.AddSource(source); err != nil {
		return err
	}
	for _, p := range s.Options.Announcers {
		source := publog.Source{Name: publog.ActorSource(p.Name), Kind: publog.Announcer, Section: press.Root, Language: p.Language}
		if err := tx.AddSource(source); err != nil {
			return err
		}
	}
	for _, p := range append([]federation.Profile{s.Options.Author, {Name: federation.InstanceName}}, s.Options.Announcers...) {
		for name, key := range map[string]crypto.Signer{actors.KeyMain: Key(s.t, 0), actors.KeyEd25519: newEd25519(s.t)} {
			text, err := signature.EncodePrivateKey(key)
			if err != nil {
				return err
			}
			if err := tx.AddSigningKey(p.Name, name, text); err != nil {
				return err
			}
		}
	}
	section, err := tx.AddSection(press.Root, "statements", "en", "Statements")
	s.Section = section.ID
	return err
}

// Start makes the server anew from the options as they are now, as when the
// program is started again.
func (s *Site) Start() {
	s.t.Helper()
	server, err := federation.New(s.t.Context(), s.Options)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(server.Close)
	s.Server, s.router = server, chi.NewRouter()
	s.router.Use(middleware.GetHead)
	server.Routes(s.router, func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				*r.Context().Value(failure{}).(*error) = err
			}
		}
	})
}

// Open opens the site's database once more, as another process does.
func (s *Site) Open() *storage.Store {
	s.t.Helper()
	store, err := s.open(s.Clock)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := store.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return store
}

// Update writes to the store.
func (s *Site) Update(fn func(*storage.Tx) error) {
	s.t.Helper()
	if err := s.Store.Update(context.Background(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// View reads from the store.
func (s *Site) View(fn func(*storage.Tx) error) {
	s.t.Helper()
	if err := s.Store.View(context.Background(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// failure is the key of a request's context under which a handler's error is put.
type failure struct{}

// RoundTrip implements [http.RoundTripper]: the site answers, or the error is the
// handler's. The header X-Forwarded-For names the client, 192.0.2.1:1 without it.
func (s *Site) RoundTrip(r *http.Request) (*http.Response, error) {
	var err error
	in := r.Clone(context.WithValue(r.Context(), failure{}, &err))
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if client := r.Header.Get("X-Forwarded-For"); client != "" {
		in.RemoteAddr = client
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	s.router.ServeHTTP(w, in)
	if err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// Client speaks to the site and follows no redirect.
func (s *Site) Client() *http.Client {
	return &http.Client{Transport: s, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Answer is what the site answers.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // the handler's; nothing else is set then
}

// Fields is the answer's document; nil if it is not JSON.
func (a Answer) Fields() (fields map[string]any) {
	if json.Unmarshal(a.Body, &fields) != nil {
		return nil
	}
	return fields
}

// Get asks the site for a path, or an address of its own, with headers given as
// names and values in turn.
func (s *Site) Get(path string, headers ...string) Answer {
	return s.Ask(http.MethodGet, path, headers...)
}

// Ask is [Site.Get] by another method.
func (s *Site) Ask(method, address string, headers ...string) Answer {
	s.t.Helper()
	if address[0] == '/' {
		address = Base + address
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	answer, err := s.RoundTrip(r)
	if err != nil {
		return Answer{Err: err}
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return Answer{Status: answer.StatusCode, Header: answer.Header, Body: body}
}

// NewPeer makes a server of the fediverse that knows the site's clock.
func (s *Site) NewPeer() *Peer {
	s.t.Helper()
	return NewPeer(s.t, s.Client(), s.Clock.Now)
}

// Actor is the id of an actor of the site.
func (s *Site) Actor(name string) string { return s.Options.Site.Actor(name) }

// Inbox is the address of the site's shared inbox.
func (s *Site) Inbox() string { return s.Options.Site.SharedInbox() }

// Later lets a minute pass, at whose end numbers of reactions are renewed.
func (s *Site) Later() { s.Clock.Pass(time.Minute) }
