package signature

import (
	"errors"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
	"github.com/google/go-cmp/cmp"
)

func TestSignPost(t *testing.T) {
	t.Parallel()
	r := signedPost(t, time.Date(2026, 3, 14, 14, 0, 0, 0, time.FixedZone("EET", 7200)))

	t.Run("S1 S4 form", func(t *testing.T) {
		form := regexp.MustCompile(`^keyId="` + regexp.QuoteMeta(keyID) +
			`",algorithm="rsa-sha256",headers="\(request-target\) host date digest",signature="[A-Za-z0-9+/]{342}=="$`)
		if got := r.Header.Get("Signature"); !form.MatchString(got) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("S5 Date is an IMF-fixdate in GMT", func(t *testing.T) {
		if diff := cmp.Diff("Sat, 14 Mar 2026 12:00:00 GMT", r.Header.Get("Date")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("S6 Digest", func(t *testing.T) {
		if diff := cmp.Diff("SHA-256=GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=", r.Header.Get("Digest")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("go-fed verifies it", func(t *testing.T) {
		v, err := httpsig.NewVerifier(r.Clone(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(&aKey().PublicKey, httpsig.RSA_SHA256); err != nil {
			t.Error(err)
		}
	})
}

// An inbox may have any path. What is signed must be what the wire carries,
// which [Signature.Verify] takes from the request line.
func TestSignedTargetIsTheOneOnTheWire(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"/inbox", "", "?a", "/in%20box", "/in box", "/a%2Fb", "/ünïcode", "/inbox?id=1&x=%20", "/inbox?", "//inbox", "/a;b=c,d",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			r := outgoing(t, http.MethodPost, "https://"+ours+target, inboxBody)
			if err := NewSigner(noon).SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
				t.Fatal(err)
			}
			got := received(t, r)
			s, err := Parse(got, inboxBody, base, noon())
			if err != nil {
				t.Fatal(err)
			}
			if !s.proof.(cavage).verifyTarget(&aKey().PublicKey, httpsig.RSA_SHA256, got.RequestURI) {
				t.Errorf("%s is not what was signed", got.RequestURI)
			}
		})
	}
}

func TestSignAgainReplacesTheSignature(t *testing.T) {
	t.Parallel()
	r := outgoing(t, http.MethodPost, "https://"+ours+"/ap/inbox", inboxBody)
	for _, off := range []time.Duration{-time.Hour * 5, 0} {
		signer := NewSigner(func() time.Time { return noon().Add(off) })
		if err := signer.SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
			t.Fatal(err)
		}
	}
	if err := accept(received(t, r), inboxBody, noon()); err != nil {
		t.Error(err)
	}
}

func TestSignGet(t *testing.T) {
	t.Parallel()
	r := outgoing(t, http.MethodGet, "https://"+ours+"/users/ana?x=1", nil)
	if err := NewSigner(noon).SignGet(r, Key{ID: keyID, Private: aKey()}); err != nil {
		t.Fatal(err)
	}
	if err := accept(received(t, r), nil, noon()); err != nil {
		t.Errorf("S2: %v", err)
	}
}

func TestSignRefusesAnUnusableKey(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]Key{
		"none":      {},
		"no id":     {Private: aKey()},
		"bad id":    {ID: `a",keyId="b`, Private: aKey()},
		"no secret": {ID: keyID},
	} {
		r := outgoing(t, http.MethodGet, "https://"+ours+"/", nil)
		if err := NewSigner(noon).SignGet(r, key); !errors.Is(err, ErrKey) {
			t.Errorf("%s: error %v, want ErrKey", name, err)
		}
	}
}

func TestSignerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	signer := NewSigner(noon)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				r := outgoing(t, http.MethodPost, "https://"+ours+"/ap/inbox", inboxBody)
				if err := signer.SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
					t.Error(err)
				}
				if err := accept(received(t, r), inboxBody, noon()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
