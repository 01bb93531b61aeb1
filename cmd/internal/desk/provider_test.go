package desk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/realpart"
	"communique/storage/delivery/outbound"
	"communique/storage/people"
)

// identities is npm's oidc-provider, by which people of a house sign in.
type identities struct {
	*house
	base string
}

// roleMap is what the houses of these tests have for what the provider says.
func roleMap() map[string][]string {
	return map[string][]string{"press-editors": {"editor"}, "press-approvers": {"approver", "editor"}, "press-root": {"operator"}}
}

// provided has a house with the routes of a provider of identities, of which there is no more than
// the document by which it is found.
func provided(t *testing.T) func(*Options) {
	t.Helper()
	var base string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": base, "authorization_endpoint": base + "/auth", "token_endpoint": base + "/token", "jwks_uri": base + "/keys"})
	}))
	t.Cleanup(server.Close)
	base = server.URL
	return func(o *Options) {
		o.Provider = &ProviderOptions{Issuer: base, ClientID: "desk", Name: "Ministry login", Claim: "roles", Roles: roleMap(), Client: server.Client()}
	}
}

func newIdentities(t *testing.T) *identities {
	t.Helper()
	node, err := filepath.Abs(filepath.Join("testdata", "oidc", "node_modules", ".bin", "node"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(node)
	realpart.Need(t, "oidc-provider (npm ci in cmd/internal/desk/testdata/oidc)", err == nil)
	i := &identities{}
	i.house = newHouse(t, func(o *Options) {
		i.base = startProvider(t, node, o.URL)
		o.Provider = &ProviderOptions{
			Issuer: i.base, ClientID: "desk", Secret: "between-us", Name: "Ministry login", Claim: "roles", Roles: roleMap(),
			Client: &http.Client{Transport: outbound.NewRules(true).Transport(outbound.TransportOptions{})},
		}
	})
	i.invite("root", "operator")
	return i
}

func startProvider(t *testing.T, node, desk string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node, "provider.mjs", desk)
	cmd.Dir = filepath.Join("testdata", "oidc")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has no other way to end
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			go func() { // what else it says must not fill the pipe; it ends with the provider
				for lines.Scan() {
				}
			}()
			return base
		}
	}
	t.Fatal("oidc-provider did not start")
	return ""
}

