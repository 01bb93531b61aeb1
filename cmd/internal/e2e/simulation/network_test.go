package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// fault is what is wrong with the way to a server, or with the server.
type fault string

const (
	none     fault = "none"
	silent   fault = "silent"   // nothing arrives, and nothing comes back
	refusing fault = "refusing" // nobody listens
	deaf     fault = "deaf"     // all arrives, and no answer comes back
	failing  fault = "failing"  // it answers 503 to all, and takes nothing
)

var faults = []fault{silent, refusing, deaf, failing}

// wire is the network as one life of the house has it: when that is over, nothing goes
// out any more.
type wire struct{ h *house }

var (
	errDead    = errors.New("the program is dead")
	errRefused = errors.New("connection refused")
)

// RoundTrip implements [http.RoundTripper].
func (n wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	to := n.h.w.servers[r.URL.Host]
	if to == nil || n.h.dead.Load() {
		return nil, errDead
	}
	l := newLetter(n.h, r, body)
	to.sends(l)
	chance := to.fate(l.label)
	if err := n.wait(r.Context(), chance.way()); err != nil {
		return nil, err
	}
	switch fault := to.faulty(chance); fault {
	case refusing:
		return nil, errRefused
	case silent:
		return nil, n.wait(r.Context(), forever)
	case failing:
		to.w.trace.add("%s answers 503 to %s", to.host, l.label)
		if err := n.wait(r.Context(), chance.way()); err != nil {
			return nil, err
		}
		return answer(r, http.StatusServiceUnavailable, nil), nil
	case deaf:
		to.take(l)
		return nil, n.wait(r.Context(), forever)
	}
	status, document := to.take(l)
	if err := n.wait(r.Context(), chance.way()); err != nil {
		return nil, err
	}
	l.answered()
	return answer(r, status, document), nil
}

const forever = 24 * time.Hour

// wait lets time pass on the way, unless whoever asked waits no longer.
func (n wire) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-n.h.died:
		return errDead
	}
}

func answer(r *http.Request, status int, document []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/activity+json"}}, Body: io.NopCloser(bytes.NewReader(document)), ContentLength: int64(len(document)),
	}
}

// letter is a request on its way.
type letter struct {
	h      *house
	path   string
	header http.Header
	body   []byte
	fields map[string]any
	label  string    // by which the trace calls it
	at     time.Time // when it was sent

	mu      sync.Mutex
	settled bool // the house has the answer
}

func newLetter(h *house, r *http.Request, body []byte) *letter {
	l := &letter{h: h, at: time.Now(), path: r.URL.Path, header: r.Header, body: body, label: r.Method + " " + r.URL.Path}
	if r.Method == http.MethodPost {
		if err := json.Unmarshal(body, &l.fields); err != nil {
			h.w.breaks("what is sent to %s is no JSON: %v", r.URL, err)
		}
		l.label = fmt.Sprintf("%s for %s", l.name(), r.URL.Path)
	}
	return l
}

// name is what a letter says, in words that are the same each time a seed is played.
func (l *letter) name() string {
	kind := l.text("type")
	switch object := l.fields["object"].(type) {
	case string:
		return kind + " " + l.h.w.known(object) + " " + l.seq()
	case map[string]any:
		id, _ := object["id"].(string)
		return kind + " " + l.h.w.known(id) + " " + l.seq()
	}
	return kind
}

func (l *letter) text(field string) string {
	text, _ := l.fields[field].(string)
	return text
}

// seq is the entry that an activity is of, as its id says.
func (l *letter) seq() string {
	rest, found := strings.CutPrefix(l.text("id"), base+"/ap/activities/")
	if !found {
		return ""
	}
	seq, _, _ := strings.Cut(rest, "/")
	return seq
}

func (l *letter) answered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settled = !l.h.dead.Load()
}

func (l *letter) wasAnswered() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.settled
}

// chance draws what becomes of one letter. It hangs on the letter and how often it was
// sent, and not on who asked first.
type chance struct{ state uint64 }

func (w *world) chance(of ...any) *chance {
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, of)
	return &chance{h.Sum64()}
}

// next is by Steele, Lea and Flood: Fast splittable pseudorandom number generators.
func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (c *chance) float() float64 { return float64(c.next()>>11) / (1 << 53) }

// way is how long one way takes: mostly some hundredths of a second, and some seconds now
// and then.
func (c *chance) way() time.Duration {
	f := c.float()
	if c.float() < 0.05 {
		return time.Duration(f * float64(6*time.Second))
	}
	return time.Millisecond + time.Duration(f*float64(80*time.Millisecond))
}

// spread is what delays are drawn by.
func (w *world) spread() float64 { return w.chance("spread", time.Since(w.began)).float() }
