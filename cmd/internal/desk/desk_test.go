package desk

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// now is when the tests begin: a Thursday morning in Lisbon.
var now = time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)

// house is a ministry whose desk is open, with a section for statements and one for the
// minister.
type house struct {
	t     testing.TB
	desk  *Desk
	room  newsroom.Desk
	clock *clocktest.Clock
	url   string
	log   log
}

// log is what the desk has written, from whichever goroutine.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newHouse(t testing.TB, otherwise ...func(*Options)) *house {
	t.Helper()
	h := &house{t: t, clock: clocktest.At(now)}
	zone, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), sqlitetest.File(t), h.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.DateIn(t.Context(), zone); err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddSource(publog.Source{Name: publog.ActorSource("ministry"), Kind: publog.Author})
	})
	if err != nil {
		t.Fatal(err)
	}
	h.room = newsroom.Desk{
		Store: store, Site: press.Site{Base: "https://press.mfa.example", Tag: "press.mfa.example,2026"},
		Zone: zone, Language: "en", Languages: []press.Language{"en", "fr", "ar"}, Actor: "ministry", MaxFile: 1 << 20,
		Author: newsroom.Author{Name: "root", Via: newsroom.CommandLine},
	}
	if h.room, err = h.room.OnMachine("a test"); err != nil {
		t.Fatal(err)
	}
	for _, names := range [][]string{{"Statements"}, {"The Minister"}} {
		if _, err := h.room.AddSections(t.Context(), names, newsroom.NewSections{}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	o := Options{
		Store: store, Room: h.room, URL: h.url, Ministry: "Ministry of Foreign Affairs", Access: web.AccessFull,
		Standing: func(context.Context) (Standing, error) { return Standing{Servers: 3}, nil },
		Kinds:    []Kind{{"press-release", "Press release"}, {"speech", "Speech"}},
		Hashing:  Hashing{Memory: 64, Iterations: 1}, Log: slog.New(slog.NewTextHandler(&h.log, nil)),
	}
	for _, change := range otherwise {
		change(&o)
	}
	h.desk, err = New(o)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = h.desk.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return h
}

const goodPassword = "quiet harbour at noon"

// invite invites somebody with roles as people write them, and returns the address of their
// invitation.
func (h *house) invite(login string, roles ...string) string {
	h.t.Helper()
	var grants []people.Grant
	for _, text := range roles {
		g, err := h.room.ParseGrant(h.t.Context(), text)
		if err != nil {
			h.t.Fatal(err)
		}
		grants = append(grants, g)
	}
	i, err := h.room.Invite(h.t.Context(), people.Person{Login: login, Name: strings.ToUpper(login)}, grants)
	if err != nil {
		h.t.Fatal(err)
	}
	return "/invitation/" + i.Token
}

// publish files an article: one under embargo if published is in the future.
func (h *house) publish(title string, fields ...string) press.Article {
	h.t.Helper()
	front := "---\ntitle: " + title + "\nsection: statements\n"
	for _, f := range fields {
		if strings.HasPrefix(f, "section:") {
			front = strings.Replace(front, "section: statements\n", "", 1)
		}
		front += f + "\n"
	}
	doc, err := h.room.Read("article.md", []byte(front+"---\n\nThe text of it: "+title+".\n"), fstest.MapFS{"harbour.png": {Data: harbour(h.t)}})
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := h.room.File(h.t.Context(), doc, newsroom.Filing{Again: true})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Article
}

// harbour is a picture beside each document.
func harbour(t testing.TB) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	m.SetGray(1, 1, color.Gray{200})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// browser is somebody at a machine.
type browser struct {
	*house
	client *http.Client
	secret string // of their one-time passwords, once they have them
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{house: h, client: &http.Client{Jar: jar}}
}

// page is an answer.
type page struct {
	status int
	path   string // with the query, after all redirects
	body   string
	header http.Header
}

func (b *browser) ask(r *http.Request) page {
	b.t.Helper()
	got, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{got.StatusCode, got.Request.URL.RequestURI(), string(body), got.Header}
}

func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.ask(b.request(http.MethodGet, path, nil))
}

// post sends a form, of names and values.
func (b *browser) post(path string, fields ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.ask(b.request(http.MethodPost, path, form))
}

