package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

// TestOneTimePasswordsWorkOnce: each of them, one step off at most, and none of before.
func TestOneTimePasswordsWorkOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	b.is("the one that set it up", b.post("/confirm", "code", b.code(), "then", "/"), http.StatusUnprocessableEntity, "", "was used")
	old := b.nextCode()
	b.is("the next one", b.post("/confirm", "code", old[:3]+" "+old[3:], "then", "/"), http.StatusOK, "/", "Overview")
	b.is("the same again", b.post("/confirm", "code", old, "then", "/"), http.StatusUnprocessableEntity, "", "was used")
	skipped := b.nextCode()
	late := b.nextCode()
	b.is("a later one", b.post("/confirm", "code", late, "then", "/"), http.StatusOK, "/", "Overview")
	b.is("one from before it", b.post("/confirm", "code", skipped, "then", "/"), http.StatusUnprocessableEntity, "", "was used")
	missed := b.nextCode()
	h.clock.Pass(2 * stepLength * time.Second)
	b.is("one of two steps ago", b.post("/confirm", "code", missed, "then", "/"), http.StatusUnprocessableEntity, "", "not right")
	for range ownPace.free {
		b.post("/confirm", "code", "000000")
	}
	b.is("guessing", b.post("/confirm", "code", b.code()), http.StatusTooManyRequests, "", "You can try again in")
}

// TestConfirming: what is done to people needs a second factor that is no older than a
// quarter of an hour, and leads back.
func TestConfirming(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	h.signedIn("b.costa", "reader")
	h.clock.Pass(freshFor)
	b.is("the people", b.get("/people"), http.StatusOK, "/confirm?then=%2Fpeople", "Confirm that it&#39;s you")
	b.is("reading", b.get("/articles"), http.StatusOK, "/articles", "Articles")
	b.is("removing", b.post("/people/b.costa/removal", "sure", "yes"), http.StatusOK, "/confirm?then=%2Fpeople%2Fb.costa", "has not been done")
	b.is("confirmed", b.post("/confirm", "code", b.code(), "then", "/people/b.costa"), http.StatusOK, "/people/b.costa", "Take b.costa from the desk")
	b.is("not ticked", b.post("/people/b.costa/removal"), http.StatusUnprocessableEntity, "", "Nothing was done")
	b.is("removed", b.post("/people/b.costa/removal", "sure", "yes"), http.StatusOK, "/people", "Invite somebody")
	b.is("they are gone", b.get("/people/b.costa"), http.StatusNotFound, "", "Nothing here")
	b.is("the audit has it", b.get("/audit?did=removed"), http.StatusOK, "", "b.costa")
}

// TestInviting: an operator invites, and changes what somebody may do.
func TestInviting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	b.is("no role", b.post("/people/invite", "login", "b.costa"), http.StatusUnprocessableEntity, "", "Choose at least one role")
	b.is("no login", b.post("/people/invite", "login", "B C!", "role0", "reader"), http.StatusUnprocessableEntity, "", "write it in small letters")
	b.is("somebody's login", b.post("/people/invite", "login", "a.silva", "role0", "reader"), http.StatusUnprocessableEntity, "", "Somebody has this login")
	got := b.post("/people/invite", "login", "b.costa", "name", "<b>Bruno</b>", "role0", "author", "section0", "statements", "language0", "fr", "role1", "reader")
	b.is("invited", got, http.StatusOK, "", h.url+"/invitation/")
	_, link, _ := strings.Cut(got.body, h.url)
	link, _, _ = strings.Cut(link, "<")
	other := h.browser()
	other.is("their link", other.takes(link), http.StatusOK, "/account/second-factor", "Set up a second factor")
	other.is("their roles", other.get("/account"), http.StatusOK, "", "author in Statements, Français")
	b.is("their page", b.get("/people/b.costa"), http.StatusOK, "", "&lt;b&gt;Bruno&lt;/b&gt;")
	b.is("other roles", b.post("/people/b.costa/grants", "role0", "editor"), http.StatusOK, "/people", "editor")
	b.is("no role", b.post("/people/b.costa/grants"), http.StatusUnprocessableEntity, "", "Choose at least one role")
	b.is("the last operator", b.post("/people/a.silva/grants", "role0", "editor"), http.StatusUnprocessableEntity, "", "Nobody would be left")
	b.is("a new link", b.post("/people/b.costa/invitation"), http.StatusOK, "", h.url+"/invitation/")
	other.is("what was there counts no longer", other.signIn("b.costa", goodPassword, ""), http.StatusUnprocessableEntity, "", "is not right")
	if strings.Contains(b.get("/audit").body, strings.TrimPrefix(link, "/invitation/")) {
		t.Error("the audit has the secret of a link")
	}
}

