package feeds_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestFormsSayWhatIsWrong: what cannot be a reader's server comes back in the form, in
// the page's language, with what is wrong; machines get the error.
func TestFormsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	post := func(path, accept string, fields url.Values) *http.Response {
		return n.ask(http.MethodPost, path, strings.NewReader(fields.Encode()),
			"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Accept", accept)
	}
	for entered, want := range map[string]string{
		"":                         "Nothing was entered.",
		"   ":                      "Nothing was entered.",
		"mastodon":                 "“<bdi>mastodon</bdi>” is not the name of a server.",
		"my server":                "“<bdi>my server</bdi>” is not the name of a server.",
		"192.0.2.1":                "“<bdi>192.0.2.1</bdi>” is not the name of a server.",
		"social.example:8443":      "“<bdi>social.example:8443</bdi>” is not the name of a server.",
		"<b>@x":                    "“<bdi>&lt;b&gt;@x</bdi>” is not an address at a server.",
		"@jo hn@social.example":    "“<bdi>@jo hn@social.example</bdi>” is not an address at a server.",
		"me@":                      "“<bdi>me@</bdi>” is not the name of a server.",
		"@@":                       "“<bdi>@@</bdi>” is not the name of a server.",
		"https:///@you":            "“<bdi>https:///@you</bdi>” is not the name of a server.",
		"@you@mastodon":            "“<bdi>mastodon</bdi>” is not the name of a server.",
		"@ministry@press.example":  "“<bdi>@ministry@press.example</bdi>” is our own address.",
		"https://press.example/en": "“<bdi>https://press.example/en</bdi>” is our own address.",
	} {
		for path, label := range map[string]string{"/follow": "Follow from your own server", "/share": "On the fediverse"} {
			fields := url.Values{"server": {entered}, "lang": {"en"}}
			if path == "/share" {
				fields.Set("article", string(a.ID))
			}
			r := post(path, "text/html,*/*;q=0.8", fields)
			page := text(t, r)
			if r.StatusCode != http.StatusBadRequest || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s of %q: status %d, %s", path, entered, r.StatusCode, r.Header.Get("Cache-Control"))
			}
			main, _, _ := strings.Cut(page, "<aside>")
			for _, part := range []string{want, label, `action="` + path + `"`, `aria-invalid="true"`} {
				if !strings.Contains(main, part) {
					t.Errorf("%s of %q lacks %s:\n%s", path, entered, part, main)
				}
			}
			if path == "/share" && !strings.Contains(main, `name="article" value="`+string(a.ID)+`"`) {
				t.Errorf("the form forgets what is shared")
			}
			if machine := post(path, "application/json", fields); machine.StatusCode != http.StatusBadRequest || strings.Contains(text(t, machine), "aria-invalid") {
				t.Errorf("%s of %q to a machine: status %d", path, entered, machine.StatusCode)
			}
		}
	}
	if page := text(t, post("/follow", "text/html", url.Values{"server": {"x"}, "lang": {"fr"}})); !strings.Contains(page, `<html lang="fr"`) || !strings.Contains(page, "n’est pas le nom d’un serveur") {
		t.Errorf("the form in French:\n%s", page)
	}
	for _, fine := range []string{"social.example", "@you@social.example", " https://social.example/@you ", "@social.example", "https://social.example/@you@elsewhere.example"} {
		if r := post("/follow", "text/html", url.Values{"server": {fine}}); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), "https://social.example/") {
			t.Errorf("%q: status %d, %s", fine, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

// TestSearchIsCompressed, as other pages are.
func TestSearchIsCompressed(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	plain, zipped := n.get("/en/search?q=visit"), n.get("/en/search?q=visit", "Accept-Encoding", "gzip")
	if zipped.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("coded %q and %q", zipped.Header.Get("Content-Encoding"), plain.Header.Get("Content-Encoding"))
	}
	for _, r := range []*http.Response{plain, zipped} {
		if !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("Vary %q, %s", r.Header.Get("Vary"), r.Header.Get("Cache-Control"))
		}
	}
	if long, short := len(text(t, plain)), len(text(t, zipped)); short > long/2 {
		t.Errorf("%d bytes became %d", long, short)
	}
}
