package command

import (
	"bytes"
	"communique/storage"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// testSite is a whole installation that serves on loopback, driven through the
// same run that main calls.
type testSite struct {
	t    *testing.T
	data string
	base string
	stop func()
	log  syncBuffer // of the server
}

// freePort asks the system for a port that nobody uses.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newSiteDir is a place for an installation.
func newSiteDir(t *testing.T) *testSite {
	t.Helper()
	return &testSite{t: t, data: filepath.Join(t.TempDir(), "site"), base: "http://" + freePort(t), stop: func() {}}
}

// newSite makes an installation with a section; [testSite.serve] starts it.
func newSite(t *testing.T) *testSite {
	t.Helper()
	s := newSiteDir(t)
	s.must("init", "--base-url", s.base, "--actor", "ministry", "--name", "Ministry of Foreign Affairs",
		"--timezone", "Europe/Lisbon", "--language", "en")
	s.must("section", "add", "The Ministry > The Minister > Activities")
	return s
}

// worldOf is a world without input and environment, with the real clock.
func worldOf(stdout, stderr io.Writer) World {
	return World{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, Env: func(string) string { return "" }, Clock: storage.SystemClock{}}
}

// run runs a command on the installation.
func (s *testSite) run(args ...string) (stdout, stderr string, err error) {
	var out, problems bytes.Buffer
	err = Run(context.Background(), append(args, "--data", s.data), worldOf(&out, &problems))
	return out.String(), problems.String(), err
}

func (s *testSite) must(args ...string) string {
	s.t.Helper()
	out, problems, err := s.run(args...)
	if err != nil {
		s.t.Fatalf("communique %s: %v\n%s", strings.Join(args, " "), err, problems)
	}
	return out
}

// filed is what publish, correct and withdraw print with --json.
type filed struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Seq   int64  `json:"seq"`
	State string `json:"state"`
}

func (s *testSite) file(args ...string) filed {
	s.t.Helper()
	var f filed
	out := s.must(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &f); err != nil {
		s.t.Fatalf("communique %s printed %q: %v", strings.Join(args, " "), out, err)
	}
	return f
}

// configure replaces a text in the configuration, which must hold it.
func (s *testSite) configure(old, replacement string) {
	s.t.Helper()
	file := filepath.Join(s.data, "communique.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		s.t.Fatalf("the configuration has no %q:\n%s", old, text)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(replacement), 1), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// picture puts a square PNG beside the configuration.
func (s *testSite) picture(name string, side int) {
	s.t.Helper()
	file, err := os.Create(filepath.Join(s.data, name))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := png.Encode(file, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		s.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// markdown writes a document and returns its path.
func (s *testSite) markdown(title, body string, fields ...string) string {
	s.t.Helper()
	front := append([]string{"title: " + title, "section: the-ministry/the-minister/activities"}, fields...)
	file := filepath.Join(s.t.TempDir(), "article.md")
	text := "---\n" + strings.Join(front, "\n") + "\n---\n\n" + body + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return file
}

func (s *testSite) publish(title string, fields ...string) filed {
	s.t.Helper()
	return s.file("publish", s.markdown(title, "The Minister received the delegation.\n\nThey spoke.", fields...))
}

// serve starts the server and waits until it answers.
func (s *testSite) serve() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, []string{"serve", "--data", s.data}, worldOf(io.Discard, &s.log))
	}()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("serve: %v", err)
		}
		s.stop = func() {}
	}
	s.t.Cleanup(func() { s.stop() })
	deadline := time.Now().Add(20 * time.Second)
	for {
		answer, err := http.Get(s.base + "/nodeinfo/2.1") //nolint:noctx // a loop with its own deadline
		if err == nil {
			_ = answer.Body.Close()
			return
		}
		select {
		case err := <-ended:
			s.t.Fatalf("serve ended: %v\n%s", err, s.log.String())
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the server does not answer\n%s", s.log.String())
		}
	}
}

func (s *testSite) actor() string { return s.base + "/actors/ministry" }

// answer is an HTTP answer that has been read.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

func (a answer) fields(t *testing.T) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(a.Body, &fields); err != nil {
		t.Fatalf("no JSON object: %v\n%s", err, a.Body)
	}
	return fields
}

const activityJSON = "application/activity+json"

// request makes a request without following redirections. headers are pairs.
func request(t *testing.T, method, address string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	// Nothing is asked for that is not in headers.
	plain := &http.Transport{DisableCompression: true}
	defer plain.CloseIdleConnections()
	client := &http.Client{Transport: plain, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{Status: got.StatusCode, Header: got.Header, Body: body}
}

func get(t *testing.T, address string, headers ...string) answer {
	t.Helper()
	return request(t, http.MethodGet, address, headers...)
}

// object fetches an ActivityPub document.
func object(t *testing.T, id string) map[string]any {
	t.Helper()
	got := get(t, id, "Accept", activityJSON)
	if got.Status != http.StatusOK {
		t.Fatalf("%s answers %d\n%s", id, got.Status, got.Body)
	}
	return got.fields(t)
}

// at walks into nested JSON by a path of keys.
func at(v any, path ...string) any {
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func text(v any, path ...string) string {
	s, _ := at(v, path...).(string)
	return s
}

// eventually waits for a condition that another goroutine brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to pass: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func mustEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// syncBuffer collects what a server in another goroutine writes.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
