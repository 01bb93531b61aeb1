package signature

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAttacks runs the attacks on signatures that servers have suffered; the
// numbers are those of the project's list of attacks.
func TestAttacks(t *testing.T) {
	t.Parallel()
	full := []string{"(request-target)", "host", "date", "digest"}
	without := func(name string) []string {
		var rest []string
		for _, h := range full {
			if h != name {
				rest = append(rest, h)
			}
		}
		return rest
	}
	replaced := func(old, new string) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request {
			r := signedPost(t, noon())
			s := r.Header.Get("Signature")
			if !strings.Contains(s, old) {
				t.Fatalf("%q has no %q", s, old)
			}
			r.Header.Set("Signature", strings.Replace(s, old, new, 1))
			return r
		}
	}
	changed := func(change func(r *http.Request)) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request {
			r := signedPost(t, noon())
			change(r)
			return r
		}
	}
	at := func(off time.Duration) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request { return signedPost(t, noon().Add(off)) }
	}
	covering := func(headers []string) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request { return signedBy(t, headers, 0, nil) }
	}

	for name, attack := range map[string]func(*testing.T) *http.Request{
		"A1 digest/of another body": changed(func(r *http.Request) { r.Header.Set("Digest", Digest([]byte("other"))) }),
		"A1 digest/absent":          changed(func(r *http.Request) { r.Header.Del("Digest") }),
		"A1 digest/of another kind": changed(func(r *http.Request) { r.Header.Set("Digest", "SHA-512=AAAA") }),
		"A1 digest/twice in one header": changed(func(r *http.Request) {
			r.Header.Set("Digest", Digest(inboxBody)+","+Digest(inboxBody))
		}),
		"A1 digest/malformed": changed(func(r *http.Request) { r.Header.Set("Digest", "SHA-256") }),

		"A2 coverage/no (request-target)": covering(without("(request-target)")),
		"A2 coverage/no host":             covering(without("host")),
		"A2 coverage/no date":             covering(without("date")),
		"A2 coverage/no digest":           covering(without("digest")),
		"A2 coverage/date alone":          covering([]string{"date"}),
		"A2 coverage/empty headers": replaced(
			`headers="(request-target) host date digest"`, `headers=""`),
		"A2 coverage/no headers parameter": replaced(
			`headers="(request-target) host date digest",`, ``),
		"A2 coverage/unknown pseudo-header": replaced(
			`headers="(request-target) host`, `headers="(request-target) (method) host`),
		"A2 coverage/signed header absent": replaced(
			`headers="(request-target) host`, `headers="(request-target) x-none host`),
		"A2 coverage/the signature itself": replaced(
			`headers="(request-target) host`, `headers="(request-target) signature host`),

		"A4 window/13 h old":      at(-13 * time.Hour),
		"A4 window/61 min old":    at(-61 * time.Minute),
		"A4 window/2 h ahead":     at(2 * time.Hour),
		"A4 window/date absent":   changed(func(r *http.Request) { r.Header.Del("Date") }),
		"A4 window/date not HTTP": changed(func(r *http.Request) { r.Header.Set("Date", "2026-03-14T12:00:00Z") }),
		"A4 window/expires past": replaced(`,signature="`,
			`,expires=`+strconv.FormatInt(noon().Add(-time.Second).Unix(), 10)+`,signature="`),
		"A4 window/expires in 13 h": replaced(`,signature="`,
			`,expires=`+strconv.FormatInt(noon().Add(13*time.Hour).Unix(), 10)+`,signature="`),
		"A4 window/expires no number": replaced(`,signature="`, `,expires="soon",signature="`),
		"A4 window/(created) for rsa-sha256": replaced(
			`headers="(request-target)`, `created=1773489600,headers="(request-target) (created)`),

		"A5 duplicate/keyId":     replaced(`keyId="`, `keyId="https://victim.example/#key",keyId="`),
		"A5 duplicate/signature": replaced(`,signature="`, `,signature="AAAA",signature="`),
		"A5 duplicate/unknown":   replaced(`keyId="`, `x="1",x="1",keyId="`),
		"A5 duplicate/listed header": replaced(
			`host date digest"`, `host date digest date"`),
		"A5 duplicate/listed header in capitals": replaced(
			`host date digest"`, `host date digest Date"`),
		"A5 duplicate/Signature": changed(func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) }),
		"A5 duplicate/Date":      changed(func(r *http.Request) { r.Header.Add("Date", r.Header.Get("Date")) }),
		"A5 duplicate/Digest":    changed(func(r *http.Request) { r.Header.Add("Digest", r.Header.Get("Digest")) }),
		"A5 duplicate/Host":      changed(func(r *http.Request) { r.Header.Set("Host", ours) }),

		"A6 recipient/another host": changed(func(r *http.Request) { r.Host = "other.example" }),
		"A6 recipient/X-Forwarded-Host": changed(func(r *http.Request) {
			r.Host = "other.example"
			r.Header.Set("X-Forwarded-Host", ours)
		}),
		"A6 target/another inbox":    changed(func(r *http.Request) { r.RequestURI = "/actors/press/inbox" }),
		"A6 target/double slash":     changed(func(r *http.Request) { r.RequestURI = "//ap/inbox" }),
		"A6 target/escaped dot":      changed(func(r *http.Request) { r.RequestURI = "/ap/%2e/inbox" }),
		"A6 target/escaped":          changed(func(r *http.Request) { r.RequestURI = "/ap/%69nbox" }),
		"A6 recipient/absolute form": changed(func(r *http.Request) { r.RequestURI = "https://" + ours + "/ap/inbox" }),
		"A6 target/another verb":     changed(func(r *http.Request) { r.Method = http.MethodPut }),

		"form/absent":             changed(func(r *http.Request) { r.Header.Del("Signature") }),
		"form/empty":              changed(func(r *http.Request) { r.Header.Set("Signature", "") }),
		"form/no keyId":           replaced(`keyId="`, `keyid="`),
		"form/unquoted keyId":     replaced(`keyId="https`, `keyId=https`),
		"form/open quote":         changed(func(r *http.Request) { r.Header.Set("Signature", `keyId="a`) }),
		"form/escaped quote":      replaced(`keyId="`, `keyId="\"`),
		"form/no comma":           replaced(`",algorithm`, `" algorithm`),
		"form/trailing comma":     changed(func(r *http.Request) { r.Header.Set("Signature", r.Header.Get("Signature")+",") }),
		"form/unknown algorithm":  replaced(`"rsa-sha256"`, `"hmac-sha256"`),
		"form/not base64":         replaced(`signature="`, `signature="!`),
		"form/too long":           replaced(`keyId="`, `keyId="`+strings.Repeat("a", maxHeader)),
		"form/in Authorization":   changed(moveToAuthorization),
		"form/two blanks in list": replaced(`(request-target) host`, `(request-target)  host`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := attack(t)
			if err := accept(r, inboxBody, noon()); !errors.Is(err, ErrInvalid) {
				t.Errorf("error %v, want ErrInvalid", err)
			}
			// All but a changed target must be refused before a key is fetched,
			// and were the signature sound: the attackers can sign it themselves.
			_, err := Parse(r, inboxBody, base, noon())
			if got, want := err == nil, strings.HasPrefix(name, "A6 target/"); got != want {
				t.Errorf("Parse: %v", err)
			}
		})
	}

	t.Run("A1 digest/body changed", func(t *testing.T) {
		if err := accept(signedPost(t, noon()), []byte(`{"type":"Delete"}`), noon()); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
	t.Run("A6 target/query altered", func(t *testing.T) {
		r := signedBy(t, full, 0, func(r *http.Request) { r.URL.RawQuery = "a=1" })
		if err := accept(r, inboxBody, noon()); err != nil {
			t.Fatalf("before: %v", err)
		}
		r.RequestURI = "/ap/inbox?a=2"
		if err := accept(r, inboxBody, noon()); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
}

func moveToAuthorization(r *http.Request) {
	r.Header.Set("Authorization", "Signature "+r.Header.Get("Signature"))
	r.Header.Del("Signature")
}

// TestAccepted holds what legitimate peers send.
func TestAccepted(t *testing.T) {
	t.Parallel()
	full := []string{"(request-target)", "host", "date", "digest"}
	edited := func(edit func(string) string) func(*testing.T) *http.Request {
		return func(t *testing.T) *http.Request {
			r := signedPost(t, noon())
			r.Header.Set("Signature", edit(r.Header.Get("Signature")))
			return r
		}
	}
	for name, request := range map[string]func(*testing.T) *http.Request{
		"ours":                   func(t *testing.T) *http.Request { return signedPost(t, noon()) },
		"A4 window/59 min old":   func(t *testing.T) *http.Request { return signedPost(t, noon().Add(-59*time.Minute)) },
		"A4 window/59 min ahead": func(t *testing.T) *http.Request { return signedPost(t, noon().Add(59*time.Minute)) },
		"blanks after commas":    edited(func(s string) string { return strings.ReplaceAll(s, `",`, `", `) }),
		"comma in keyId":         edited(func(s string) string { return strings.Replace(s, "users/ana", "users/a,b=c", 1) }),
		"no algorithm":           edited(func(s string) string { return strings.Replace(s, `algorithm="rsa-sha256",`, "", 1) }),
		"hs2019":                 edited(func(s string) string { return strings.Replace(s, "rsa-sha256", "hs2019", 1) }),
		"unknown parameter":      edited(func(s string) string { return `v="1",` + s }),
		"a proxy's bearer token": func(t *testing.T) *http.Request {
			r := signedPost(t, noon())
			r.Header.Set("Authorization", "Bearer signature")
			return r
		},
		"I3 query signed": func(t *testing.T) *http.Request {
			return signedBy(t, full, 0, func(r *http.Request) { r.URL.RawQuery = "page=1" })
		},
		"I3 query not signed": func(t *testing.T) *http.Request {
			r := signedBy(t, full, 0, nil)
			r.RequestURI += "?page=1"
			return r
		},
		"I3 accept signed": func(t *testing.T) *http.Request {
			return signedBy(t, append(full, "accept"), 0, func(r *http.Request) { r.Header.Set("Accept", "*/*") })
		},
		"second digest of another kind": func(t *testing.T) *http.Request {
			return signedBy(t, full, 0, func(r *http.Request) {
				r.Header.Set("Digest", "sha-512=AAAA,"+strings.Replace(Digest(inboxBody), "SHA", "sha", 1))
			})
		},
		"host in capitals": func(t *testing.T) *http.Request {
			return signedBy(t, full, 0, func(r *http.Request) {
				r.Host = strings.ToUpper(ours)
				r.Header.Set("Host", r.Host)
			})
		},
		"escaped path": func(t *testing.T) *http.Request {
			return signedBy(t, full, 0, func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/ap/in box", "/ap/in%20box" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := accept(request(t), inboxBody, noon()); err != nil {
				t.Error(err)
			}
		})
	}
	// go-fed dates created by the system's clock, so this one is judged by it.
	t.Run("(created) and (expires)", func(t *testing.T) {
		r := signedBy(t, []string{"(request-target)", "(created)", "(expires)", "host", "digest"}, 300, nil)
		if err := accept(r, inboxBody, time.Now()); err != nil {
			t.Error(err)
		}
		if err := accept(r, inboxBody, time.Now().Add(10*time.Minute)); !errors.Is(err, ErrInvalid) {
			t.Errorf("after it expired: error %v, want ErrInvalid", err)
		}
	})
}

func TestParseTellsKeyAndTime(t *testing.T) {
	t.Parallel()
	s, err := Parse(signedPost(t, noon()), inboxBody, base, noon().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{keyID, noon()}, []any{s.KeyID, s.Signed}); diff != "" {
		t.Error(diff)
	}
	if err := s.Verify(&anotherKey(t).PublicKey); !errors.Is(err, ErrInvalid) {
		t.Errorf("with another key: error %v, want ErrInvalid", err)
	}
	if err := s.Verify("no key"); !errors.Is(err, ErrInvalid) {
		t.Errorf("with no key at all: error %v, want ErrInvalid", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"c1.txt", "c2.txt", "c3.txt"} {
		f.Add(vector(f, name), "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=")
	}
	f.Add(`keyId="a,b" , headers="(request-target) host date digest",signature="AA=="`, Digest(inboxBody))
	f.Fuzz(func(t *testing.T, header, digest string) {
		r := &http.Request{Method: http.MethodPost, Host: ours, RequestURI: "/ap/inbox?x", Header: http.Header{
			"Signature": {header}, "Digest": {digest}, "Date": {noon().Format(http.TimeFormat)}}}
		s, err := Parse(r, inboxBody, base, noon())
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%v is not ErrInvalid", err)
			}
			return
		}
		if s.KeyID == "" || strings.ContainsAny(s.KeyID, "\"\r\n") || !s.Signed.Equal(noon()) {
			t.Fatalf("accepted %q as %+v", header, s)
		}
		// Nobody finds a signature by chance.
		if err := s.Verify(&aKey().PublicKey); !errors.Is(err, ErrInvalid) {
			t.Fatalf("verified: %v", err)
		}
	})
}
