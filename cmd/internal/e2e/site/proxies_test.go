package site

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// examples are the README's for a program, in their order.
func examples(t *testing.T, program string, want int) []string {
	t.Helper()
	readme, err := os.ReadFile(e2etest.Source(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range strings.Split(string(readme), "```"+program+"\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		all = append(all, block)
	}
	if len(all) != want {
		t.Fatalf("the README has %d examples for %s, not %d", len(all), program, want)
	}
	return all
}

// proxied is a site behind a web server that is set up as the README says.
type proxied struct {
	*e2etest.Site
	front, apex string // host:port of the web server, and of the one of the handles' domain
	folder      string // of what it needs
}

// behind serves a site whose handles are of another domain, and prepares what is in front.
func behind(t *testing.T) proxied {
	t.Helper()
	p := proxied{Site: e2etest.NewSite(t), front: e2etest.FreePort(t), apex: e2etest.FreePort(t), folder: t.TempDir()}
	p.Configure(`handle_domain: ""`, `handle_domain: "`+p.apex+`"`)
	p.Configure(`trusted_proxies: ["127.0.0.0/8", "::1/128"]`, `trusted_proxies: ["127.0.0.1"]`)
	p.Configure("access: off", "access: full")
	p.Serve()
	certify(t, p.folder)
	// They read and write as another user, if the test is root.
	if err := os.Chmod(filepath.Dir(p.folder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder, "index.html"), []byte("The ministry"), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// here replaces the addresses and paths of an example, and nothing else.
func (p proxied) here(text string) string {
	return strings.NewReplacer(
		"http://127.0.0.1:8080", p.Base, "reverse_proxy 127.0.0.1:8080", "reverse_proxy "+strings.TrimPrefix(p.Base, "http://"),
		"reverse_proxy @communique 127.0.0.1:8080", "reverse_proxy @communique "+strings.TrimPrefix(p.Base, "http://"), "10.0.0.5:8080", strings.TrimPrefix(p.Base, "http://"), "10.0.0.6:8080", strings.TrimPrefix(p.Base, "http://"),
		"https://press.mfa.example", p.Base, // where the domain of the handles leads
		"\npress.mfa.example {", "\n"+p.front+" {", "press.mfa.example", "127.0.0.1", "listen 443", "listen "+p.front, "*:443", p.front, "bind :443", "bind "+p.front,
		"/etc/ssl/press/", p.folder+"/", "/etc/haproxy/", p.folder+"/",
	).Replace(text)
}

// runs starts a program in front until the test ends.
func (p proxied) runs(t *testing.T, config string, program ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.folder, "conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program[0], program[1:]...)
	said := &e2etest.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.Env = append(os.Environ(), "HOME="+p.folder, "XDG_CONFIG_HOME="+p.folder) // where Caddy keeps how it was configured
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	e2etest.Eventually(t, "it listens", func() bool {
		select {
		case err := <-ended:
			ended <- nil // for who stops it
			t.Fatalf("%s does not start: %v: %s", program[0], err, said)
		default:
		}
		connection, err := net.Dial("tcp", p.front)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
}

// nginx starts it with one server, and what is said of the domain of the handles.
func (p proxied) nginx(t *testing.T, server, apex string) {
	t.Helper()
	p.runs(t, fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 1; events {}
http {
	access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	root %[1]s;
	%[2]s
	server { listen %[3]s; %[4]s }
}
`, p.folder, p.here(server), p.apex, p.here(apex)), realpart.Program(t, "nginx"), "-c", filepath.Join(p.folder, "conf"), "-e", filepath.Join(p.folder, "error.log"))
}

// apache starts it as Debian sets it up, with compression.
func (p proxied) apache(t *testing.T, host, apex string) {
	t.Helper()
	config := fmt.Sprintf(`ServerRoot %[1]s
PidFile %[1]s/pid
DefaultRuntimeDir %[1]s
ErrorLog %[1]s/error.log
ServerName 127.0.0.1
DocumentRoot %[1]s
Listen %[2]s
Listen %[3]s
`, p.folder, p.front, p.apex)
	if os.Geteuid() == 0 {
		config += "User #65534\nGroup #65534\n"
	}
	for _, module := range []string{"mpm_event", "authz_core", "dir", "mime", "filter", "deflate", "alias", "reqtimeout", "socache_shmcb", "ssl", "proxy", "proxy_http"} {
		config += "LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n"
	}
	config += "TypesConfig /dev/null\nAddOutputFilterByType DEFLATE text/html application/xml application/atom+xml application/activity+json\n"
	config += p.here(host) + "<VirtualHost " + p.apex + ">\n" + p.here(apex) + "</VirtualHost>\n"
	p.runs(t, config, realpart.Program(t, "apache2"), "-D", "FOREGROUND", "-f", filepath.Join(p.folder, "conf"))
}

// caddy starts it with one site, and what is said of the domain of the handles.
func (p proxied) caddy(t *testing.T, site, apex string) {
	t.Helper()
	config := fmt.Sprintf("{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system %[1]s\n}\n%[2]s\nhttp://%[3]s {\n%[4]s}\n",
		p.folder, p.here("\n"+site), p.apex, p.here(apex))
	p.runs(t, config, realpart.Program(t, "caddy"), "run", "--adapter", "caddyfile", "--config", filepath.Join(p.folder, "conf"))
}

// haproxy starts it.
func (p proxied) haproxy(t *testing.T, config string) {
	t.Helper()
	p.runs(t, p.here(config), realpart.Program(t, "haproxy"), "-db", "-q", "-f", filepath.Join(p.folder, "conf"))
}

// TestProxiesOfTheReadme: the web servers in front start with the very examples of the
// README, and what passes through them is right by every rule; also where another site is
// kept on the root.
func TestProxiesOfTheReadme(t *testing.T) {
	t.Parallel()
	const apexOf = 2 // the example for the domain of the handles comes third
	nginx, apache, caddy, haproxy := examples(t, "nginx", 3), examples(t, "apache", 3), examples(t, "caddy", 3), examples(t, "haproxy", 2)
	for name, start := range map[string]func(t *testing.T, p proxied){
		"nginx": func(t *testing.T, p proxied) { p.nginx(t, nginx[0], nginx[apexOf]) },
		"nginx, a site is there": func(t *testing.T, p proxied) {
			p.nginx(t, instead(t, nginx[0], `(?s)    location / \{.*?\}\n`, nginx[1]), nginx[apexOf])
		},
		"Apache": func(t *testing.T, p proxied) { p.apache(t, apache[0], apache[apexOf]) },
		"Apache, a site is there": func(t *testing.T, p proxied) {
			p.apache(t, instead(t, apache[0], `    ProxyPass / .*\n`, apache[1]), apache[apexOf])
		},
		"Caddy": func(t *testing.T, p proxied) { p.caddy(t, caddy[0], caddy[apexOf]) },
		"Caddy, a site is there": func(t *testing.T, p proxied) {
			p.caddy(t, instead(t, caddy[0], `    reverse_proxy .*\n`, caddy[1]+"    root * "+p.folder+"\n    file_server\n"), caddy[apexOf])
		},
		"haproxy": func(t *testing.T, p proxied) {
			p.haproxy(t, haproxy[0]+fmt.Sprintf("\nlisten apex\n    bind %s\n    http-request redirect prefix %s code 301\n", p.apex, p.Base))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := behind(t)
			page := p.Illustrated("A treaty was signed")
			start(t, p)
			p.passes(t, page)
			root := string(p.asked(t, http.MethodGet, "/", "").Body)
			e2etest.Equal(t, "that the other site is kept", root == "The ministry", strings.Contains(name, "a site is there"))
		})
	}
}

// instead replaces a part of an example by another example, as the README says.
func instead(t *testing.T, of, part, by string) string {
	t.Helper()
	found := regexp.MustCompile(part)
	if !found.MatchString(of) {
		t.Fatalf("%s is not in %s", part, of)
	}
	return found.ReplaceAllLiteralString(of, by)
}

var picture = regexp.MustCompile(`/media/[^" ]+`)

// passes checks the site through what is in front, and what a check does not ask: parts of
// pictures, the largest message, and whose request it is.
func (p proxied) passes(t *testing.T, page e2etest.Filed) {
	t.Helper()
	check := p.Program("check", "--quiet", "--url", "https://"+p.front)
	check.Env = append(check.Env, "SSL_CERT_FILE="+filepath.Join(p.folder, "fullchain.pem"))
	if said, err := check.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("check: %v\n%s", err, said)
	}
	part := p.asked(t, http.MethodGet, picture.FindString(string(p.Page(page).Body)), "", "Range", "bytes=0-1")
	e2etest.Equal(t, "a part of a picture", fmt.Sprintf("%d%s", part.Status, part.Body), "206\xff\xd8")
	for _, what := range []string{"/en/feed.atom", strings.TrimPrefix(page.URL, p.Base)} {
		first := p.asked(t, http.MethodGet, what, "", "Accept-Encoding", "gzip")
		again := p.asked(t, http.MethodGet, what, "", "Accept-Encoding", "gzip", "If-None-Match", first.Header.Get("ETag"))
		e2etest.Equal(t, "what has not changed at "+what, fmt.Sprint(first.Status, again.Status), "200 304")
	}
	const escaped = "/en/tags/a%2Fb%20c/"
	e2etest.Equal(t, "an escaped path, as it came", string(p.asked(t, http.MethodGet, escaped, "").Body), string(e2etest.Get(t, p.Base+escaped).Body))
	e2etest.Equal(t, "the largest message", p.asked(t, http.MethodPost, "/ap/inbox", `{"type":"`+strings.Repeat("x", 1<<20-11)+`"}`).Status, 400)
	e2etest.Equal(t, "one that is larger", p.asked(t, http.MethodPost, "/ap/inbox", strings.Repeat("x", 1<<20+1)).Status, 413)
	e2etest.Eventually(t, "the reader is known by the log", func() bool { return strings.Contains(p.Log.String(), "client="+reader+" ") })
	if strings.Contains(p.Log.String(), "client=9.9.9.9 ") {
		t.Error("a reader is believed who names another address")
	}
}

// reader is the address of the client, which names another one.
const reader = "127.0.0.9"

// asked makes a request through what is in front. headers are pairs.
func (p proxied) asked(t *testing.T, method, path, body string, headers ...string) e2etest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "https://"+p.front+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = strings.TrimPrefix(p.Base, "http://")
	r.Header.Set("X-Forwarded-For", "9.9.9.9")
	if body != "" {
		r.Header.Set("Content-Type", e2etest.ActivityJSON)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{
		DisableCompression: true, TLSClientConfig: &tls.Config{RootCAs: trusted(t, p.folder), MinVersion: tls.VersionTLS12},
		DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(reader)}}).DialContext,
	}
	defer transport.CloseIdleConnections()
	got, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return e2etest.Read(t, got)
}
