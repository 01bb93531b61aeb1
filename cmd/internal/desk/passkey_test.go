package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/people"
)

// TestPasswordAlone: of somebody who has a passkey a password opens nothing, until they have
// shown the passkey, too; and a new link takes the passkey away.
func TestPasswordAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	b := h.signedIn("a.silva", "author")
	k, err := h.room.KnownByLogin(t.Context(), "a.silva")
	if err != nil {
		t.Fatal(err)
	}
	key := people.Passkey{ID: "a-key", RP: "desk.mfa.example", Name: "telephone", Credential: []byte(`{"id":"YQ"}`)}
	if _, err := h.room.AddPasskey(t.Context(), k, key); err != nil {
		t.Fatal(err)
	}
	b.is("a session of before", b.get("/"), http.StatusOK, "/sign-in", "Sign in")
	b.is("the password", b.signIn("a.silva", goodPassword, ""), http.StatusOK, "/confirm", "Confirm that it")
	for _, path := range []string{"/", "/account", "/account/passkeys", "/account/second-factor", "/manuscripts"} {
		if got := b.get(path); !strings.HasPrefix(got.path, "/confirm") || strings.Contains(got.body, `aria-label="Desk"`) {
			t.Errorf("%s opens %s", path, got.path)
		}
	}
	b.is("another password", b.post("/account/password", "present", goodPassword, "password", "a new quiet harbour", "again", "a new quiet harbour"), http.StatusOK, "/confirm?then=%2Faccount%2Fpassword", "Confirm")
	for _, forged := range []string{"", "{}", `{"id":"YQ","rawId":"YQ","type":"public-key","response":{}}`} {
		b.is("a forged answer", b.post("/confirm/passkey", "credential", forged), http.StatusUnprocessableEntity, "", "was not taken")
		b.is("a forged sign-in", h.browser().post("/sign-in/passkey", "credential", forged), http.StatusUnprocessableEntity, "", "was not taken")
	}
	link := h.invite("a.silva")
	b = h.browser()
	b.takes(link)
	b.is("after a new link", b.get("/account/passkeys"), http.StatusOK, "", "You have none.")
	if err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error { return tx.UsePasskey(k.ID, key.ID, key.Credential) }); err == nil {
		t.Error("the passkey of before is there still")
	}
}

// TestPasskeysNeedAName: where the desk has no name, or comes in the clear, there are none.
func TestPasskeysNeedAName(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://desk.mfa.example": "desk.mfa.example", "https://desk.mfa.example:8443": "desk.mfa.example", "http://localhost:8481": "localhost",
		"http://desk.mfa.example": "", "https://192.0.2.1": "", "http://127.0.0.1:8481": "", "https://[2001:db8::1]": "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := passkeyHost(u); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
