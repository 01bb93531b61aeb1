package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// publisher is a small one to be measured: it accepts every Follow, and its
// publishing address posts one activity to each follower.
type publisher struct {
	t      *testing.T
	server *httptest.Server
	key    signature.Key

	mu        sync.Mutex
	followers []string
}

func newPublisher(t *testing.T) *publisher {
	private, err := signature.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	p := &publisher{t: t}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	p.key = signature.Key{ID: p.server.URL + "/actor#main-key", Private: private}
	return p
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/actor":
		_, _ = io.WriteString(w, `{"inbox":"`+p.server.URL+`/inbox"}`)
	case "/inbox":
		text, err := io.ReadAll(r.Body)
		if err != nil {
			p.t.Error(err)
		}
		a, err := vocab.ReadActivity(text)
		if err != nil {
			p.t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
		p.mu.Lock()
		p.followers = append(p.followers, a.Actor)
		p.mu.Unlock()
		p.post(a.Actor, `{"id":"accept","type":"Accept"}`)
	case "/publish":
		for i, follower := range p.followers {
			body := `{"id":"one","type":"Create"}`
			if r.URL.Query().Has("spoil") && i == 1 {
				body = `{"id":"one","type":"Create","content":"another"}`
			}
			p.post(follower, body)
		}
	}
}

func (p *publisher) post(follower, body string) {
	answer, err := http.Post(follower+"/inbox", vocab.MediaType, strings.NewReader(body)) //nolint:noctx // the test's own
	if err != nil {
		p.t.Error(err)
		return
	}
	_ = answer.Body.Close()
}

// asGet in the environment makes the test binary fetch an address, in place of
// a command that publishes.
const asGet = "FANOUT_TEST_GET"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == loopArgument || os.Args[1] == inboxArgument) {
		main() // the test binary is the program itself
		return
	}
	address := os.Getenv(asGet)
	if address == "" {
		os.Exit(m.Run())
	}
	answer, err := http.Get(address) //nolint:noctx // the test's own
	if err != nil || answer.StatusCode != http.StatusOK {
		os.Exit(1)
	}
	_ = answer.Body.Close()
}

// TestFanout measures a publisher and finds what it does wrong.
func TestFanout(t *testing.T) {
	for name, tt := range map[string]struct{ query, fault string }{
		"a good publisher":       {"", ""},
		"one id with two bodies": {"?spoil", "two bodies"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t)
			var out strings.Builder
			err := run(t.Context(), []string{
				"-actor", p.server.URL + "/actor", "-publish", asGet + "='" + p.server.URL + "/publish" + tt.query + "' '" + os.Args[0] + "'",
				"-hosts", "5", "-followers", "10", "-json", "-patience", "3m",
			}, nil, &out, io.Discard)
			if fault := ""; err != nil {
				fault = err.Error()
				if tt.fault == "" || !strings.Contains(fault, tt.fault) {
					t.Fatal(err)
				}
			} else if tt.fault != "" {
				t.Error("the fault was not found")
			}
			var r report
			if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Rounds) != 1 || r.Rounds[0].Reached != 10 || r.Inboxes != 10 || r.Rounds[0].Limit <= 0 {
				t.Errorf("report %+v", r)
			}
			if plot := r.svg(); !strings.HasPrefix(plot, "<svg") || !strings.HasSuffix(plot, "</svg>") {
				t.Error("no plot")
			}
		})
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	var s shares
	if err := s.Set("hang=20,503=5"); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for n := range 1000 {
		count[s.assign(n)]++
	}
	if count["hang"] != 200 || count["503"] != 50 || count[""] != 750 {
		t.Errorf("of 1000 servers: %v", count)
	}
	for _, bad := range []string{"hang", "hang=x", "sleep=3", "200=5", "hang=60,503=60"} {
		if s.Set(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAddressesAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 130_000 {
		a := address(n)
		if seen[a] || number(a+":80") != n {
			t.Fatalf("server %d is at %s, which is %d", n, a, number(a+":80"))
		}
		seen[a] = true
	}
}
