package site

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestDeskBehindProxies: people come to the desk through the web servers of the README's
// examples, with the desk's host and port in the place of the site's, and have a cookie that
// is bound to that host.
func TestDeskBehindProxies(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(p proxied, site string){
		"nginx":  func(p proxied, _ string) { p.nginx(t, examples(t, "nginx", 3)[0], "") },
		"Apache": func(p proxied, _ string) { p.apache(t, examples(t, "apache", 3)[0], "") },
		"Caddy":  func(p proxied, _ string) { p.caddy(t, examples(t, "caddy", 3)[0], "") },
		"haproxy": func(p proxied, site string) { // which tells the desk from the site by its host
			all := examples(t, "haproxy", 2)
			config := instead(t, all[0], `(?s)frontend press\n.*?\n\n`, all[1]+"\n")
			p.haproxy(t, strings.NewReplacer("10.0.0.5:8080", site, "10.0.0.6:8080", site, "10.0.0.5:8481", strings.TrimPrefix(p.Base, "http://"),
				"10.0.0.6:8481", strings.TrimPrefix(p.Base, "http://"), "desk.mfa.example", p.front, "/etc/haproxy/desk.pem", "/etc/haproxy/press.pem").Replace(config))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := e2etest.NewSite(t)
			desk := s.DeskAddress()
			p := proxied{Site: &e2etest.Site{Base: "http://" + desk}, front: e2etest.FreePort(t), apex: e2etest.FreePort(t), folder: t.TempDir()}
			s.Configure(desk+"\"\n  url: \"\"", desk+"\"\n  url: \"https://"+p.front+"\"")
			certify(t, p.folder)
			if err := os.Chmod(filepath.Dir(p.folder), 0o755); err != nil { // the server in front is another user
				t.Fatal(err)
			}
			s.Serve()
			start(p, strings.TrimPrefix(s.Base, "http://"))
			o := s.Officer(t, "a.silva", "editor")
			o.SetUpFactor()
			got := o.Get("/")
			e2etest.Equal(t, "the overview", got.Status, http.StatusOK)
			e2etest.Equal(t, "the cookie", o.Session().Name, "__Host-desk")
			e2etest.Equal(t, "that it is kept nowhere", got.Header.Get("Cache-Control"), "no-store")
			e2etest.Equal(t, "another host", e2etest.Get(t, p.Base+"/sign-in").Status, http.StatusMisdirectedRequest)
		})
	}
}
