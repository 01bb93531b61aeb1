package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"communique/cmd/internal/bench"
	"communique/cmd/internal/port"
)

// server is a process that answers.
type server struct {
	name    string
	base    string
	data    string // of an installation
	process *bench.Process
}

// answer is what was answered to a question, as it is on the wire.
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

func serveInstallation(ctx context.Context, binary, data, name string) (*server, error) {
	i, err := bench.Open(binary, data)
	if err != nil {
		return nil, err
	}
	process, err := i.Serve(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &server{name: name, base: i.Base, data: data, process: process}, nil
}

// listening starts a yardstick that listens at an address.
func listening(ctx context.Context, name string, cmd *exec.Cmd, address string) (*server, error) {
	process, err := bench.Start(ctx, name, cmd, address)
	if err != nil {
		return nil, err
	}
	return &server{name: name, base: "http://" + address, process: process}, nil
}

// bareArgument, followed by an address, makes the program the bare handler, which
// answers there with what it reads on its standard input.
const bareArgument = "bare"

func serveBare(ctx context.Context, a answer) (*server, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	reserved, err := port.Reserve() // as long as this program runs
	if err != nil {
		return nil, err
	}
	cmd, err := bench.Self(ctx, bareArgument, reserved.Address())
	if err != nil {
		return nil, err
	}
	cmd.Stdin = bytes.NewReader(text)
	return listening(ctx, bareArgument, cmd, reserved.Address())
}

// runBare answers every request with the same answer, or 304.
func runBare(ctx context.Context, address string, stdin io.Reader) error {
	var a answer
	if err := json.NewDecoder(stdin).Decode(&a); err != nil {
		return err
	}
	s := &http.Server{Addr: address, Handler: bareHandler(a), ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func bareHandler(a answer) http.HandlerFunc {
	tag := a.Header.Get("ETag")
	return func(w http.ResponseWriter, r *http.Request) {
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
		_, _ = w.Write(a.Body) // an error concerns a client that has gone
	}
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

var errNoNginx = errors.New("nginx is not installed")

// serveNginx has nginx serve a compressed answer as a file.
func serveNginx(ctx context.Context, folder string, a answer) (*server, error) {
	if _, err := exec.LookPath("nginx"); err != nil {
		return nil, errNoNginx
	}
	file := filepath.Join(folder, filepath.FromSlash(feedPath))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // nginx's workers read it
		return nil, err
	}
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // likewise
		return nil, err
	}
	reserved, err := port.Reserve() // as long as this program runs
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("FOLDER", folder, "ADDRESS", reserved.Address()).Replace(nginxConfig)
	for name, content := range map[string][]byte{file: []byte("plain"), file + ".gz": a.Body, filepath.Join(folder, "nginx.conf"): []byte(text)} {
		if err := os.WriteFile(name, content, 0o644); err != nil { //nolint:gosec // likewise
			return nil, err
		}
	}
	cmd := exec.CommandContext(ctx, "nginx", "-c", filepath.Join(folder, "nginx.conf"))
	return listening(ctx, "nginx", cmd, reserved.Address())
}
