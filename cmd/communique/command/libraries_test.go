package command

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
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
	cmd := script(t, "signature libraries", "federation/testdata/signatures", "judge.mjs")
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
	s, p := newSite(t), newPeer(t)
	p.further = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	s.serve()
	for _, with := range libraries {
		t.Run(strings.Join([]string{with.library, with.scheme, with.algorithm}, " "), func(t *testing.T) {
			key, keyID := any(p.key), p.keyID()
			if with.algorithm == "ed25519" {
				key, keyID = p.further, p.furtherID()
			}
			l := p.letter(s.base+"/ap/inbox?from=reader", p.follow(s.actor()))
			signed := judge(t, order{
				Do: "sign", Library: with.library, Scheme: with.scheme, URL: l.request.URL.String(),
				Headers: headersOf(l), Key: privatePEM(t, key), KeyID: keyID, Algorithm: with.algorithm,
			})
			if signed.Error != "" {
				t.Fatal(signed.Error)
			}
			for name, value := range signed.Headers {
				if !strings.EqualFold(name, "host") {
					l.request.Header.Set(name, value)
				}
			}
			mustEqual(t, "the status", l.post(t), 202)
			l.body = bytes.Replace(l.body, []byte("follows/1"), []byte("follows/2"), 1)
			mustEqual(t, "the status with another body", l.post(t), 401)
			mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
		})
	}
}

// TestLibrariesVerifyOurs: what we deliver, they believe, and what was altered
// they do not.
func TestLibrariesVerifyOurs(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	p.refuseWith(byMessage)
	s.serve()
	mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
	sent := map[string]arrival{"rfc9421": p.waitFor(1)[0], "cavage": p.refused()[0]}
	actor := object(t, s.actor())
	for _, with := range libraries {
		if with.algorithm == "ed25519" {
			continue // we knock with the key that every server reads
		}
		t.Run(with.library+" "+with.scheme, func(t *testing.T) {
			a := sent[with.scheme]
			o := order{
				Do: "verify", Library: with.library, Scheme: with.scheme, URL: p.server.URL + a.Path, Headers: map[string]string{"host": a.Host},
				Key: text(actor, "publicKey", "publicKeyPem"), KeyID: text(actor, "publicKey", "id"), Algorithm: with.algorithm,
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

func headersOf(l *letter) map[string]string {
	sum := sha256.Sum256(l.body)
	encoded := base64.StdEncoding.EncodeToString(sum[:])
	return map[string]string{
		"host": l.request.URL.Host, "date": time.Now().UTC().Format(http.TimeFormat),
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

// furtherID is the id of the peer's Ed25519 key.
func (p *peer) furtherID() string { return p.actor() + "#ed25519-key" }

// multikey is the peer's Ed25519 key as FEP-521a publishes it.
func (p *peer) multikey() map[string]any {
	public, ok := p.further.Public().(ed25519.PublicKey)
	if !ok {
		p.t.Fatal("the further key is not Ed25519")
	}
	return map[string]any{
		"id": p.furtherID(), "type": "Multikey", "controller": p.actor(),
		"publicKeyMultibase": "z" + inBase58(append([]byte{0xed, 1}, public...)),
	}
}

func inBase58(raw []byte) string {
	var text string
	n, digit := new(big.Int).SetBytes(raw), new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), digit)
		text = fmt.Sprintf("%c%s", base58[digit.Int64()], text)
	}
	return text
}
