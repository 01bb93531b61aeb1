package desk

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/people"
)

// TestSessionsEnd: whatever changes what somebody may do, or signs in by, ends what they are
// signed in by; and so does time.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	for _, tt := range []struct {
		name string
		does func(b *browser)
		ends bool
	}{
		{"nothing", func(*browser) {}, false},
		{"a role is taken", func(*browser) {
			if _, err := h.room.Grant(t.Context(), "a.silva", []people.Grant{{Role: people.Reader, Language: "fr"}}); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"another invitation", func(*browser) { h.invite("a.silva") }, true},
		{"the password is changed elsewhere", func(*browser) {
			other := h.browser()
			other.signIn("a.silva", goodPassword, "")
			other.is("changed", other.post("/account/password", "present", goodPassword, "password", "a new quiet harbour", "again", "a new quiet harbour"), http.StatusOK, "/account?changed", "Your password was changed")
			other.is("the one who changed it stays", other.get("/"), http.StatusOK, "/", "Overview")
		}, true},
		{"a second factor is set up elsewhere", func(*browser) {
			other := h.browser()
			other.signIn("a.silva", goodPassword, "")
			other.is("set up", other.setsUp(), http.StatusOK, "/account", "Set up since")
		}, true},
		{"they are removed", func(*browser) {
			if _, err := h.room.RemovePerson(t.Context(), "a.silva"); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"a backup is put back", func(*browser) {
			if err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error { return tx.EndAll() }); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"eight hours without a request", func(*browser) { h.clock.Pass(idleFor) }, true},
		{"seven hours, and then five more", func(b *browser) {
			h.clock.Pass(7 * time.Hour)
			b.get("/")
			h.clock.Pass(5 * time.Hour)
		}, false},
		{"a day in which they were there", func(b *browser) {
			for range 6 {
				h.clock.Pass(4 * time.Hour)
				b.get("/")
			}
		}, true},
	} {
		b := h.browser()
		if !strings.Contains(b.signIn("a.silva", goodPassword, "").body, "Overview") {
			b = h.browser()
			if _, err := h.room.KnownByLogin(t.Context(), "a.silva"); err == nil {
				b.takes(h.invite("a.silva"))
			} else {
				b = h.signedIn("a.silva", "reader")
			}
		}
		b.is(tt.name+": before", b.get("/"), http.StatusOK, "/", "Overview")
		tt.does(b)
		if got := b.get("/"); strings.Contains(got.body, "<h1>Sign in") != tt.ends {
			t.Errorf("%s: ends the session: %v\n%s", tt.name, !tt.ends, got.body)
		}
		if tt.name == "they are removed" {
			return
		}
	}
}

// TestSessionIsOnlyKnownToItsHolder: the store has no token, a token moves when somebody
// signs in, and what a stranger brings along is not taken.
func TestSessionIsOnlyKnownToItsHolder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	cookie := func() *http.Cookie {
		t.Helper()
		for _, c := range b.client.Jar.Cookies(b.request(http.MethodGet, "/", nil).URL) {
			if c.Name == "desk" {
				return c
			}
		}
		t.Fatal("there is no session")
		return nil
	}
	first := cookie().Value
	b.is("confirmed", b.post("/confirm", "code", b.nextCode(), "then", "/people"), http.StatusOK, "/people", "Invite somebody")
	if cookie().Value == first {
		t.Error("the token stays when more is allowed")
	}
	thief := h.browser()
	r := thief.request(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "desk", Value: first})
	thief.is("the token from before", thief.ask(r), http.StatusOK, "/sign-in", "Sign in")
	r = thief.request(http.MethodPost, "/sign-in", map[string][]string{"login": {"a.silva"}, "password": {goodPassword}, "code": {b.nextCode()}})
	r.AddCookie(&http.Cookie{Name: "desk", Value: "chosen by somebody"})
	thief.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := thief.ask(r)
	set := strings.Join(got.header.Values("Set-Cookie"), "\n")
	if !strings.Contains(set, "desk=") || strings.Contains(set, "chosen by somebody") || !strings.Contains(set, "HttpOnly; SameSite=Lax") {
		t.Errorf("signing in sets %q", set)
	}
	err := h.room.Store.View(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Session(cookie().Value)
		return err
	})
	if err == nil {
		t.Error("the store knows the token")
	}
	before := cookie().Value
	b.post("/sign-out")
	r = thief.request(http.MethodGet, "/account", nil)
	r.AddCookie(&http.Cookie{Name: "desk", Value: before})
	if got := thief.ask(r); got.header.Get("Location") == "" {
		t.Errorf("after signing out the token opens %d", got.status)
	}
}

// TestCookiesOverHTTPS: where people come by https, no cookie goes elsewhere.
func TestCookiesOverHTTPS(t *testing.T) {
	t.Parallel()
	for base, name := range map[string]string{"": "__Host-desk", "/press/desk": "__Secure-desk"} {
		c := (&Desk{secure: true, base: base}).newSessions().Cookie
		if c.Name != name || !c.Secure || !c.HttpOnly || c.Path != base+"/" || c.Domain != "" || c.Persist {
			t.Errorf("the cookie is %+v", c)
		}
	}
}
