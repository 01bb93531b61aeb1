package fedify

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/federation/signature"
)

// order is what federation/testdata/signatures/judge.mjs is asked for.
type order struct {
	Do        string            `json:"do"`
	Library   string            `json:"library"`
	Scheme    string            `json:"scheme"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Key       string            `json:"key"`
	KeyID     string            `json:"keyId"`
	Algorithm string            `json:"algorithm"`
}

type judgement struct {
	Headers map[string]string `json:"headers"`
	Valid   bool              `json:"valid"`
	Error   string            `json:"error"`
}

func judge(t *testing.T, o order) judgement {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := e2etest.Script(t, "signature libraries", "federation/testdata/signatures", "judge.mjs")
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said judgement
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return said
}

// libraries are the others by which ours is judged, with what each can do.
var libraries = []struct{ library, scheme, algorithm string }{
	{"http-message-signatures", "cavage", "rsa-v1_5-sha256"},
	{"http-message-signatures", "rfc9421", "rsa-v1_5-sha256"},
	{"http-message-signatures", "rfc9421", "ed25519"},
	{"peertube", "cavage", "rsa-v1_5-sha256"},
}

// TestLibrariesSignForUs: what they sign, our inbox takes; what was altered on
// the way, it does not.
func TestLibrariesSignForUs(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	p.Further = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	s.Serve()
	for _, with := range libraries {
		t.Run(strings.Join([]string{with.library, with.scheme, with.algorithm}, " "), func(t *testing.T) {
			key, keyID := any(p.Key), p.KeyID()
			if with.algorithm == "ed25519" {
				key, keyID = p.Further, p.FurtherID()
			}
			l := p.Letter(s.Base+"/ap/inbox?from=reader", p.Follow(s.Actor()))
			signed := judge(t, order{
				Do: "sign", Library: with.library, Scheme: with.scheme, URL: l.Request.URL.String(),
				Headers: headersOf(l), Key: privatePEM(t, key), KeyID: keyID, Algorithm: with.algorithm,
			})
			if signed.Error != "" {
				t.Fatal(signed.Error)
			}
			for name, value := range signed.Headers {
				if !strings.EqualFold(name, "host") {
					l.Request.Header.Set(name, value)
				}
			}
			e2etest.Equal(t, "the status", l.Post(t), 202)
			l.Body = bytes.Replace(l.Body, []byte("follows/1"), []byte("follows/2"), 1)
			e2etest.Equal(t, "the status with another body", l.Post(t), 401)
			e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
		})
	}
}

// TestLibrariesVerifyOurs: what we deliver, they believe, and what was altered
// they do not.
func TestLibrariesVerifyOurs(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	p.RefuseWith(e2etest.ByMessage)
	s.Serve()
	e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
	sent := map[string]e2etest.Arrival{"rfc9421": p.WaitFor(1)[0], "cavage": p.Refused()[0]}
	actor := e2etest.Object(t, s.Actor())
	further := signature.Key{ID: s.Actor() + "#ed25519-key", Private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))}
	for _, with := range libraries {
		t.Run(with.library+" "+with.scheme+" "+with.algorithm, func(t *testing.T) {
			a := sent[with.scheme]
			o := order{
				Do: "verify", Library: with.library, Scheme: with.scheme, URL: p.Server.URL + a.Path, Headers: map[string]string{"host": a.Host},
				Key: e2etest.Text(actor, "publicKey", "publicKeyPem"), KeyID: e2etest.Text(actor, "publicKey", "id"), Algorithm: with.algorithm,
			}
			if with.algorithm == "ed25519" { // which this peer is not known to verify
				a.Header, o.Key, o.KeyID = signedAgain(t, a, o.URL, further), publicPEM(t, further.Private.Public()), further.ID
			}
			for name := range a.Header {
				o.Headers[strings.ToLower(name)] = a.Header.Get(name)
			}
			if said := judge(t, o); !said.Valid {
				t.Errorf("not believed: %s", said.Error)
			}
			o.URL += "x"
			if said := judge(t, o); said.Valid {
				t.Error("believed at another address")
			}
		})
	}
}

// signedAgain is the header of a delivery, signed with another key by RFC 9421.
func signedAgain(t *testing.T, a e2etest.Arrival, address string, key signature.Key) http.Header {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = a.Header.Clone()
	if err := signature.NewSigner(time.Now).By(signature.RFC9421).SignPost(r, key, signature.Digest(a.Body)); err != nil {
		t.Fatal(err)
	}
	return r.Header
}

func publicPEM(t *testing.T, key crypto.PublicKey) string {
	t.Helper()
	text, err := signature.EncodePublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func headersOf(l *e2etest.Letter) map[string]string {
	sum := sha256.Sum256(l.Body)
	encoded := base64.StdEncoding.EncodeToString(sum[:])
	return map[string]string{
		"host": l.Request.URL.Host, "date": time.Now().UTC().Format(http.TimeFormat),
		"digest": "SHA-256=" + encoded, "content-digest": "sha-256=:" + encoded + ":",
	}
}

func privatePEM(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}