// TestA38Guessing: who guesses has to wait, is told for how long, and keeps nobody else out:
// neither the one whose password it is, nor their neighbours.
func TestA38Guessing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	owner := h.signedIn("a.silva", "reader")
	owner.post("/sign-out")
	h.signedIn("b.costa", "reader")
	thief := h.browser()
	for range ownPace.free {
		thief.is("a guess", thief.signIn("a.silva", "not the password", ""), http.StatusUnprocessableEntity, "", "is not right")
	}
	got := thief.signIn("a.silva", goodPassword, "")
	thief.is("too many", got, http.StatusTooManyRequests, "", "You can try again in 30 seconds")
	if got.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After: %s", got.header.Get("Retry-After"))
	}
	for n := range ownPace.free {
		thief.is("nobody's login looks the same", thief.signIn("nobody", fmt.Sprint("not the password", n), ""), http.StatusUnprocessableEntity, "", "is not right")
	}
	thief.is("too many for nobody", thief.signIn("nobody", goodPassword, ""), http.StatusTooManyRequests, "", "You can try again in")
	other := h.browser()
	other.is("another login from there", other.signIn("b.costa", goodPassword, ""), http.StatusOK, "/", "Overview")
	owner.is("the owner at their own machine", owner.signIn("a.silva", goodPassword, ""), http.StatusOK, "/", "Overview")
	wait, err := strconv.Atoi(got.header.Get("Retry-After"))
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Pass(time.Duration(wait) * time.Second)
	thief.is("when it was said", thief.signIn("a.silva", "not the password", ""), http.StatusUnprocessableEntity, "", "is not right")
	thief.is("the next wait is longer", thief.signIn("a.silva", goodPassword, ""), http.StatusTooManyRequests, "", "60 seconds")
	for n := range networkPace.free {
		thief.signIn(fmt.Sprint("nobody", n), "not the password", "")
	}
	thief.is("the network", thief.signIn("b.costa", goodPassword, ""), http.StatusTooManyRequests, "", "You can try again in")
	owner.post("/sign-out")
	owner.is("the owner, in this network, too", owner.signIn("a.silva", goodPassword, ""), http.StatusOK, "/", "Overview")
	if lines := strings.Count(h.log.String(), `msg="sign-in refused"`); lines > 3 {
		t.Errorf("the log has %d lines of one client", lines)
	}
}

// TestA38ManyNetworksOfOne: one machine that has 65,536 networks to guess from has the share of
// a site, and whoever else signs in, from a browser that is known or not, is let in.
func TestA38ManyNetworksOfOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	owner := h.signedIn("a.silva", "reader")
	owner.post("/sign-out")
	from := func(b *browser, address, login, password string) int {
		r := b.request(http.MethodPost, "/sign-in", url.Values{"login": {login}, "password": {password}})
		for _, c := range b.client.Jar.Cookies(r.URL) {
			r.AddCookie(c)
		}
		r.RemoteAddr = "[" + address + "]:4711"
		w := httptest.NewRecorder()
		h.desk.Handler().ServeHTTP(w, r)
		return w.Code
	}
	network := func(n int) string { return fmt.Sprintf("2001:db8:1:%x::1", n) }
	for n := range sitePace.free {
		if got := from(h.browser(), network(n), "a.silva", "not the password"); got != http.StatusUnprocessableEntity {
			t.Fatalf("guess %d: %d", n, got)
		}
	}
	if got := from(h.browser(), network(sitePace.free), "a.silva", goodPassword); got != http.StatusTooManyRequests {
		t.Errorf("one more, from one more network: %d", got)
	}
	if got := from(h.browser(), "2001:db8:2::1", "a.silva", goodPassword); got != http.StatusSeeOther {
		t.Errorf("somebody elsewhere: %d", got)
	}
	if got := from(owner, network(1), "a.silva", goodPassword); got != http.StatusSeeOther {
		t.Errorf("a browser that is known, from there: %d", got)
	}
}

