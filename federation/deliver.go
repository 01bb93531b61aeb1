package federation

import (
	"context"
	"fmt"
	"math"
	"sync"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// Sender returns a sender for the entries of our actors, and for their answers. One
// serves all of them, because it caches what it has rendered.
func (s *Server) Sender() *Sender {
	return &Sender{server: s, followers: newFollowersAt(s.Store), bodies: map[message]*body{}}
}

// Sender implements [delivery.Sender] and [delivery.Messenger]. It renders each
// activity once, however many inboxes it goes to, and signs it for each attempt.
type Sender struct {
	server    *Server
	followers *followersAt

	mu     sync.Mutex
	bodies map[message]*body
	order  []message // oldest first
}

// message identifies an activity: which actor says what, as of which entry.
type message struct {
	by   string // the actor's id
	verb delivery.Verb
	seq  press.Seq
}

// body is a rendered activity, made by the first delivery that needs it.
type body struct {
	once   sync.Once
	text   []byte
	digest string
	again  bool // is sent once more later
	err    error
}

// maxBodies bounds the cache; a fan-out works on a handful of entries at a time.
const maxBodies = 64

// Send implements [delivery.Sender].
func (d *Sender) Send(ctx context.Context, to deliveries.Destination, step delivery.Step) error {
	by, err := d.signer(to.Source, step)
	if err != nil {
		return err
	}
	b, err := d.rendered(ctx, by, step)
	if err != nil {
		return err
	}
	ofActor := step.Verb == delivery.Profile || step.Verb == delivery.Move
	err = d.post(ctx, by, parcel{
		inbox: to.URL, text: b.text, digest: b.digest, seq: step.Settles, failures: to.Failures, toFollowers: true, tellsOfKeys: ofActor,
	})
	switch {
	case err != nil:
	case ofActor:
		d.server.tell(ctx, by.Name, press.HostOf(to.URL), step.Entry.Seq)
	case b.again:
		d.repeatLater(ctx, by, to, step.Entry)
	}
	return err
}

// rendered is what a step says, rendered by the first who needs it.
func (d *Sender) rendered(ctx context.Context, by localActor, step delivery.Step) (*body, error) {
	m := message{by.id, step.Verb, step.Entry.Seq}
	b := d.body(m)
	// Others wait for it, so the one that began must not take it along when it is given up.
	b.once.Do(func() {
		ctx := context.WithoutCancel(ctx)
		if b.text, b.err = d.renderOnce(ctx, by, step); b.err == nil && step.Verb == delivery.Update {
			b.again, b.err = d.correctedTwice(ctx, step.Entry)
		}
		b.digest = signature.Digest(b.text)
	})
	if b.err != nil {
		d.forget(m, b)
		return nil, fmt.Errorf("render %s of entry %d: %w", step.Verb, step.Entry.Seq, b.err)
	}
	return b, nil
}

// SendDirected implements [delivery.Messenger].
func (d *Sender) SendDirected(ctx context.Context, m deliveries.Directed) error {
	by, ok := d.server.actorBySource(m.Source)
	if !ok {
		return fmt.Errorf("no actor speaks for %s", m.Source)
	}
	if m.Entry != 0 {
		return d.repeat(ctx, by, m)
	}
	return d.post(ctx, by, parcel{inbox: m.Inbox, text: m.Body, digest: signature.Digest(m.Body), seq: besideTheLog, failures: m.Failures})
}

// signer returns the actor that sends a step to a source's destination. About an
// article that is its author, also to those who have it from another actor; otherwise
// it is the actor that the entry is about, or that is followed there. An actor that is
// no longer configured never sends anything: retrying would hold back for weeks what
// the author withdraws later.
func (d *Sender) signer(source string, step delivery.Step) (localActor, error) {
	switch step.Verb {
	case delivery.Profile, delivery.Move:
		source = publog.ActorSource(step.Entry.Actor)
	case delivery.Announce:
	default:
		return d.server.authorActor(), nil
	}
	by, ok := d.server.actorBySource(source)
	if !ok {
		return by, &delivery.Failure{Verdict: delivery.Refused, Detail: "no actor speaks for " + source}
	}
	return by, nil
}

// renderOnce renders a step unless that was done before, be it by another server of this
// site or by one of another version or configuration: two programs that are upgraded one
// after the other must not say the same thing in two ways. So the bytes of the first are
// kept for as long as anything may be sent, and everybody sends those.
func (d *Sender) renderOnce(ctx context.Context, by localActor, step delivery.Step) ([]byte, error) {
	activity := deliveries.Activity{Actor: by.id, Verb: string(step.Verb), Seq: step.Entry.Seq}
	var body string
	err := d.server.Store.View(ctx, func(tx *storage.Tx) (err error) {
		body, err = tx.Body(activity)
		return err
	})
	if err != nil || body != "" {
		return []byte(body), err
	}
	text, err := d.render(ctx, by, step)
	if err != nil {
		return nil, err
	}
	err = d.server.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		tx.Quiet()
		body, err = tx.KeepBody(activity, string(text))
		return err
	})
	return []byte(body), err
}

