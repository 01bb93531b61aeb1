package desk

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"communique/storage/press"
)

// whose is for each route who may have it. A new route without a line here fails.
var whose = map[string]string{
	"GET /style":                         "anybody",
	"GET /script":                        "anybody",
	"GET /sign-in":                       "anybody",
	"GET /passkeys.js":                   "anybody",
	"GET /sign-in/passkey":               "anybody",
	"POST /sign-in/passkey":              "anybody",
	"POST /sign-in":                      "anybody",
	"GET /sign-in/provider":              "anybody",
	"GET /sign-in/provider/return":       "anybody",
	"POST /sign-out":                     "anybody",
	"GET /invitation/{token}":            "anybody",
	"POST /invitation/{token}":           "anybody",
	"GET /keys-script":                   "anybody",
	"GET /keys":                          "who has signed in",
	"GET /account":                       "who has signed in",
	"POST /account/password":             "who has signed in",
	"POST /account/zone":                 "who has signed in",
	"GET /account/second-factor":         "who has signed in",
	"POST /account/second-factor":        "who has signed in",
	"GET /account/passkeys":              "who has signed in",
	"POST /account/passkeys":             "who has signed in",
	"POST /account/passkeys/removal":     "who has signed in",
	"POST /confirm/passkey":              "who has signed in",
	"GET /confirm":                       "who has signed in",
	"POST /confirm":                      "who has signed in",
	"GET /":                              "who is ready",
	"GET /articles":                      "who is ready",
	"GET /articles/{id}":                 "who is ready",
	"GET /articles/{id}/media/{name}":    "who is ready",
	"GET /articles/{id}/reach":           "who is ready",
	"POST /articles/{id}/reach":          "who is ready, and may there",
	"GET /articles/{id}/report":          "who is ready",
	"GET /articles/{id}/report.csv":      "who is ready",
	"GET /articles/{id}/report.json":     "who is ready",
	"GET /files/withdrawn":               "who is ready",
	"GET /files/{hash}/withdrawal":       "who has just shown their second factor, and may there",
	"POST /files/{hash}/withdrawal":      "who has just shown their second factor, and may there",
	"GET /calendar":                      "who is ready",
	"POST /articles/{id}/review":         "who has just shown their second factor, and may there",
	"GET /alarms/{id}":                   "who is ready, and may there",
	"POST /alarms/{id}":                  "who is ready, and may there",
	"POST /articles/{id}/correction":     "who is ready, and may there",
	"POST /articles/{id}/unchanged":      "who is ready, and may there",
	"POST /articles/{id}/languages":      "who is ready, and may there",
	"GET /articles/{id}/rest":            "who has just shown their second factor, and may there",
	"POST /articles/{id}/rest":           "who has just shown their second factor, and may there",
	"GET /manuscripts":                   "who is ready",
	"GET /manuscripts/new":               "who is ready, and may there",
	"POST /manuscripts/new":              "who is ready, and may there",
	"GET /manuscripts/{id}":              "who is ready, and may there",
	"GET /manuscripts/{id}/edit":         "who is ready, and may there",
	"POST /manuscripts/{id}/edit":        "who is ready, and may there",
	"GET /manuscripts/{id}/comparison":   "who is ready, and may there",
	"GET /manuscripts/{id}/media/{name}": "who is ready, and may there",
	"GET /manuscripts/{id}/file":         "who is ready, and may there",
	"POST /manuscripts/{id}/submission":  "who is ready, and may there",
	"POST /manuscripts/{id}/return":      "who is ready, and may there",
	"POST /manuscripts/{id}/remarks":     "who is ready, and may there",
	"GET /manuscripts/{id}/languages":    "who is ready, and may there",
	"POST /manuscripts/{id}/languages":   "who is ready, and may there",

	"POST /manuscripts/{id}/languages/rule": "who is ready, and may there",
	"POST /manuscripts/{id}/end":            "who is ready, and may there",
	"GET /articles/{id}/withdrawal":         "who has just shown their second factor, and may there",
	"POST /articles/{id}/withdrawal":        "who has just shown their second factor, and may there",
	"POST /manuscripts/{id}/approval":       "who has just shown their second factor, and may there",
	"GET /answers":                          "who is ready",
	"GET /answers/{token}":                  "who is ready, and may there",
	"POST /answers/{token}/decision":        "who is ready, and may there",
	"POST /answers/{token}/evidence":        "who is ready, and may there",
	"GET /evidence":                         "who is ready",
	"GET /evidence/{token}":                 "who is ready, and may there",
	"GET /evidence/{token}/original":        "who is ready, and may there",
	"GET /evidence/{token}/key":             "who is ready, and may there",
	"GET /reports":                          "operators",
	"POST /reports/{id}/dismissal":          "operators",
	"GET /blocks":                           "operators",
	"GET /blocks/new":                       "operators",
	"POST /blocks/new":                      "operators",
	"POST /blocks/end":                      "operators",
	"GET /audit":                            "operators",
	"GET /people":                           "operators",
	"GET /people/invite":                    "operators",
	"POST /people/invite":                   "operators",
	"GET /people/{login}":                   "operators",
	"POST /people/{login}/grants":           "operators",
	"POST /people/{login}/invitation":       "operators",
	"POST /people/{login}/removal":          "operators",
	"GET /rights":                           "who has just shown their second factor, and may there",
	"POST /rights/{login}/agreement":        "who has just shown their second factor, and may there",
	"POST /rights/{login}/refusal":          "who has just shown their second factor, and may there",

	"GET /articles/{id}/withdrawal/proposal":  "who is ready, and may there",
	"POST /articles/{id}/withdrawal/proposal": "who is ready, and may there",
	"POST /manuscripts/{id}/withdrawal":       "who is ready, and may there",
	"POST /manuscripts/{id}/recall":           "who is ready, and may there",
	"POST /manuscripts/{id}/assignment":       "who is ready, and may there",
	"GET /manuscripts/{id}/people":            "who is ready, and may there",
	"POST /manuscripts/{id}/people":           "who is ready, and may there",
	"POST /manuscripts/{id}/submission/end":   "who is ready, and may there",
	"GET /manuscripts/{id}/links":             "who is ready, and may there",
	"POST /manuscripts/{id}/links":            "who is ready, and may there",
	"GET /rules":                              "operators",
	"POST /rules":                             "operators",
	"POST /rules/agreement":                   "who has just shown their second factor, and may there",
	"POST /rules/refusal":                     "who has just shown their second factor, and may there",
	"GET /articles/{id}/file":                 "who is ready",
	"POST /manuscripts/{id}/typed":            "anybody", // whose form it is, which is theirs alone
	"POST /manuscripts/{id}/typed/end":        "who is ready",
	"POST /manuscripts/{id}/typed/correction": "who is ready, and may there",
}

