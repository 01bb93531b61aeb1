package demo

import (
	"bytes"
	"context"
	_ "embed" // the page
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
)

//go:embed follower.html
var followerPage string

// maxReceived bounds what the follower remembers and shows.
const maxReceived = 100

// Follower is the smallest server that can follow: one actor, one inbox, and a
// page that shows what arrived there and whether its signature verifies. It is
// for looking at; a fediverse server does far more.
type Follower struct {
	base   string
	key    signature.Key
	public string // PEM
	remote *remote.Client
	log    *slog.Logger
	page   *template.Template

	mu       sync.Mutex
	follows  string // the actor, once its Accept has arrived
	received []Received
}

// Received is a message that arrived, as the page shows it.
type Received struct {
	At       time.Time
	Type     string
	ID       string
	Object   string
	Content  template.HTML // of the post; the demo's own ministry wrote it
	Verified bool
	Problem  string
	Raw      string
}

// NewFollower makes a follower that is reached at a base URL. Its key is drawn
// afresh.
func NewFollower(base string, log *slog.Logger) (*Follower, error) {
	private, err := signature.NewPrivateKey()
	if err != nil {
		return nil, err
	}
	public, err := signature.EncodePublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	page, err := template.New("follower").Parse(followerPage)
	if err != nil {
		return nil, fmt.Errorf("the follower's page: %w", err)
	}
	f := &Follower{base: base, public: public, log: log, page: page}
	f.key = signature.Key{ID: f.id() + "#main-key", Private: private}
	f.remote = remote.New(remote.Options{Loopback: true, UserAgent: "communique-demo-follower", Key: f.key, Now: time.Now})
	return f, nil
}

// Close ends idle connections.
func (f *Follower) Close() { f.remote.Close() }

func (f *Follower) id() string { return f.base + "/actor" }

// Handler serves the follower's actor, inbox and page.
func (f *Follower) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", f.show)
	mux.HandleFunc("GET /actor", f.actor)
	mux.HandleFunc("POST /inbox", f.inbox)
	return mux
}

// Follow asks an actor to be followed.
func (f *Follower) Follow(ctx context.Context, actor string) error {
	found, err := f.remote.FetchActor(ctx, actor)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", actor, err)
	}
	text, err := vocab.Marshal(vocab.NewFollow(vocab.Follow{ID: f.base + "/follows/1", Actor: f.id(), Object: actor}))
	if err != nil {
		return err
	}
	return f.post(ctx, found.Inbox, text)
}

// Answer replies to an article of an actor.
func (f *Follower) Answer(ctx context.Context, actor, article, says string) error {
	found, err := f.remote.FetchActor(ctx, actor)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", actor, err)
	}
	note := map[string]any{
		"id": f.base + "/notes/1", "type": "Note", "attributedTo": f.id(), "inReplyTo": article, "content": "<p>" + html.EscapeString(says) + "</p>",
		"published": time.Now().UTC().Format(time.RFC3339), "to": []string{vocab.Public}, "cc": []string{actor},
	}
	text, err := json.Marshal(map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": f.base + "/creates/1", "type": vocab.TypeCreate, "actor": f.id(), "to": note["to"], "object": note,
	})
	if err != nil {
		return err
	}
	return f.post(ctx, found.Inbox, text)
}

// post sends an activity to an inbox, which has to take it.
func (f *Follower) post(ctx context.Context, inbox string, text []byte) error {
	answer, err := f.remote.Post(ctx, remote.Delivery{Inbox: inbox, Body: text, Digest: signature.Digest(text)}, remote.Ladder{Key: f.key})
	if err != nil {
		return fmt.Errorf("send to %s: %w", inbox, err)
	}
	if answer.Status != http.StatusAccepted {
		return fmt.Errorf("send to %s: status %d: %s", inbox, answer.Status, answer.Excerpt)
	}
	return nil
}

func (f *Follower) actor(w http.ResponseWriter, _ *http.Request) {
	text, err := vocab.Marshal(vocab.Actor{
		ID: f.id(), Type: vocab.TypePerson, PreferredUsername: "reader", Name: "A reader",
		Inbox: f.base + "/inbox", Outbox: f.base + "/outbox",
		PublicKey: vocab.ActorKey{ID: f.key.ID, Owner: f.id(), PEM: f.public},
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", vocab.MediaType)
	_, _ = w.Write(text) // the reader may have gone
}

// inbox takes what is signed by whom it follows.
func (f *Follower) inbox(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	activity, err := vocab.ReadActivity(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	problem := f.verify(r, text, activity)
	f.remember(activity, text, problem)
	if problem != nil {
		f.log.Warn("the follower got what does not verify", "id", activity.ID, "error", problem)
		http.Error(w, problem.Error(), http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (f *Follower) verify(r *http.Request, text []byte, a vocab.Incoming) error {
	signed, err := signature.Parse(r, text, f.base, time.Now())
	if err != nil {
		return err
	}
	key, err := f.remote.FetchKey(r.Context(), signed.KeyID)
	if err != nil {
		return err
	}
	if key.Owner != a.Actor {
		return fmt.Errorf("signed by %s, not by %s", key.Owner, a.Actor)
	}
	return signed.Verify(key.Public)
}

func (f *Follower) remember(a vocab.Incoming, text []byte, problem error) {
	got := Received{At: time.Now(), Type: a.Type, ID: a.ID, Verified: problem == nil, Raw: indent(text)}
	if problem != nil {
		got.Problem = problem.Error()
	}
	if object, ok := a.Object(); ok {
		got.Object = object.ID
		got.Content = contentOf(object.Raw)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if a.Type == vocab.TypeAccept && problem == nil {
		f.follows = a.Actor
	}
	f.received = append(f.received, got)
	if len(f.received) > maxReceived {
		f.received = slices.Clone(f.received[1:])
	}
}

func indent(text []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return string(text)
	}
	return b.String()
}

func contentOf(raw json.RawMessage) template.HTML {
	var object struct {
		Content string `json:"content"`
	}
	if raw == nil || json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return template.HTML(object.Content) //nolint:gosec // from the demo's own ministry, on this machine
}

// Received returns what arrived, newest first, and whom the follower follows.
func (f *Follower) Received() ([]Received, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.Clone(f.received)
	slices.Reverse(all)
	return all, f.follows
}

func (f *Follower) show(w http.ResponseWriter, _ *http.Request) {
	received, follows := f.Received()
	var b bytes.Buffer
	err := f.page.Execute(&b, struct {
		Follows  string
		Received []Received
	}{follows, received})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}
