package site

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// locations are what the examples for nginx in the README say of addresses.
func locations(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile(e2etest.Source(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, block := range strings.Split(string(readme), "```nginx\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		from := strings.Index(block, "location")
		found = append(found, strings.TrimSuffix(strings.TrimSpace(block[from:]), "\n}")) // without the end of a server
	}
	return found
}

// TestCheckThroughNginx: behind a real web server, set up as the README says for
// the site and for the domain of its handles, nothing is wrong.
func TestCheckThroughNginx(t *testing.T) {
	t.Parallel()
	nginx := realpart.Program(t, "nginx")
	s := e2etest.NewSite(t)
	front, apex := e2etest.FreePort(t), e2etest.FreePort(t)
	s.Configure(`handle_domain: ""`, `handle_domain: "`+apex+`"`)
	s.Serve()
	s.Publish("A treaty was signed")
	folder := t.TempDir()
	// In loopback mode a host has a port, which $host leaves out.
	here := strings.NewReplacer("http://127.0.0.1:8080", s.Base, "https://press.mfa.example", s.Base, "Host $host", "Host $http_host")
	blocks := locations(t)
	if len(blocks) != 2 {
		t.Fatalf("the README has %d examples for nginx, not one for the site and one for the domain of its handles", len(blocks))
	}
	text := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 1; events {}
http {
	access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	server { listen %[2]s; %[3]s }
	server { listen %[4]s; %[5]s }
}
`, folder, front, here.Replace(blocks[0]), apex, here.Replace(blocks[1]))
	file := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-c", file, "-e", filepath.Join(folder, "error.log"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	e2etest.Eventually(t, "nginx listens", func() bool {
		connection, err := net.Dial("tcp", front)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
	broken, status := s.Check(t, "--url", "http://"+front)
	e2etest.Equal(t, "what is broken behind nginx", broken, []string{})
	e2etest.Equal(t, "the status", status, 0)
}
