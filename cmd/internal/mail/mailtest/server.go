// Package mailtest is a real mail server for tests: Exim, which takes letters and writes each
// into a file.
package mailtest

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"communique/cmd/internal/https/httpstest"
	"communique/cmd/internal/port/porttest"
	"communique/cmd/internal/realpart"
)

//go:embed exim.conf
var configuration string

// Options are how a mail server works.
type Options struct {
	// Password is what its user desk has to show, over TLS; empty for a server that takes
	// letters from everybody.
	Password string
	// Certificate is what it shows; the zero value is one that nobody has certified.
	Certificate httpstest.Certificate
}

// Server is a mail server that runs until the test ends, or it is stopped.
type Server struct {
	Address string // host:port

	t       testing.TB
	folder  string
	command *exec.Cmd
}

// Start starts one, and waits until it answers.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	realpart.Program(t, "exim4")
	s := &Server{t: t, folder: folder(t)}
	number := porttest.Reserve(t).Number()
	s.Address = fmt.Sprintf("127.0.0.1:%d", number)
	if o.Certificate.Chain == nil {
		o.Certificate = httpstest.Certify(t, "127.0.0.1", time.Now().Add(24*time.Hour))
	}
	o.Certificate.Write(t, s.folder)
	var text bytes.Buffer
	err := template.Must(template.New("exim.conf").Delims("[[", "]]").Parse(configuration)).Execute(&text, map[string]any{
		"Port": number, "Folder": s.folder, "User": userID(), "Group": os.Getgid(), "Password": o.Password,
		"Certificate": filepath.Join(s.folder, httpstest.CertificateFile), "Key": filepath.Join(s.folder, httpstest.KeyFile),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"spool", "log", "mail"} {
		path := filepath.Join(s.folder, folder)
		if err := errors.Join(os.Mkdir(path, 0o755), os.Chown(path, userID(), -1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(s.file(), text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{filepath.Join(s.folder, httpstest.CertificateFile), filepath.Join(s.folder, httpstest.KeyFile)} {
		if err := os.Chown(file, userID(), -1); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(s.Stop)
	s.Again()
	return s
}

// asRoot is whom letters are written by where the tests are root's, as which Exim writes none:
// nobody.
const asRoot = 65534

func userID() int {
	if id := os.Getuid(); id != 0 {
		return id
	}
	return asRoot
}

// folder is one of this test that the server may enter, whoever it runs as.
func folder(t testing.TB) string {
	t.Helper()
	path, err := os.MkdirTemp("", "mailtest") //nolint:usetesting // it may be removed before the last letter is written
	if err == nil {
		err = os.Chmod(path, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(path) }) // a delivery may be under way, and write there
	return path
}

func (s *Server) file() string { return filepath.Join(s.folder, "exim.conf") }

// Again starts a server that was stopped, under its address.
func (s *Server) Again() {
	s.t.Helper()
	var said bytes.Buffer
	s.command = exec.CommandContext(s.t.Context(), "exim4", "-bdf", "-C", s.file())
	s.command.Stdout, s.command.Stderr = &said, &said
	if err := s.command.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(s.t.Context(), "tcp", s.Address)
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(end) {
			s.Stop()
			s.t.Fatalf("the mail server does not answer: %v\n%s%s", err, said.Bytes(), s.Log())
		}
	}
}

// Stop stops it.
func (s *Server) Stop() {
	if s.command != nil {
		_ = s.command.Process.Kill() // it has no state to lose
		_ = s.command.Wait()
		s.command = nil
	}
}

// Log is what the server has said of itself.
func (s *Server) Log() []byte {
	text, _ := os.ReadFile(filepath.Join(s.folder, "log", "mainlog")) // it may have said nothing
	return text
}

// Letter is one that the server has taken.
type Letter struct {
	Header mail.Header
	Text   string
	Raw    string
}

// Letters are those that were delivered to the part of an address before the @.
func (s *Server) Letters(to string) (all []Letter) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.folder, "mail", "new", "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			s.t.Fatal(err)
		}
		text, err := io.ReadAll(m.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		if !strings.HasPrefix(m.Header.Get("Envelope-To"), to+"@") {
			continue
		}
		all = append(all, Letter{m.Header, string(text), string(raw)})
	}
	return all
}
