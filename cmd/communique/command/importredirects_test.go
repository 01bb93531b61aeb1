package command

import (
	"errors"
	"fmt"
	"io"
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
	"communique/cmd/internal/realpart"
)

// TestRedirectsInNginx: a real nginx leads old addresses to the new ones, by the lines
// that the file gives for its configuration.
func TestRedirectsInNginx(t *testing.T) {
	t.Parallel()
	nginx := realpart.Program(t, "nginx")
	folder, address := t.TempDir(), freeAddress(t)
	lines := writeMoved(t, filepath.Join(folder, "redirects.map"), nginxMap)
	server := strings.Replace(lines[2], "server {", "server { listen "+address+";", 1)
	config := "daemon off; worker_processes 1; pid nginx.pid; error_log stderr; events {}\nhttp { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n" +
		lines[0] + "\n" + lines[1] + "\n" + server + " }\n"
	if err := os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	leadsMoved(t, address, exec.CommandContext(t.Context(), nginx, "-p", folder, "-c", "nginx.conf", "-e", "stderr"))
}

// TestRedirectsInApache is the same for Apache, whose configuration Debian splits.
func TestRedirectsInApache(t *testing.T) {
	t.Parallel()
	apache := realpart.Program(t, "apache2")
	folder, address := t.TempDir(), freeAddress(t)
	lines := writeMoved(t, filepath.Join(folder, "redirects.txt"), apacheMap)
	given := strings.ReplaceAll(strings.Join(lines, "\n"), "/etc/apache2/", folder+"/")
	config := "ServerRoot " + folder + "\nServerName mfa.example\nListen " + address + "\nPidFile pid\nErrorLog /dev/stderr\nDocumentRoot " + folder + "\n" +
		"LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n" +
		"LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\nStartServers 1\nServerLimit 1\nMutex posixsem\n" + given + "\n"
	if err := os.WriteFile(filepath.Join(folder, "apache.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	leadsMoved(t, address, exec.CommandContext(t.Context(), apache, "-D", "FOREGROUND", "-f", filepath.Join(folder, "apache.conf")))
}

// oldAddresses are what a site may have had.
func oldAddresses() []newsroom.Redirect {
	moved := []newsroom.Redirect{{From: "/news/117.html"}, {From: "/news/"}, {From: "/news/index.html"}, {From: "/t.php?id=2&l=en"}, {From: "/t.php?id=3"},
		{From: "/Gr%C3%BC%C3%9Fe%201.html"}, {From: "/Case.html"}, {From: "/case.html"}, {From: "/a+(b)$1~'%22%5C.html"}, {From: "/" + strings.Repeat("long-", 60)},
		{From: "/t.php?q=a|b&r={c}"}, {From: "/100%25.html"}, {From: "/what%3Fnow.html"}, {From: "/t.php?to=%2Fnews%2F"}, {From: "/a:b,c;d@e!f*g=h.html"}}
	for i := range moved {
		moved[i].To = fmt.Sprintf("https://press.mfa.example/en/articles/%d/gr%%C3%%BC%%C3%%9Fe", i)
	}
	return moved
}

// writeMoved writes the file for a server, and returns the lines of configuration in it.
func writeMoved(t *testing.T, name string, write func(io.Writer, *movedPages) error) []string {
	t.Helper()
	moved := newMovedPages()
	if err := errors.Join(moved.add(oldAddresses()), writeMap(name, moved, write)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, found := range regexp.MustCompile("(?m)^# (.*)$").FindAllSubmatch(text, -1) {
		lines = append(lines, string(found[1]))
	}
	return lines
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// leadsMoved asks a server for every old address, and for some that never were.
func leadsMoved(t *testing.T, address string, server *exec.Cmd) {
	t.Helper()
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	var said strings.Builder
	server.Stderr = &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	defer func() {
		_ = server.Process.Signal(os.Interrupt)
		<-ended
	}()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (int, string) {
		for range 200 {
			if r, err := client.Get("http://" + address + path); err == nil {
				_ = r.Body.Close()
				return r.StatusCode, r.Header.Get("Location")
			}
			select {
			case err := <-ended:
				ended <- err
				t.Fatalf("the server has ended: %v, %s", err, said.String())
			case <-time.After(50 * time.Millisecond):
			}
		}
		t.Fatal("the server does not answer")
		return 0, ""
	}
	for _, r := range oldAddresses() {
		if status, to := get(r.From); status != http.StatusMovedPermanently || to != r.To {
			t.Errorf("%s: %d %s, want %s", r.From, status, to, r.To)
		}
	}
	for _, other := range []string{"/news/118.html", "/t.php?id=4", "/t.php", "/", "/NEWS/118.html"} {
		if status, to := get(other); status == http.StatusMovedPermanently {
			t.Errorf("%s: %d %s", other, status, to)
		}
	}
}
