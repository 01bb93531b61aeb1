package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"communique/cmd/internal/config"
)

// server is a process that answers.
type server struct {
	name    string
	base    string
	data    string // of an installation
	process *exec.Cmd
	ended   chan struct{}
}

// startsWithin bounds the start: a large installation may have to migrate.
const startsWithin = time.Minute

// answer is what was answered to a question, as it stands on the wire.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// ask asks for a document as wrk does: compressed, and on the condition of a
// tag if there is one.
func (s *server) ask(ctx context.Context, path, tag string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	got.Header.Del("Date")
	return answer{got.StatusCode, got.Header, body}, err
}

// start runs a server and waits until it answers.
func start(ctx context.Context, s *server, process *exec.Cmd, path string) (*server, error) {
	s.process, s.ended = process, make(chan struct{})
	var problems bytes.Buffer
	if process.Stderr == nil {
		process.Stderr = &problems
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		_ = process.Wait() // that it ended is told below
	}()
	for began := time.Now(); time.Since(began) < startsWithin; {
		if _, err := s.ask(ctx, path, ""); err == nil {
			return s, nil
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s ended: %s", s.name, problems.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	s.stop()
	return nil, fmt.Errorf("%s does not answer", s.name)
}

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGINT) // it may have ended
	<-s.ended
}

func serveInstallation(ctx context.Context, binary, data, name string) (*server, error) {
	c, err := config.Load(data, os.Getenv)
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, binary, "serve", "--data", data) //nolint:gosec // the user's own program
	return start(ctx, &server{name: name, base: c.BaseURL, data: data}, process, feedPath)
}

// bareArgument makes the program the bare handler, which writes what it reads on
// its standard input.
const bareArgument = "bare"

func serveBare(ctx context.Context, a answer) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, program, bareArgument, address)
	process.Stdin = bytes.NewReader(text)
	return start(ctx, &server{name: "bare", base: "http://" + address}, process, feedPath)
}

// runBare answers every request with the same answer, or 304.
func runBare(ctx context.Context, stdin io.Reader, _ io.Writer) error {
	var a answer
	if err := json.NewDecoder(stdin).Decode(&a); err != nil {
		return err
	}
	tag := a.Header.Get("ETag")
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		same := r.Header.Get("If-None-Match") == tag
		into := w.Header()
		for name, values := range a.Header {
			if !same || name != "Content-Length" && name != "Content-Type" && name != "Content-Encoding" {
				into[name] = values
			}
		}
		if same {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(a.Body)
	})
	s := &http.Server{Addr: os.Args[len(os.Args)-1], Handler: h, ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

const nginxConfig = `worker_processes auto;
pid FOLDER/nginx.pid;
error_log stderr;
daemon off;
events {}
http {
	access_log off;
	types { application/atom+xml atom; }
	client_body_temp_path FOLDER; proxy_temp_path FOLDER; fastcgi_temp_path FOLDER; uwsgi_temp_path FOLDER; scgi_temp_path FOLDER;
	sendfile on; tcp_nopush on; keepalive_requests 10000000;
	open_file_cache max=100; open_file_cache_valid 60s;
	gzip_static on;
	server { listen ADDRESS; root FOLDER; }
}
`

// serveNginx lets nginx serve a compressed answer as a file.
func serveNginx(ctx context.Context, folder string, a answer) (*server, error) {
	file := filepath.Join(folder, filepath.FromSlash(feedPath))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // nginx's workers read it
		return nil, err
	}
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // likewise
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("FOLDER", folder, "ADDRESS", address).Replace(nginxConfig)
	for name, content := range map[string][]byte{file: []byte("plain"), file + ".gz": a.Body, filepath.Join(folder, "nginx.conf"): []byte(text)} {
		if err := os.WriteFile(name, content, 0o644); err != nil { //nolint:gosec // likewise
			return nil, err
		}
	}
	process := exec.CommandContext(ctx, "nginx", "-c", filepath.Join(folder, "nginx.conf")) //nolint:gosec // our own file
	return start(ctx, &server{name: "nginx", base: "http://" + address}, process, feedPath)
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func command(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // the user's own program
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, args[0], err, out)
	}
	return nil
}
