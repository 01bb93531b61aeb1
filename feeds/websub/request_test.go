package websub

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// form is a good request, changed by pairs of names and values; the value "-"
// takes a parameter out.
func form(change ...string) url.Values {
	v := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {"https://press.example/en/feed.atom"}, "hub.callback": {"https://reader.example/c?x=1"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		if v.Set(change[i], change[i+1]); change[i+1] == "-" {
			v.Del(change[i])
		}
	}
	return v
}

func TestParseRequest(t *testing.T) {
	t.Parallel()
	got, err := ParseRequest(form("hub.secret", "s", "foo", "\xff", "hub.unknown", "x"))
	want := Request{Subscribe, "https://press.example/en/feed.atom", "https://reader.example/c?x=1", usualLease, "s"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = ParseRequest(form("hub.mode", "unsubscribe", "hub.lease_seconds", "nonsense"))
	if err != nil || got.Mode != Unsubscribe || got.Lease != 0 {
		t.Errorf("the end of a subscription: %+v, %v", got, err)
	}
	twice := form()
	twice.Add("hub.topic", "https://press.example/fr/feed.atom")
	twoSecrets := form("hub.secret", "s")
	twoSecrets.Add("hub.secret", "t")
	for name, bad := range map[string]url.Values{
		"a mode in capitals": form("hub.mode", "Subscribe"), "a mode with a blank": form("hub.mode", "subscribe "), "two secrets": twoSecrets,
		"no mode": form("hub.mode", "-"), "another mode": form("hub.mode", "denied"), "a ping": form("hub.mode", "publish"),
		"no topic": form("hub.topic", "-"), "an empty topic": form("hub.topic", ""), "two topics": twice, "no callback": form("hub.callback", "-"),
		"a secret too long": form("hub.secret", strings.Repeat("é", 100)), "no UTF-8": form("hub.secret", "\xff"), "nothing": {},
	} {
		if _, err := ParseRequest(bad); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: error %v, want ErrRefused", name, err)
		}
	}
}

func TestLeases(t *testing.T) {
	t.Parallel()
	for wish, want := range map[string]time.Duration{
		"": usualLease, "1": shortestLease, "300": shortestLease, "301": 301 * time.Second, "864000": usualLease,
		"2592001": longestLease, "99999999999999999999999999": longestLease,
		"0": 0, "00": 0, "-1": 0, "+5": 0, "1.5": 0, "1e9": 0, " 5": 0, "٣": 0, "forever": 0,
	} {
		got, err := grant(wish)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("%q: %s, %v, want %s", wish, got, err, want)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add(form("hub.secret", "s", "hub.lease_seconds", "600").Encode())
	f.Add("hub.mode=unsubscribe&hub.topic=%ff&hub.callback=&hub.callback=x")
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		r, err := ParseRequest(values)
		if err != nil {
			if !errors.Is(err, ErrRefused) {
				t.Fatal(err)
			}
			return
		}
		lease := r.Lease >= shortestLease && r.Lease <= longestLease
		if r.Topic == "" || r.Callback == "" || len(r.Secret) >= 200 || (r.Mode == Subscribe) != lease {
			t.Fatalf("took %+v", r)
		}
	})
}

// TestTheQueryIsKept: parameters are appended to a callback, whose own stay as
// they are (WebSub §5.1.1).
func TestTheQueryIsKept(t *testing.T) {
	t.Parallel()
	for callback, want := range map[string]string{
		"https://reader.example/c":               "https://reader.example/c?hub.mode=a%26b&hub.x=",
		"https://reader.example/c?":              "https://reader.example/c?hub.mode=a%26b&hub.x=",
		"https://reader.example/c?a=%7e&b&&c=1+": "https://reader.example/c?a=%7e&b&&c=1+&hub.mode=a%26b&hub.x=",
		"https://reader.example/c?hub.mode=mine": "https://reader.example/c?hub.mode=mine&hub.mode=a%26b&hub.x=",
	} {
		if got := withParameters(callback, []string{"hub.mode", "a&b", "hub.x", ""}); got != want {
			t.Errorf("%s becomes %s, want %s", callback, got, want)
		}
	}
}

// TestSign holds the signatures to RFC 2202 §3 and RFC 4231 §4.3, test case 2 of
// both: WebSub §7.1.
func TestSign(t *testing.T) {
	t.Parallel()
	for method, want := range map[Method]string{
		"sha1":   "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		"sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		"sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
	} {
		if got := method.Sign("Jefe", []byte("what do ya want for nothing?")); got != string(method)+"="+want || method.check() != nil {
			t.Errorf("%s: %s", method, got)
		}
	}
	if Method("md5").check() == nil {
		t.Error("md5 is taken for a method")
	}
}

// SECURITY A53: a form that breaks off is its sender's fault, and no error of ours.
func TestA53FormsThatBreakOff(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	r := httptest.NewRequest(http.MethodPost, "/websub", io.MultiReader(strings.NewReader("hub.mode="), iotest.ErrReader(io.ErrUnexpectedEOF)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	n.router.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest {
		t.Errorf("answered %d", w.Code)
	}
}