// code is the one-time password that their app shows.
func (b *browser) code() string {
	b.t.Helper()
	code, err := totp.GenerateCodeCustom(b.secret, b.clock.Now(), oneTime)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

// nextCode waits until the app shows another one.
func (b *browser) nextCode() string {
	b.clock.Pass(stepLength * time.Second)
	return b.code()
}

// takes takes an invitation.
func (b *browser) takes(invitation string) page {
	b.t.Helper()
	return b.post(invitation, "password", goodPassword, "again", goodPassword)
}

// setsUp sets up a second factor, as its page says.
func (b *browser) setsUp() page {
	b.t.Helper()
	_, rest, ok := strings.Cut(b.get("/account/second-factor").body, `<code class="key">`)
	if !ok {
		b.t.Fatal("there is no key to set up")
	}
	key, _, _ := strings.Cut(rest, "<")
	b.secret = strings.ReplaceAll(key, " ", "")
	return b.post("/account/second-factor", "code", b.code(), "present", goodPassword)
}

// signedIn is somebody new with roles, who has signed in, and with a second factor if they
// need one.
func (h *house) signedIn(login string, roles ...string) *browser {
	h.t.Helper()
	b := h.browser()
	got := b.takes(h.invite(login, roles...))
	k, err := h.room.KnownByLogin(h.t.Context(), login)
	if err != nil {
		h.t.Fatal(err)
	}
	if k.MayAnywhere(people.Strict()...) {
		got = b.setsUp()
	}
	if got.status != http.StatusOK {
		h.t.Fatalf("%s does not get in: %d\n%s", login, got.status, got.body)
	}
	return b
}

// signIn signs in.
func (b *browser) signIn(login, password, code string) page {
	b.t.Helper()
	return b.post("/sign-in", "login", login, "password", password, "code", code)
}

// is fails the test unless a page is what is expected, and says something.
func (b *browser) is(what string, got page, status int, path, says string) {
	b.t.Helper()
	_, main, _ := strings.Cut(got.body, "<main")
	if got.status != status || path != "" && got.path != path || !strings.Contains(got.body, says) {
		b.t.Errorf("%s: %d at %s; want %d at %s, which says %q\n%s", what, got.status, got.path, status, path, says, strings.TrimSpace(main))
	}
}

// TestStory: somebody is invited, chooses a password and a second factor, reads, signs out
// and in again.
func TestStory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	treaty := h.publish("Treaty on harbours signed")
	later := h.publish("Fisheries talks", "published: 2026-12-01 10:00")
	b := h.browser()
	invitation := h.invite("a.silva", "editor")
	b.is("before anything", b.get("/articles?state=published"), http.StatusOK, "/sign-in?then=%2Farticles%3Fstate%3Dpublished", "Sign in")
	for range 2 { // a look at it does not use it up
		b.is("the invitation", b.get(invitation), http.StatusOK, invitation, "<bdi>a.silva</bdi>")
	}
	b.is("a short password", b.post(invitation, "password", "short", "again", "short"), http.StatusUnprocessableEntity, "", "at least 12 characters")
	b.is("two passwords", b.post(invitation, "password", goodPassword, "again", goodPassword+"s"), http.StatusUnprocessableEntity, "", "The two passwords differ")
	b.is("the invitation is taken", b.takes(invitation), http.StatusOK, "/account/second-factor", "Your roles need a second factor") // the first one is an operator
	b.is("it cannot be taken again", h.browser().takes(invitation), http.StatusNotFound, "", "Nothing here")
	b.is("without the second factor", b.get("/"), http.StatusOK, "/account/second-factor", "data:image/png;base64,")
	b.is("the second factor", b.setsUp(), http.StatusOK, "/account", "Set up since")
	b.is("the overview", b.get("/"), http.StatusOK, "/", "Tuesday 1 December 2026, <b>10:00</b>")
	b.is("what goes out is there", b.get("/"), http.StatusOK, "/", later.Title)
	b.is("what was published is there", b.get("/"), http.StatusOK, "/", treaty.Title)
	b.is("the list", b.get("/articles?text=harbours"), http.StatusOK, "", treaty.Title)
	b.is("an article", b.get("/articles/"+string(later.ID)), http.StatusOK, "", "The text of it: Fisheries talks.")
	b.is("the calendar", b.get("/calendar"), http.StatusOK, "", "Tuesday 1 December 2026</h3>")
	b.is("the people", b.get("/people"), http.StatusOK, "/people", "a.silva")
	b.is("the audit", b.get("/audit?who=a.silva"), http.StatusOK, "", "took an invitation")
	b.is("signed out", b.post("/sign-out"), http.StatusOK, "/sign-in", "Sign in")
	b.is("nothing without a session", b.get("/"), http.StatusOK, "/sign-in", "Sign in")
	b.is("a wrong password", b.signIn("a.silva", "loud harbour at noon", b.nextCode()), http.StatusUnprocessableEntity, "", "is not right")
	b.is("no code", b.signIn("a.silva", goodPassword, ""), http.StatusUnprocessableEntity, "", "is not right")
	b.is("signed in", b.signIn(" A.Silva ", goodPassword, b.code()), http.StatusOK, "/", "Overview")
	b.is("in another place with the same code", h.browser().signIn("a.silva", goodPassword, b.code()), http.StatusUnprocessableEntity, "", "is not right")
	b.is("what was done stands in the audit", b.get("/audit?did=signed+in"), http.StatusOK, "", "second factor: totp")
	token := strings.TrimPrefix(invitation, "/invitation/")
	for _, secret := range []string{token, goodPassword, b.secret, later.Title, treaty.Title, "a.silva@"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(h.log.String(), "path=/invitation/{token}") || !strings.Contains(h.log.String(), `msg="sign-in refused" login=a.silva`) {
		t.Errorf("the log:\n%s", h.log.String())
	}
}