// who is whoever comes to the provider next.
func (i *identities) who(id, login string, amr []string, roles ...string) {
	i.t.Helper()
	text, err := json.Marshal(map[string]any{"id": id, "amr": amr, "claims": map[string]any{
		"preferred_username": login, "name": "Ana Silva", "email": login + "@mfa.example", "roles": roles,
	}})
	if err != nil {
		i.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(i.t.Context(), http.MethodPut, i.base+"/control/who", bytes.NewReader(text))
	if err != nil {
		i.t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		i.t.Fatal(err)
	}
	if err := got.Body.Close(); err != nil {
		i.t.Error(err)
	}
}

// roles are those that somebody has.
func (i *identities) roles(login string) (all []people.Role) {
	i.t.Helper()
	k, err := i.room.KnownByLogin(i.t.Context(), login)
	if err != nil {
		i.t.Fatal(err)
	}
	for _, g := range k.Grants {
		all = append(all, g.Role)
	}
	return all
}

// TestProvider: people sign in by a real provider of identities, with the roles that the
// configuration has for what it says, and no other; a second factor that they have shown there
// counts here, for a quarter of an hour; whom it says of no role loses what they had.
func TestProvider(t *testing.T) {
	t.Parallel()
	i := newIdentities(t)
	i.who("1", "Ana", []string{"pwd"}, "press-editors", "domain-admins")
	b := i.browser()
	b.is("the choice", b.get("/articles"), http.StatusOK, "/sign-in?then=%2Farticles", "Sign in by <bdi>Ministry login</bdi>")
	b.is("signed in", b.get("/sign-in/provider?then=/articles"), http.StatusOK, "/articles", "Ana Silva")
	if got := i.roles("ana"); !slices.Equal(got, []people.Role{people.Editor}) {
		t.Errorf("roles %v", got)
	}
	if _, err := i.room.Invite(t.Context(), people.Person{Login: "ana"}, nil); err == nil {
		t.Error("somebody makes a link for who signs in by the provider")
	}

	i.who("1", "Ana", []string{"pwd"}, "press-approvers")
	other := i.browser()
	other.is("a strict role without a second factor", other.get("/sign-in/provider"), http.StatusOK, "/account/second-factor", "Your roles need a second factor")
	b.is("a session from before the roles changed", b.get("/articles"), http.StatusOK, "/sign-in?then=%2Farticles", "Sign in")
	i.who("1", "Ana", []string{"pwd", "mfa"}, "press-approvers")
	b.is("with one that was shown there", b.get("/sign-in/provider?then=/rights"), http.StatusOK, "/rights", "Rights that take two")
	i.clock.Pass(freshFor)
	b.is("a quarter of an hour later", b.get("/rights"), http.StatusOK, "/confirm?then=%2Frights", "Show it to <bdi>Ministry login</bdi>")
	b.is("shown anew", b.get("/sign-in/provider?then=/rights"), http.StatusOK, "/rights", "Rights that take two")
	i.who("2", "Rui", []string{"mfa"}, "domain-admins")
	b2 := i.browser() // the provider remembers who came, so that each has their own
	b2.is("somebody without a role", b2.get("/sign-in/provider"), http.StatusForbidden, "", "says of no role")
	i.who("3", "ana", []string{"mfa"}, "press-approvers")
	b2 = i.browser()
	b2.is("another one with a login that is taken", b2.get("/sign-in/provider"), http.StatusForbidden, "", "You were not signed in")
	i.who("", "", nil)
	b2 = i.browser()
	b2.is("whom it does not let in", b2.get("/sign-in/provider"), http.StatusForbidden, "", "You were not signed in")

	i.who("1", "Ana", []string{"mfa"})
	b2 = i.browser()
	b2.is("whose roles were taken there", b2.get("/sign-in/provider"), http.StatusForbidden, "", "says of no role")
	b.is("their session", b.get("/articles"), http.StatusOK, "/sign-in?then=%2Farticles", "Sign in")
	i.who("1", "Ana", []string{"mfa"}, "press-approvers")
	b.is("with roles again", b.get("/sign-in/provider"), http.StatusOK, "/", "Overview")
	if _, err := i.room.RemovePerson(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	b.is("removed here", b.get("/sign-in/provider"), http.StatusForbidden, "", "taken from the desk")
	if strings.Contains(i.log.String(), "between-us") {
		t.Error("the log has the secret")
	}
}

// TestProviderAnswersOnce: an answer that was not asked for, answers another question, or has
// been taken, signs nobody in.
func TestProviderAnswersOnce(t *testing.T) {
	t.Parallel()
	i := newIdentities(t)
	i.who("1", "ana", []string{"mfa"}, "press-editors")
	const back = "/sign-in/provider/return"
	b := i.browser()
	b.is("not asked for", b.get(back+"?code=x&state=y"), http.StatusForbidden, "", "You were not signed in")
	// asked is where the desk sends somebody.
	asked := func() url.Values {
		t.Helper()
		follow := b.client.CheckRedirect
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		defer func() { b.client.CheckRedirect = follow }()
		u, err := url.Parse(b.get("/sign-in/provider").header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		return u.Query()
	}
	q := asked()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("prompt") != "login" {
		t.Errorf("the provider is asked %v", q)
	}
	b.is("another state", b.get(back+"?code=x&state=y"), http.StatusForbidden, "", "You were not signed in")
	b.is("the right one, after that", b.get(back+"?code=x&state="+q.Get("state")), http.StatusForbidden, "", "You were not signed in")
	q = asked()
	b.is("another provider", b.get(back+"?code=x&iss=https://evil.example&state="+q.Get("state")), http.StatusForbidden, "", "You were not signed in")
	q = asked()
	b.is("a code that it has not given", b.get(back+"?code=x&state="+q.Get("state")), http.StatusForbidden, "", "You were not signed in")

	var last string
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == back {
			last = r.URL.RequestURI()
		}
		return nil
	}
	b.is("signed in", b.get("/sign-in/provider"), http.StatusOK, "/", "Overview")
	thief := i.browser()
	thief.is("the same answer in another browser", thief.get(last), http.StatusForbidden, "", "You were not signed in")
	b.is("the same answer again", b.get(last), http.StatusForbidden, "", "You were not signed in")
	for _, then := range []string{"//evil.example", `/\evil.example`, "https://evil.example/"} {
		b.is("elsewhere", b.get("/sign-in/provider?"+url.Values{"then": {then}}.Encode()), http.StatusOK, "/", "Overview")
	}
}

// TestProviderAway: a provider that is not there keeps nobody from signing in by a password.
func TestProviderAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *Options) {
		o.Provider = &ProviderOptions{Issuer: "http://127.0.0.1:1", Name: "Ministry login", Roles: roleMap(), Client: &http.Client{Timeout: time.Minute}}
	})
	h.signedIn("a.silva", "operator")
	b := h.browser()
	b.is("by the provider", b.get("/sign-in/provider"), http.StatusForbidden, "", "You were not signed in by Ministry login")
	if !strings.Contains(h.log.String(), "sign-in by the provider refused") {
		t.Errorf("the log:\n%s", h.log.String())
	}
	b.is("by a password", b.takes(h.invite("b.costa", "reader")), http.StatusOK, "/account/second-factor", "Not now")
}
