package federation

import (
	"context"
	"crypto"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/hearsay"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// InstanceName is the user name of the actor that signs our fetches. No other
// actor can have it.
const InstanceName = "instance"

// Options configure a [Server].
type Options struct {
	Store *storage.Store
	Site  press.Site
	// Author is the actor that publishes everything; Announcers announce what
	// falls under them.
	Author     Profile
	Announcers []Profile
	// Rendition is the type of object that articles are published as from now on.
	Rendition newsdesk.Rendition
	Quotes    Quotes
	// Collections says whose collections of accounts may list our actors, in the words
	// of Quotes.
	Collections Quotes
	// NoteImage attaches the first picture of an article to its Note.
	NoteImage bool
	// Passphrase decrypts the actors' keys; nil if they are not encrypted.
	Passphrase *signature.Passphrase
	// RSA makes the signatures with RSA keys; nil is [signature.GoRSA].
	RSA signature.RSA
	// Network takes the place of the machine's; nil is that.
	Network *remote.Network
	// Spread draws where a delay lies in its bounds, from [0,1); nil draws by chance.
	Spread   func() float64
	Version  string // of the program, for NodeInfo and User-Agent
	Loopback bool   // peers are on this machine, over plain http
	// Private are networks of the institution's own that peers may be in, too.
	Private []netip.Prefix
	// Verified and Unverified are those of [moderation.Limits.Most], and Fetches how often
	// one domain is asked in a minute; zero is the default of each.
	Verified, Unverified, Fetches int
	// Held is set if nothing is to leave: a message whose sender's key is not known is to be
	// sent again later.
	Held bool
	// Replies says what happens to replies to articles.
	Replies moderation.Replies
	Log     *slog.Logger
	// Noted is told of each follow and of the end of each; Signed how long each signature
	// took, and by which key. Both may be nil, and are called from many goroutines.
	Noted  func(Event)
	Signed func(key signature.Key, took time.Duration)
}

// Event is what somebody in the fediverse did that an operator counts.
type Event string

// The events.
const (
	Followed   Event = "follow"
	Unfollowed Event = "unfollow"
)

// Server answers the fediverse. It is safe for concurrent use.
type Server struct {
	Options
	actors []localActor // the author first, the instance's last
	keys   *ownKeys
	remote *remote.Client
	limits *moderation.Limits
	// hearsay is the log of what others cause.
	hearsay *hearsay.Log
	follows *hearsay.Log // apart: many of them leave no failure out
	crowd   *crowd
	recent  recentHosts
	ed25519 *ed25519Hosts
	// departures are said to be gone and wait to be looked at; decoy takes the place
	// of a key that is not known.
	departures chan departure
	looks      looks
	decoy      crypto.PublicKey
	totals     totals
	// supposed are follows of our actors that others tell of.
	supposed *suppositions
	// readers are those that signed what they fetched.
	readers *readers
	shown   sync.Map // the last document of each actor, by name
}

// New makes a server. It reads the actors' keys from the store and adds the
// Ed25519 keys that are missing; press.ErrNotFound if an actor has no RSA key.
func New(ctx context.Context, o Options) (*Server, error) {
	if o.Spread == nil {
		o.Spread = rand.Float64
	}
	s := &Server{Options: o, actors: localActors(o), crowd: &crowd{store: o.Store}, readers: newReaders(), supposed: newSuppositions(), keys: &ownKeys{store: o.Store, site: o.Site, passphrase: o.Passphrase}}
	if err := s.keys.load(ctx); err != nil {
		return nil, err
	}
	if err := s.keys.addMissing(ctx, s.actors); err != nil {
		return nil, fmt.Errorf("add missing keys of actors: %w", err)
	}
	if err := o.Store.Update(ctx, func(tx *storage.Tx) error { return tx.SetRendition(o.Rendition) }); err != nil {
		return nil, err
	}
	fetching, _, err := s.keys.now(ctx, InstanceName)
	if err != nil {
		return nil, err
	}
	var schemes map[string]signature.Scheme
	var runs map[string]deliveries.Software
	err = o.Store.View(ctx, func(tx *storage.Tx) (err error) {
		if schemes, err = readSchemes(tx); err != nil {
			return err
		}
		if runs, err = tx.SoftwareByHost(); err != nil {
			return err
		}
		s.ed25519, err = newEd25519Hosts(tx, runs)
		return err
	})
	if err != nil {
		return nil, err
	}
	for host, software := range runs {
		s.keys.keepsOneKey(host, habits[software.Name].oneKey)
	}
	s.departures, s.decoy = make(chan departure, maxDepartures), decoyOf(newestOf(fetching))
	s.hearsay, s.follows = hearsay.New(o.Log, o.Store.Now), hearsay.New(o.Log, o.Store.Now)
	s.limits = moderation.NewLimits(o.Loopback, o.Store.Now).Most(o.Verified, o.Unverified).Among(o.Store.Servers)
	s.remote = remote.New(remote.Options{
		Loopback:  o.Loopback,
		Private:   o.Private,
		Held:      o.Held,
		UserAgent: fmt.Sprintf("communique/%s (+%s/)", o.Version, o.Site.Base),
		Keys:      s.fetchingKeys,
		RSA:       o.RSA,
		Network:   o.Network,

		FetchesPerMinute: o.Fetches,
		Now:              o.Store.Now,
		Schemes:          schemes,
		Learned:          s.learnScheme,
		Refuse:           s.refuse,
		Signed:           o.Signed,
	})
	return s, nil
}

// Close ends idle connections.
func (s *Server) Close() { s.remote.Close() }

// Routes adds the addresses that the fediverse asks for to a router. handle turns
// a handler that returns an error into one that answers it.
func (s *Server) Routes(r chi.Router, handle func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc) {
	r.Get("/.well-known/webfinger", handle(s.webfinger))
	r.Get("/.well-known/host-meta", handle(s.hostMeta))
	r.Get("/.well-known/nodeinfo", handle(s.nodeInfoIndex))
	r.Get("/nodeinfo/2.1", handle(s.nodeInfo))

	r.Get("/actors/{actor}", handle(s.actor))
	r.Get("/actors/{actor}/outbox", handle(s.outbox))
	r.Get("/actors/{actor}/followers", handle(s.followers))
	r.Get("/actors/{actor}/following", handle(s.following))
	r.Get("/actors/{actor}/"+synchronizationPath, handle(s.followersAtAsker))
	r.Get("/actors/{actor}/announces/{seq}", handle(s.announced))
	for _, inbox := range []string{"/actors/{actor}/inbox", "/ap/inbox"} {
		r.Post(inbox, handle(s.inbox))
		r.Get(inbox, handle(func(http.ResponseWriter, *http.Request) error { return ErrPostOnly }))
	}

	r.Get("/actors/{actor}/featured", handle(s.featured))
	r.Get("/actors/{actor}/tags", handle(s.featuredTags))

	r.Get("/ap/articles/{id}", handle(s.object))
	r.Get("/ap/articles/{id}/likes", handle(s.likes))
	r.Get("/ap/articles/{id}/shares", handle(s.shares))
	r.Get("/ap/articles/{id}/replies", handle(s.replies))
	r.Get("/ap/quotes/{token}", handle(s.quote))
	r.Get("/ap/features/{token}", handle(s.feature))
	r.Get("/ap/activities/{seq}/{verb}", handle(s.activity))
}

// write answers with an ActivityStreams document. Caches may keep it for a short
// while: every server that gets a post fetches it.
func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, d vocab.Document) error {
	body, err := vocab.Marshal(d)
	if err != nil {
		return err
	}
	return writeBody(w, r, status, vocab.MediaType, body)
}

func writeBody(w http.ResponseWriter, r *http.Request, status int, mediaType string, body []byte) error {
	w.Header().Set("Cache-Control", "public, max-age=60")
	return writeContent(w, r, status, mediaType, body)
}

func writeContent(w http.ResponseWriter, r *http.Request, status int, mediaType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(body) // the client may have gone; there is nobody left to tell
	return nil
}