// TestAttemptsAreBounded: however many networks there are, little is kept of them.
func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	at := now
	a := newAttempts(func() time.Time { return at }, func() int { return 1 })
	for n := range mostAttempts + 100 {
		if err := a.begin(counted{fmt.Sprint(n), ownPace}); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.made) > mostAttempts {
		t.Errorf("%d are kept", len(a.made))
	}
	c := counted{"somebody", ownPace}
	var wait waitError
	for range 40 {
		err := a.begin(c)
		if errors.As(err, &wait) {
			at = at.Add(wait.wait)
		}
	}
	if wait.wait > ownPace.most {
		t.Errorf("the wait grows to %s", wait.wait)
	}
	at = at.Add(forgetAfter)
	for range ownPace.free {
		if err := a.begin(c); err != nil {
			t.Errorf("half an hour later: %v", err)
		}
	}
}

// TestHashesAreBounded: of strangers one password is compared at a time, some wait, a few of
// each network, and the others are told to come again. Who is known waits for no stranger.
// Nobody's password takes as much as somebody's.
func TestHashesAreBounded(t *testing.T) {
	t.Parallel()
	h := newHashes(Hashing{Memory: 64, Iterations: 1})
	done, err := h.strangers.turn(t.Context(), "first")
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	waiting := make(chan error)
	for n := range hashesWait {
		if n == hashesOfOne {
			if _, err := h.fits(t.Context(), "network 0", goodPassword, ""); !errors.Is(err, errBusy) {
				t.Errorf("one more of a network that has its share: %v", err)
			}
		}
		go func() {
			_, err := h.fits(ctx, fmt.Sprint("network ", n/hashesOfOne), goodPassword, "")
			waiting <- err
		}()
		for h.strangers.inside() != n+2 {
			time.Sleep(time.Millisecond)
		}
	}
	if _, err := h.fits(t.Context(), "another", goodPassword, ""); !errors.Is(err, errBusy) {
		t.Errorf("one more: %v", err)
	}
	hash, err := h.make(t.Context(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if fits, err := h.fits(t.Context(), "", goodPassword, hash); !fits || err != nil {
		t.Errorf("somebody who is known, meanwhile: %v, %v", fits, err)
	}
	leave() // those who wait go away
	for range hashesWait {
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("who went away: %v", err)
		}
	}
	done()
	if n := h.strangers.inside() + h.known.inside(); n != 0 || len(h.strangers.of)+len(h.known.of) != 0 {
		t.Errorf("%d places stay taken", n)
	}
	if fits, err := h.fits(t.Context(), "network 0", goodPassword, hash); !fits || err != nil {
		t.Errorf("a hash of the password: %v, %v", fits, err)
	}
	if fits, err := h.fits(t.Context(), "network 0", goodPassword, ""); fits || err != nil {
		t.Errorf("nobody's: %v, %v", fits, err)
	}
	strong := newHashes(StrongHashing())
	params, _, _, err := argon2id.DecodeHash(strong.nobody)
	if err != nil || *params != strong.params {
		t.Errorf("nobody's hash costs %+v, %v; somebody's %+v", params, err, strong.params)
	}
}

// TestPasswords: what is too weak is refused, with what to do.
func TestPasswords(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		goodPassword: "", "日本国外務省報道官室の部屋番": "", "short": "12 characters", "aaaaaaaaaaaaaaaa": "that differ",
		"I am A.Silva today": "your login", strings.Repeat("long", 300): "shorter",
		"password1234": "easily guessed", "P4$$w0rd2026!": "easily guessed", "qwertyuiop12": "easily guessed", "Welcome-2026!!!": "easily guessed",
		"0987654321zyx": "easily guessed", "passwordpassword": "easily guessed", "xk3q9xk3q9xk3q9": "easily guessed", "ab1cdab1cdab1cd": "easily guessed",
		"ministry-press-1999": "easily guessed", "Lisboa à beira do rio": "", "password of the otter": "", "k9#vTq2!mWz8": "",
	} {
		if got := weakness(password, "a.silva@mfa.example"); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}
