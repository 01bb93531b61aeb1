package command

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
)

// TestRedirectsInNginx: a real nginx leads old addresses to the new ones, by the lines
// that the file gives for its configuration.
func TestRedirectsInNginx(t *testing.T) {
	t.Parallel()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed")
	}
	moved := []newsroom.Redirect{{From: "/news/117.html"}, {From: "/news/"}, {From: "/news/index.html"}, {From: "/t.php?id=2&l=en"}, {From: "/t.php?id=3"},
		{From: "/Gr%C3%BC%C3%9Fe%201.html"}, {From: "/Case.html"}, {From: "/case.html"}, {From: "/a+(b)$1~'%22%5C.html"}, {From: "/" + strings.Repeat("long-", 60)}}
	for i := range moved {
		moved[i].To = fmt.Sprintf("https://press.mfa.example/en/articles/%d/", i)
	}
	folder := t.TempDir()
	text := string(nginxMap(moved))
	if err := os.WriteFile(filepath.Join(folder, "redirects.map"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	lines := regexp.MustCompile("(?m)^# (.*)$").FindAllStringSubmatch(text, 3)
	server := strings.Replace(lines[2][1], "server {", "server { listen "+address+";", 1)
	config := "daemon off; worker_processes 1; pid nginx.pid; error_log stderr; events {}\nhttp { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n" +
		lines[0][1] + "\n" + lines[1][1] + "\n" + server + " }\n"
	if err := os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), nginx, "-p", folder, "-c", "nginx.conf", "-e", "stderr")
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	var said strings.Builder
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	}()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (int, string) {
		for range 200 {
			if r, err := client.Get("http://" + address + path); err == nil {
				_ = r.Body.Close()
				return r.StatusCode, r.Header.Get("Location")
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("nginx does not answer: %s", said.String())
		return 0, ""
	}
	for _, r := range moved {
		if status, to := get(r.From); status != http.StatusMovedPermanently || to != r.To {
			t.Errorf("%s: %d %s, want %s", r.From, status, to, r.To)
		}
	}
	for _, other := range []string{"/news/118.html", "/t.php?id=4", "/t.php", "/"} {
		if status, to := get(other); status == http.StatusMovedPermanently {
			t.Errorf("%s: %d %s", other, status, to)
		}
	}
}
