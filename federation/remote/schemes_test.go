package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/federation/signature"
)

// taking answers requests by one scheme with a status and refuses the other.
func taking(scheme signature.Scheme, refusal, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if (r.Header.Get("Signature-Input") != "") != (scheme == signature.RFC9421) {
			w.WriteHeader(refusal)
			return
		}
		w.WriteHeader(status)
	}
}

// notebook keeps what a client learns.
type notebook struct {
	mu    sync.Mutex
	lines []string
}

func (n *notebook) learned(host string, scheme signature.Scheme) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, string(scheme))
}

func TestS8DoubleKnock(t *testing.T) {
	t.Parallel()
	const old, new = signature.Cavage, signature.RFC9421
	for name, c := range map[string]struct {
		known    signature.Scheme // before
		inbox    http.HandlerFunc
		statuses []int    // of two deliveries
		knocks   int      // for both
		learned  []string // in order
	}{
		"takes the first":              {old, taking(old, 401, 202), []int{202, 202}, 2, nil},
		"401 to cavage":                {old, taking(new, 401, 202), []int{202, 202}, 3, []string{"rfc9421"}},
		"400 to cavage":                {old, taking(new, 400, 202), []int{202, 202}, 3, []string{"rfc9421"}},
		"403 is no matter of schemes":  {old, taking(new, 403, 202), []int{403, 403}, 2, nil},
		"remembered":                   {new, taking(new, 401, 202), []int{202, 202}, 2, nil},
		"remembered and given up":      {new, taking(old, 401, 202), []int{202, 202}, 3, []string{"cavage"}},
		"401 to both":                  {old, taking("none", 401, 401), []int{401, 401}, 4, nil},
		"400 then busy":                {old, taking(new, 400, 503), []int{503, 503}, 4, nil},
		"401 then 403: the first word": {old, taking(new, 401, 403), []int{401, 401}, 4, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, kept := newPeer(t), &notebook{}
			p.set("/inbox", c.inbox)
			client := newClient(t, func(o *Options) {
				o.Schemes = map[string]signature.Scheme{p.URL[len("http://"):]: c.known}
				o.Learned = kept.learned
			})
			body := []byte(`{}`)
			var statuses []int
			for range c.statuses {
				got, err := client.Post(t.Context(), Delivery{Inbox: p.URL + "/inbox", Body: body, Digest: signature.Digest(body)}, Ladder{Key: client.options.Key})
				if err != nil {
					t.Fatal(err)
				}
				statuses = append(statuses, got.Status)
			}
			if diff := cmp.Diff(c.statuses, statuses); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.learned, kept.lines); diff != "" {
				t.Error(diff)
			}
			if got := p.count("/inbox"); got != c.knocks {
				t.Errorf("%d requests, want %d", got, c.knocks)
			}
			if c.statuses[0] == 202 {
				if err := p.verified("/inbox", client.options.Now()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestFetchKnocksTwice: a server may refuse our fetch for its scheme.
func TestFetchKnocksTwice(t *testing.T) {
	t.Parallel()
	for _, refusal := range []int{400, 401, 403} {
		t.Run(fmt.Sprint(refusal), func(t *testing.T) {
			t.Parallel()
			p, client := newPeer(t), newClient(t)
			ana, ben := p.person("/ana", keyOnce[1]()), p.person("/ben", keyOnce[1]())
			for path, actor := range map[string]any{"/ana": ana, "/ben": ben} {
				p.set(path, onlyByMessage(p, refusal, actor))
			}
			for _, id := range []string{ana.ID, ben.ID} {
				if _, err := client.FetchActor(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
			if got := p.visits(); got["/ana"] != 2 || got["/ben"] != 1 {
				t.Errorf("requests: %v", got)
			}
		})
	}
}

// TestFetchWithTheKeyBefore: a server that does not know the newest key is shown the one
// before, and one that refuses everything is asked three times.
func TestFetchWithTheKeyBefore(t *testing.T) {
	t.Parallel()
	old, renewed := signature.Key{ID: "https://a.example/x#old", Private: keyOnce[0]()}, signature.Key{ID: "https://a.example/x#new", Private: keyOnce[1]()}
	for name, tt := range map[string]struct {
		keys []signature.Key
		take string
		want []string
	}{
		"one key":          {[]signature.Key{renewed}, "old cavage", []string{"new cavage", "new rfc9421"}},
		"the newest":       {[]signature.Key{renewed, old}, "new cavage", []string{"new cavage"}},
		"its other scheme": {[]signature.Key{renewed, old}, "new rfc9421", []string{"new cavage", "new rfc9421"}},
		"the one before":   {[]signature.Key{renewed, old}, "old cavage", []string{"new cavage", "new rfc9421", "old cavage"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, a := newPeer(t), &asked{status: func(knock string) int { return map[bool]int{true: 410, false: 401}[knock == tt.take] }}
			p.set("/ana", http.HandlerFunc(a.answer))
			client := newClient(t, func(o *Options) { o.Keys = func(context.Context) []signature.Key { return tt.keys } })
			_, err := client.FetchActor(t.Context(), p.URL+"/ana")
			if diff := cmp.Diff(tt.want, a.took); diff != "" || errors.Is(err, ErrGone) != (tt.want[len(tt.want)-1] == tt.take) {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func onlyByMessage(p *peer, refusal int, document any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature-Input") == "" {
			w.WriteHeader(refusal)
			return
		}
		p.write(w, r, document)
	}
}

func TestSchemesAreBounded(t *testing.T) {
	t.Parallel()
	s := newSchemes(nil, nil)
	for i := range maxSchemes + 10 {
		s.learn(fmt.Sprint("host", i), signature.RFC9421)
	}
	if len(s.known) != maxSchemes {
		t.Errorf("%d hosts are known", len(s.known))
	}
	if s.of(fmt.Sprint("host", maxSchemes+9)) != signature.RFC9421 {
		t.Error("the last one is not")
	}
}