func (d *Sender) render(ctx context.Context, by localActor, step delivery.Step) ([]byte, error) {
	switch step.Verb {
	case delivery.Profile, delivery.Move:
		return d.renderActor(ctx, by, step)
	case delivery.Announce:
		return vocab.Marshal(d.server.announce(by, step.Entry))
	}
	var said statement
	err := d.server.Store.View(ctx, func(tx *storage.Tx) (err error) {
		said, err = entryStatement(tx, step.Entry)
		return err
	})
	if err != nil {
		return nil, err
	}
	activity, err := d.server.author().activity(step.Verb, step.Entry, said)
	if err != nil {
		return nil, err
	}
	return vocab.Marshal(activity)
}

// renderActor renders an actor's profile or move as it is now. Every later change
// appends an entry of its own, so nothing is missed.
func (d *Sender) renderActor(ctx context.Context, by localActor, step delivery.Step) ([]byte, error) {
	actor, state, err := d.server.currentDocument(ctx, by)
	if err != nil {
		return nil, err
	}
	id := d.server.Site.Activity(step.Entry.Seq, string(step.Verb))
	if step.Verb == delivery.Move {
		return vocab.Marshal(vocab.NewMove(id, by.id, by.followers(), state.MovedTo, step.Entry.At))
	}
	return vocab.Marshal(vocab.NewActorUpdate(id, step.Entry.At, actor))
}

func (d *Sender) body(m message) *body {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.bodies[m]; ok {
		return b
	}
	if len(d.order) >= maxBodies {
		delete(d.bodies, d.order[0])
		d.order = d.order[1:]
	}
	b := &body{}
	d.bodies[m] = b
	d.order = append(d.order, m)
	return b
}

// forget drops a rendering that failed, so that the next attempt renders it again.
func (d *Sender) forget(m message, failed *body) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bodies[m] == failed {
		d.bodies[m] = &body{}
	}
}

// parcel is what is posted to an inbox.
type parcel struct {
	inbox    string
	text     []byte
	digest   string
	seq      press.Seq // the keys must be those of the log up to here, or up to now
	failures int       // of earlier attempts
	// toFollowers: it goes to all whom the inbox serves, and not to one of them.
	toFollowers bool
	// tellsOfKeys: what a host learns a key from is signed with one that all know.
	tellsOfKeys bool
}

// besideTheLog is the seq of what goes out beside the log.
const besideTheLog press.Seq = math.MaxInt64

// post delivers with the key that the host knows, and if that is refused with the
// other one.
func (d *Sender) post(ctx context.Context, by localActor, p parcel) error {
	host := press.HostOf(p.inbox)
	ladder, err := d.server.keys.ladder(ctx, by.Name, host, p.seq)
	if err != nil {
		return err
	}
	ladder.Failures = p.failures
	ladder.Taken = func(key signature.Key) { d.server.keys.taken.note(by.Name, host, key, d.server.Store.Now()) }
	if !p.tellsOfKeys && d.server.ed25519.take(host, d.server.Store.Now()) {
		if ladder.Ed25519, err = d.server.keys.ed25519(by.Name); err != nil {
			return err
		}
		ladder.RefusedEd25519 = func() { d.server.refuseEd25519(ctx, host) }
	}
	message := remote.Delivery{Inbox: p.inbox, Body: p.text, Digest: p.digest}
	if p.toFollowers {
		if message.Synchronization, err = d.synchronization(ctx, by, host); err != nil {
			return err
		}
	}
	answer, err := d.server.remote.Post(ctx, message, ladder)
	if err != nil {
		return &delivery.Failure{Verdict: delivery.Later, Detail: err.Error()}
	}
	verdict := delivery.Judge(answer.Status)
	if verdict == delivery.Settled {
		return nil
	}
	return &delivery.Failure{Verdict: verdict, Status: answer.Status, RetryAfter: answer.RetryAfter, Detail: answer.Excerpt}
}