// led is where those are led who lack something; "" lets them in.
func led(whom, route string) string {
	who := whose[route]
	switch {
	case who == "anybody":
		return ""
	case whom == "nobody":
		return "/sign-in"
	case whom == "stale operator" && (strings.HasSuffix(route, "/account/second-factor") || strings.Contains(route, "/account/passkeys")):
		return "/confirm" // before they replace it
	case who == "who has signed in":
		return ""
	case strings.HasPrefix(whom, "new "):
		return "/account/second-factor"
	case who == "who is ready", whom == "operator" && who == "operators":
		return ""
	case who == "who is ready, and may there":
		return "by the newsroom"
	case whom == "stale operator":
		return "/confirm"
	case who == "who has just shown their second factor, and may there":
		return map[bool]string{true: "/confirm", false: "by the newsroom"}[whom == "reader" || whom == "author" || whom == "editor"]
	}
	return "403"
}

// routesOf are all routes, as the router has them.
func routesOf(t *testing.T, d *Desk) (all []string) {
	t.Helper()
	err := chi.Walk(d.router(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		all = append(all, method+" "+strings.NewReplacer(d.pages.styleURL, "/style", d.pages.scriptURL, "/script", d.pages.passkeyURL, "/passkeys.js", d.pages.keysURL, "/keys-script").Replace(route))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestA39WhoMayHaveWhat: each route is had by those whose it is, and others are led to what
// they lack, or refused.
func TestA39WhoMayHaveWhat(t *testing.T) {
	t.Parallel()
	h := newHouse(t, provided(t))
	a := h.publish("Treaty on harbours signed")
	h.invite("root", "operator")
	h.signedIn("victim", "reader")
	manuscript := h.written("Fisheries talks")
	people := map[string]*browser{"nobody": h.browser()}
	for whom, login := range map[string]string{"new approver": "n.a", "new alone": "n.b", "new operator": "n.c"} {
		b := h.browser()
		b.takes(h.invite(login, strings.TrimPrefix(whom, "new ")))
		people[whom] = b
	}
	people["stale operator"] = h.signedIn("s.o", "operator")
	h.clock.Pass(freshFor)
	for _, role := range []string{"reader", "author", "editor", "approver", "alone", "operator"} {
		people[role] = h.signedIn(role+".one", role)
	}
	routes := routesOf(t, h.desk)
	if len(routes) != len(whose) {
		t.Errorf("there are %d routes, and %d are known", len(routes), len(whose))
	}
	// Signing out comes last.
	slices.SortFunc(routes, func(a, b string) int {
		return strings.Compare(strings.Replace(a, "POST /sign-out", "z", 1), strings.Replace(b, "POST /sign-out", "z", 1))
	})
	for whom, b := range people {
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, route := range routes {
			if whose[route] == "" {
				t.Fatalf("%s: nobody has said whose it is", route)
			}
			method, path, _ := strings.Cut(route, " ")
			path = strings.NewReplacer("/manuscripts/{id}", "/manuscripts/"+manuscript, "/style", h.desk.pages.styleURL, "/script", h.desk.pages.scriptURL, "/passkeys.js", h.desk.pages.passkeyURL, "/keys-script", h.desk.pages.keysURL, "{id}", string(a.ID), "{login}", "victim", "{token}", "none", "{hash}", strings.Repeat("0", 32), "{name}", "none.jpg").Replace(path)
			if route == "GET /sign-in/provider/return" {
				continue // it refuses everybody who was not sent to the provider
			}
			got := b.ask(b.request(method, path, url.Values{}))
			at, _, _ := strings.Cut(got.header.Get("Location"), "?")
			switch want := led(whom, route); {
			case want == "403" && got.status != http.StatusForbidden,
				want == "" && (got.status == http.StatusForbidden || at == "/sign-in" && route != "POST /sign-out"),
				want == "" && at == "/account/second-factor" && !strings.HasPrefix(path, "/confirm"),
				want == "" && at == "/confirm",
				strings.HasPrefix(want, "/") && at != want:
				t.Errorf("%s by %s: %d, led to %q, want %q", route, whom, got.status, at, want)
			}
		}
	}
}

var leadingOn = regexp.MustCompile(`(?:href|action|src)="(/[^"]*)"`)

// crawl reads all that leads on from some addresses, and returns the pages by address.
func (b *browser) crawl(from ...string) map[string]page {
	b.t.Helper()
	seen := map[string]page{}
	for len(from) > 0 {
		path := from[0]
		from = from[1:]
		if _, there := seen[path]; there {
			continue
		}
		got := b.get(path)
		seen[path] = got
		for _, found := range leadingOn.FindAllStringSubmatch(got.body, -1) {
			from = append(from, strings.ReplaceAll(found[1], "&amp;", "&"))
		}
		if len(seen) > 500 {
			b.t.Fatal("the desk has no end")
		}
	}
	return seen
}

// TestA40Embargo: nobody finds a word of what is under embargo, held, withdrawn or cancelled
// where no role of theirs reads it, on no page; who has the right finds it.
func TestA40Embargo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	marker := rand.Text()
	draft := h.publish("Secret "+marker, "published: 2026-12-01 10:00", "lead: More of "+marker)
	gone := h.publish("Gone " + marker)
	open := h.publish("Treaty on harbours signed")
	french := h.publish("Traité "+marker, "language: fr", "published: 2026-12-02 10:00", "translation_of: "+string(draft.ID))
	if _, err := h.room.Withdraw(t.Context(), gone.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	h.invite("root", "operator")
	pages := []string{"/", "/articles", "/calendar", "/files/withdrawn", "/audit", "/people", "/articles?text=" + marker, "/articles?state=embargoed", "/articles?state=withdrawn", "/articles?language=fr", "/articles/" + string(open.ID)}
	for _, tt := range []struct {
		roles []string
		sees  []press.Article
	}{
		{[]string{"reader:the-minister"}, nil},
		{[]string{"editor::ar"}, nil},
		{[]string{"author:the-minister", "approver:the-minister:fr"}, nil},
		{[]string{"operator"}, nil},
		{[]string{"alone:the-minister"}, nil},
		{[]string{"operator", "reader::fr"}, []press.Article{french}},
		{[]string{"editor:statements:en"}, []press.Article{draft, gone}},
		{[]string{"operator", "reader"}, []press.Article{draft, gone, french}},
	} {
		b := h.signedIn("p"+strings.ToLower(rand.Text()), tt.roles...)
		for path, got := range b.crawl(pages...) {
			found := got.body
			for _, a := range tt.sees {
				for _, text := range []string{a.Title, a.Lead} {
					if text != "" {
						found = strings.ReplaceAll(found, text, "")
					}
				}
			}
			found = strings.ReplaceAll(found, `value="`+marker+`"`, "") // what they looked for
			found = strings.ReplaceAll(found, "text="+marker, "")
			if strings.Contains(found, marker) {
				t.Errorf("%v at %s find the embargoed words:\n%s", tt.roles, path, found)
			}
		}
		list := b.get("/articles").body
		for _, a := range []press.Article{draft, gone, french} {
			sees := slices.ContainsFunc(tt.sees, func(s press.Article) bool { return s.ID == a.ID })
			if strings.Contains(list, a.Title) != sees {
				t.Errorf("%v see %s in the list: %v", tt.roles, a.Title, !sees)
			}
			got, none := b.get("/articles/"+string(a.ID)), b.get("/articles/"+string(press.NewArticleID()))
			if want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[sees]; got.status != want {
				t.Errorf("%v read %s: %d, want %d", tt.roles, a.Title, got.status, want)
			}
			if !sees && got.body != none.body {
				t.Errorf("%v learn that %s is there:\n%s", tt.roles, a.Title, got.body)
			}
		}
		if !strings.Contains(list, open.Title) {
			t.Errorf("%v don't see what is public", tt.roles)
		}
	}
	if strings.Contains(h.log.String(), marker) {
		t.Error("the log has the words")
	}
}

// TestA40Pictures: the picture of an article under embargo is seen on the desk by those who
// may read it, and by no other way.
func TestA40Pictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.publish("Fisheries talks", "published: 2026-12-01 10:00", "images: [{src: harbour.png, alt: The harbour}]")
	other := h.publish("Treaty on harbours signed")
	h.invite("root", "operator")
	reader, stranger := h.signedIn("a.silva", "reader"), h.signedIn("b.costa", "reader::fr")
	_, src, _ := strings.Cut(reader.get("/articles/"+string(a.ID)).body, `<img src="`)
	src, _, _ = strings.Cut(src, `"`)
	if got := reader.get(src); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" || got.body != string(harbour(t)) {
		t.Errorf("%s: %d, %s", src, got.status, got.header.Get("Content-Type"))
	}
	stranger.is("the picture", stranger.get(src), http.StatusNotFound, "", "Nothing here")
	reader.is("of another article", reader.get(strings.Replace(src, string(a.ID), string(other.ID), 1)), http.StatusNotFound, "", "Nothing here")
	reader.is("of none", reader.get("/articles/"+string(a.ID)+"/media/none.png"), http.StatusNotFound, "", "Nothing here")
}
