package federation

import (
	"context"
	"fmt"
	"sync"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/press"
)

// Sender returns what delivers the ministry's entries and answers.
func (s *Server) Sender() delivery.Sender {
	return &sender{server: s, bodies: map[message]*body{}}
}

// sender renders each activity once, however many inboxes it goes to, and
// signs it anew at each attempt.
type sender struct {
	server *Server

	mu     sync.Mutex
	bodies map[message]*body
	order  []message // oldest first
}

// message names an activity: what it says of which state.
type message struct {
	verb delivery.Verb
	seq  press.Seq
}

// body is a rendered activity, made by the first who asks.
type body struct {
	once   sync.Once
	text   []byte
	digest string
	err    error
}

// maxBodies bounds the cache; a fan-out works on a handful of entries at a time.
const maxBodies = 64

// Send implements [delivery.Sender].
func (d *sender) Send(ctx context.Context, to storage.Destination, step delivery.Step) error {
	b := d.body(message{step.Verb, step.Entry.Seq})
	b.once.Do(func() { b.text, b.err = d.render(ctx, step); b.digest = signature.Digest(b.text) })
	if b.err != nil {
		d.forget(message{step.Verb, step.Entry.Seq}, b)
		return fmt.Errorf("render %s of entry %d: %w", step.Verb, step.Entry.Seq, b.err)
	}
	return d.post(ctx, to.URL, b.text, b.digest)
}

// SendDirected implements [delivery.Sender].
func (d *sender) SendDirected(ctx context.Context, m storage.Directed) error {
	return d.post(ctx, m.Inbox, m.Body, signature.Digest(m.Body))
}

func (d *sender) render(ctx context.Context, step delivery.Step) ([]byte, error) {
	if step.Verb == delivery.Profile {
		actor, err := d.server.ministryActor()
		if err != nil {
			return nil, err
		}
		id := d.server.Site.Activity(step.Entry.Seq, string(delivery.Profile))
		return vocab.Marshal(vocab.NewActorUpdate(id, step.Entry.At, actor))
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

func (d *sender) body(m message) *body {
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

// forget drops a rendering that failed, so that the next attempt tries again.
func (d *sender) forget(m message, failed *body) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bodies[m] == failed {
		d.bodies[m] = &body{}
	}
}

func (d *sender) post(ctx context.Context, inbox string, text []byte, digest string) error {
	answer, err := d.server.remote.Post(ctx, inbox, text, digest, d.server.key)
	if err != nil {
		return &delivery.Failure{Verdict: delivery.Later, Detail: err.Error()}
	}
	verdict := delivery.Judge(answer.Status)
	if verdict == delivery.Settled {
		return nil
	}
	return &delivery.Failure{Verdict: verdict, Status: answer.Status, RetryAfter: answer.RetryAfter, Detail: answer.Excerpt}
}
