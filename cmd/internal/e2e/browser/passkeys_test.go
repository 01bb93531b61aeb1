package browser

import (
	"encoding/json"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestPasskeys: in a real browser somebody adds a passkey, signs in by it without a password
// or a code, confirms by it, and removes it, after which it opens nothing; and no script is
// kept from running by the policy.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	address := s.DeskAddress()
	desk := "http://localhost:" + address[strings.LastIndex(address, ":")+1:]
	s.Configure(`listen: "`+address+`"`+"\n  url: \"\"", `listen: "`+address+`"`+"\n  url: "+desk)
	s.Serve()
	leo := s.Officer(t, "leo", "operator")
	leo.SetUpFactor()
	run := func(o *e2etest.Officer) map[string]struct{ Step, URL, Text string } {
		t.Helper()
		c := o.Session()
		out, err := withBrowser(t, "puppeteer", "passkeys.mjs", nil, desk, c.Name+"="+c.Value, e2etest.Password).Output()
		if err != nil {
			t.Fatalf("passkeys.mjs: %v", err)
		}
		var steps []struct{ Step, URL, Text string }
		if err := json.Unmarshal(out, &steps); err != nil {
			t.Fatalf("passkeys.mjs printed %q: %v", out, err)
		}
		all := map[string]struct{ Step, URL, Text string }{}
		for _, step := range steps {
			all[step.Step] = step
			// A form that is refused is answered with 422, which a browser tells as an error.
			if step.Step == "failed" || step.Step == "error" && !strings.Contains(step.Text, "422") {
				t.Errorf("%s at %s: %s", step.Step, step.URL, step.Text)
			}
		}
		return all
	}
	seen := run(leo)
	for _, want := range []struct{ step, url, says string }{
		{"added", "/account/passkeys", "My telephone"},
		{"signed out", "/sign-in", "Sign in with a passkey"},
		{"signed in", "/", "Overview"},
		{"asked to confirm", "/confirm?then=/account", "Use your passkey"},
		{"confirmed", "/account", "Passkeys: 1"},
		{"used", "/account/passkeys", "last used"},
		{"removed", "/account/passkeys", "You have none."},
		{"refused", "/sign-in/passkey", "The passkey was not taken."},
	} {
		if got := seen[want.step]; got.URL != want.url || !strings.Contains(got.Text, want.says) {
			t.Errorf("%s: at %q, which says %q; want %q, which says %q", want.step, got.URL, got.Text, want.url, want.says)
		}
	}
	if got := s.Must("audit", "list", "--who", "leo"); strings.Count(got, "added a passkey") != 1 || strings.Count(got, "removed a passkey") != 1 || !strings.Contains(got, "second_factor: passkey") {
		t.Errorf("the audit says\n%s", got)
	}
}
