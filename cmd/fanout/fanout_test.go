package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

	client *http.Client

	mu        sync.Mutex
	followers []string
}

func newPublisher(t *testing.T) *publisher {
	private, err := signature.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	p := &publisher{t: t, client: &http.Client{}}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	p.key = signature.Key{ID: p.server.URL + "/actor#main-key", Private: private}
	return p
}

// trust has it believe the servers that an authority certifies.
func (p *publisher) trust(a *authority) {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	p.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13}}
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
	case "/publish", "/correct":
		for i, follower := range p.followers {
			body := `{"id":"one","type":"Create","object":{"id":"o","updated":"2026-03-14T12:00:00Z"}}`
			if r.URL.Path == "/correct" {
				body = `{"id":"two","type":"Update","object":{"id":"o","updated":"2026-03-14T12:01:00Z"}}`
			}
			if r.URL.Query().Has("spoil") && i == 1 {
				body = `{"id":"one","type":"Create","content":"another"}`
			}
			p.post(follower, body)
		}
	}
}

func (p *publisher) post(follower, body string) {
	answer, err := p.client.Post(follower+"/inbox", vocab.MediaType, strings.NewReader(body))
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
		os.Exit(runTests(m))
	}
	answer, err := http.Get(address)
	if err != nil || answer.StatusCode != http.StatusOK {
		os.Exit(1)
	}
	_ = answer.Body.Close()
}

// buildFolder is where [built] puts the program.
var buildFolder string

func runTests(m *testing.M) int {
	var err error
	if buildFolder, err = os.MkdirTemp("", "fanout"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(buildFolder)
	return m.Run()
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
			switch {
			case err == nil && tt.fault != "":
				t.Error("the fault was not found")
			case err != nil && (tt.fault == "" || !strings.Contains(err.Error(), tt.fault)):
				t.Fatal(err)
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

// TestFanoutReports: over https, with servers that misbehave and a correction on
// its way, the report and its plot are written for people.
func TestFanoutReports(t *testing.T) {
	p := newPublisher(t)
	folder := t.TempDir()
	authority, plot := filepath.Join(folder, "authority.pem"), filepath.Join(folder, "plot.svg")
	certified, err := openAuthority(authority) // made now, and read by the run
	if err != nil {
		t.Fatal(err)
	}
	p.trust(certified)
	fetch := func(path string) string { return asGet + "='" + p.server.URL + path + "' '" + os.Args[0] + "'" }
	var out strings.Builder
	err = run(t.Context(), []string{
		"-actor", p.server.URL + "/actor", "-publish", fetch("/publish"), "-then", fetch("/correct"), "-after", "1ms",
		"-hosts", "4", "-followers", "8", "-https", authority, "-bad", "503=25", "-delay", "1ms", "-patience", "20s", "-plot", plot,
	}, nil, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"servers, followers", "4, 8", "https", "503=25", "each answer takes", "share of the limit"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
	if text, err := os.ReadFile(plot); err != nil || !strings.HasPrefix(string(text), "<svg") {
		t.Errorf("the plot is %.20q, %v", text, err)
	}
}

// TestMisbehave: each bad server is bad in its own way.
func TestMisbehave(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]struct {
		status int
		header string
	}{
		"503": {503, "Retry-After"}, "429": {429, "Retry-After"}, "302": {302, "Location"}, "404": {404, ""},
	} {
		w := httptest.NewRecorder()
		misbehave(w, httptest.NewRequest(http.MethodPost, "/inbox", nil), how)
		if w.Code != want.status || want.header != "" && w.Header().Get(want.header) == "" {
			t.Errorf("%s: %d %v", how, w.Code, w.Header())
		}
	}
	for _, how := range []string{"hang", "drip"} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // the publisher gives up
		misbehave(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/inbox", nil), how)
	}
}

// TestFanoutSaysWhatItNeeds: what is missing or cannot be meant is told before
// anything is done.
func TestFanoutSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":              {nil, "-actor"},
		"more hosts":           {[]string{"-actor", "a", "-publish", "b", "-hosts", "9", "-followers", "3"}, "at least as many followers as hosts"},
		"a share":              {[]string{"-bad", "hang"}, "write one like hang=20"},
		"seeding nowhere":      {[]string{"seed"}, "-data"},
		"seeding few entries":  {[]string{"seed", "-data", "try", "-articles", "9", "-entries", "3"}, "at least as many -entries"},
		"costing nothing":      {[]string{"cost"}, "-communique"},
		"taking in from fewer": {[]string{"intake", "-communique", "communique", "-hosts", "9", "-followers", "3"}, "at least as many followers"},
	} {
		err := run(t.Context(), c.args, nil, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
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
