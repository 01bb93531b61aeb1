package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

const (
	idleFor   = 8 * time.Hour   // without a request a session ends
	endsAfter = 24 * time.Hour  // in any case
	seenEvery = 5 * time.Minute // is how exactly the last request is known
)

// What a session holds.
const (
	keyPerson = "person" // an id
	keyEpoch  = "epoch"  // of the person, when they signed in
	keyBegan  = "began"  // Unix time, as all that follow
	keySeen   = "seen"
	keyFactor = "factor" // when the second factor was shown; 0 if it was not
	keyOffer  = "offer"  // a secret for one-time passwords that is being set up
	// keyChallenge is what the answer to a challenge for a passkey is held against.
	keyChallenge = "challenge"
	// keyJourney is what the answer of the provider of identities is held against.
	keyJourney = "journey"
)

// newSessions makes what keeps sessions.
func (d *Desk) newSessions() *scs.SessionManager {
	// It is not made by scs.New, which starts a cleaner of a store in memory that nobody stops.
	return &scs.SessionManager{
		Lifetime: endsAfter, Store: sessionStore{d.Store}, Codec: scs.GobCodec{}, ErrorFunc: d.sessionFailed, HashTokenInStore: true,
		Cookie: scs.SessionCookie{Name: d.cookieName("desk"), HttpOnly: true, Path: d.base + "/", SameSite: http.SameSiteLaxMode, Secure: d.secure},
	}
}

// cookieName binds a cookie to its host where that can be (RFC 6265bis §4.1.3.2): below a path
// others share the host, and it is bound to https alone (§4.1.3.1).
func (d *Desk) cookieName(name string) string {
	switch {
	case d.secure && d.base == "":
		return "__Host-" + name
	case d.secure:
		return "__Secure-" + name
	}
	return name
}

// sessionStore keeps sessions in the site's store, by the hashes that it is handed.
type sessionStore struct{ store *storage.Store }

var _ scs.CtxStore = sessionStore{}

func (s sessionStore) FindCtx(ctx context.Context, hash string) (data []byte, found bool, err error) {
	err = s.store.View(ctx, func(tx *storage.Tx) error {
		data, err = tx.Session(hash)
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx keeps a session until it has been idle: when it ends in any case is known by
// what it holds.
func (s sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, until time.Time) error {
	lasts := min(idleFor, time.Until(until)) // nobody has signed in yet where it is short
	return s.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.PutSession(hash, data, tx.Now().Add(lasts))
	})
}

func (s sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return s.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.EndSession(hash)
	})
}

// Find, Commit and Delete are for scs.Store, which asks by the three above.

func (s sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

func (s sessionStore) Commit(hash string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, until)
}

func (s sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// visit is a request of somebody who has signed in.
type visit struct {
	newsroom.Known
	Room   newsroom.Desk // in their name
	factor time.Time     // when they showed their second factor; zero if they did not
	// zone is where they are; nil if they have not said, or it is known no longer.
	zone *time.Location
	// invented is that they are one of [Options.Invented], who have no second factor.
	invented bool
}

// fresh tells whether the second factor was shown a short while ago.
func (v *visit) fresh(now time.Time) bool {
	return v.invented || !v.factor.IsZero() && now.Sub(v.factor) < freshFor && !now.Before(v.factor)
}

// needsFactor tells whether their roles take a second factor.
func (v *visit) needsFactor() bool { return v.MayAnywhere(people.Strict()...) }

// lacksFactor tells whether they have none, though their roles take one.
func (v *visit) lacksFactor() bool {
	return v.needsFactor() && !v.HasFactor() && v.factor.IsZero() && !v.invented
}

// whole tells whether they have shown all that they sign in by: whoever has passkeys may have
// shown a password alone.
func (v *visit) whole() bool { return !v.HasFactor() || !v.factor.IsZero() }

// visitKey is of the visit in the context of a request.
type visitKey struct{}

// visitOf is whose request it is; nil of somebody who has not signed in.
func visitOf(r *http.Request) *visit {
	v, _ := r.Context().Value(visitKey{}).(*visit)
	return v
}

// recognised finds whose session it is, and ends one that counts no longer.
func (d *Desk) recognised(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := d.visit(r)
		if err != nil {
			d.fail(w, r, err)
			return
		}
		if v != nil {
			r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		}
		next.ServeHTTP(w, r)
	})
}

func (d *Desk) visit(r *http.Request) (*visit, error) {
	ctx, now := r.Context(), d.Store.Now()
	id := d.sessions.GetString(ctx, keyPerson)
	if id == "" {
		return nil, nil
	}
	k, err := d.Room.KnownByID(ctx, id)
	switch {
	case err != nil && !errors.Is(err, press.ErrNotFound):
		return nil, err
	case err != nil, k.Epoch != d.sessions.GetInt64(ctx, keyEpoch), now.Sub(d.at(ctx, keyBegan)) >= endsAfter:
		return nil, d.sessions.Destroy(ctx)
	}
	if now.Sub(d.at(ctx, keySeen)) >= seenEvery {
		d.sessions.Put(ctx, keySeen, now.Unix())
	}
	room := d.roomOf(r, k.Login)
	room.Person = k.Person
	v := &visit{Known: k, Room: room, factor: d.at(ctx, keyFactor), invented: slices.Contains(d.Invented, k.Login)}
	if k.Zone != "" {
		if zone, err := time.LoadLocation(k.Zone); err == nil {
			v.zone = zone
		}
	}
	return v, nil
}

// at reads a time that the session holds; zero if it holds none.
func (d *Desk) at(ctx context.Context, key string) time.Time {
	if unix := d.sessions.GetInt64(ctx, key); unix != 0 {
		return time.Unix(unix, 0)
	}
	return time.Time{}
}

// roomOf is the newsroom in the name of somebody who makes a request.
func (d *Desk) roomOf(r *http.Request, login string) newsroom.Desk {
	room := d.Room
	room.Author = newsroom.Author{Name: login, Via: newsroom.Browser, Network: web.ClientOf(r.RemoteAddr, d.Access)}
	return room
}

// begin begins a session of somebody who has shown who they are, and their second factor when
// it is said, or not, under a token that nobody has had.
func (d *Desk) begin(ctx context.Context, id string, epoch int64, factor time.Time) error {
	if err := d.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now := d.Store.Now().Unix()
	d.sessions.Put(ctx, keyPerson, id)
	d.sessions.Put(ctx, keyEpoch, epoch)
	d.sessions.Put(ctx, keyBegan, now)
	d.sessions.Put(ctx, keySeen, now)
	if !factor.IsZero() {
		d.sessions.Put(ctx, keyFactor, factor.Unix())
	}
	d.sessions.SetDeadline(ctx, time.Now().Add(endsAfter))
	return nil
}
