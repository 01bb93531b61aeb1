package signature

import (
	"bufio"
	"bytes"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
)

const (
	ours  = "press.example"
	base  = "https://" + ours
	keyID = "https://social.example/users/ana#main-key"
)

var inboxBody = []byte(`{"type":"Follow"}`)

// aKey is made once for all tests: generating one takes a tenth of a second.
var aKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := NewPrivateKey()
	if err != nil {
		panic(err)
	}
	return key
})

func anotherKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func noon() time.Time { return time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC) }

func nearMessageVectors() time.Time { return time.Unix(1618884473, 0).Add(time.Minute) }

func nearVectors() time.Time { return time.Date(2014, 1, 5, 21, 31, 40, 0, time.UTC) }

func outgoing(t *testing.T, method, target string, body []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// received is the request as a server sees it after it went over the wire.
func received(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	return readWire(t, wire.String())
}

func readWire(t *testing.T, wire string) *http.Request {
	t.Helper()
	got, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// signedPost is a sound POST to our inbox, received.
func signedPost(t *testing.T, at time.Time) *http.Request {
	t.Helper()
	r := outgoing(t, http.MethodPost, "https://"+ours+"/ap/inbox", inboxBody)
	signer := NewSigner(func() time.Time { return at })
	if err := signer.SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
		t.Fatal(err)
	}
	return received(t, r)
}

// signedBy makes requests that a Signer never makes: go-fed signs whatever
// headers it is told, for whatever lifetime, at the time of the system clock.
func signedBy(t *testing.T, headers []string, lifetime int64, prepare func(*http.Request)) *http.Request {
	t.Helper()
	r := outgoing(t, http.MethodPost, "https://"+ours+"/ap/inbox", inboxBody)
	r.Header.Set("Host", ours)
	r.Header.Set("Date", noon().Format(http.TimeFormat))
	r.Header.Set("Digest", Digest(inboxBody))
	if prepare != nil {
		prepare(r)
	}
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, headers, httpsig.Signature, lifetime)
	if err != nil {
		t.Fatal(err)
	}
	path := *r.URL
	r.URL = &url.URL{Scheme: path.Scheme, Host: path.Host, Path: path.RequestURI()}
	if err := signer.SignRequest(aKey(), keyID, r, nil); err != nil {
		t.Fatal(err)
	}
	r.URL = &path
	return received(t, r)
}

// accept runs both steps of the verification.
func accept(r *http.Request, body []byte, now time.Time) error {
	s, err := Parse(r, body, base, now)
	if err != nil {
		return err
	}
	return s.Verify(&aKey().PublicKey)
}
