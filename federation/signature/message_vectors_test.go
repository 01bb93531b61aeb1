package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// messageVector is the published request with the fields of one example.
func messageVector(t *testing.T, name string) (*http.Request, []byte) {
	t.Helper()
	head, body, _ := strings.Cut(published(t, "rfc9421/request.txt"), "\r\n\r\n")
	r := readWire(t, head+"\r\n"+published(t, "rfc9421/"+name)+"\r\n"+body)
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, text
}

// TestPublishedMessageVectors: the signature base is made as RFC 9421 says,
// which each published signature proves by its own algorithm.
func TestPublishedMessageVectors(t *testing.T) {
	t.Parallel()
	pss := publishedKey(t, "rfc9421/rsa-pss.pem").(*rsa.PublicKey)
	verifiers := map[string]func(base string, made []byte) bool{
		"rsa-pss": func(base string, made []byte) bool {
			sum := sha512.Sum512([]byte(base))
			return rsa.VerifyPSS(pss, crypto.SHA512, sum[:], made, nil) == nil
		},
		"hmac": func(base string, made []byte) bool {
			secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(published(t, "rfc9421/shared-secret.txt")))
			if err != nil {
				t.Fatal(err)
			}
			sum := hmac.New(sha256.New, secret)
			sum.Write([]byte(base))
			return hmac.Equal(sum.Sum(nil), made)
		},
		"ed25519": func(base string, made []byte) bool {
			m := message{base: base, signature: made}
			return m.verify("test-key-ed25519", publishedKey(t, "rfc9421/ed25519.pem")) == nil
		},
	}
	for name, algorithm := range map[string]string{
		"b21.txt": "rsa-pss", "b23.txt": "rsa-pss", "b25.txt": "hmac", "b26.txt": "ed25519",
	} {
		t.Run(name, func(t *testing.T) {
			r, body := messageVector(t, name)
			in, err := parseInput(r.Header.Get("Signature-Input"))
			if err != nil {
				t.Fatal(err)
			}
			made, err := signatureOf(r.Header, in.label)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkContent(r, body); err != nil {
				t.Error(err)
			}
			base, err := signatureBase(r, in, "http://example.com")
			if err != nil {
				t.Fatal(err)
			}
			if !verifiers[algorithm](base, made) {
				t.Errorf("another signature base:\n%s", base)
			}
			if verifiers[algorithm](base+" ", made) {
				t.Error("any signature base verifies")
			}
		})
	}
}

// TestPublishedMessageIsSignedAlike: Ed25519 signs the same text the same way
// each time, so that ours is the very signature of B.2.6.
func TestPublishedMessageIsSignedAlike(t *testing.T) {
	t.Parallel()
	r, _ := messageVector(t, "b26.txt")
	private, err := ParsePrivateKey(published(t, "rfc9421/ed25519-private.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := private.(ed25519.PrivateKey); !ok {
		t.Fatalf("the key is a %T", private)
	}
	in, err := parseInput(r.Header.Get("Signature-Input"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := signatureBase(r, in, "http://example.com")
	if err != nil {
		t.Fatal(err)
	}
	made, err := signText(GoRSA, private, []byte(base))
	if err != nil {
		t.Fatal(err)
	}
	if got := in.label + "=:" + base64.StdEncoding.EncodeToString(made) + ":"; got != r.Header.Get("Signature") {
		t.Errorf("signed %s", got)
	}
}

func TestPublishedMessagesThatWeRefuse(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]string{
		"b21.txt": "not covered", "b22.txt": "has parameters", "b24.txt": "not covered", "b25.txt": "not covered", "b26.txt": "not covered",
	} {
		r, body := messageVector(t, name)
		_, err := Parse(r, body, "http://example.com", nearMessageVectors())
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: error %v, want ErrInvalid because %s", name, err, why)
		}
	}
	r, body := messageVector(t, "b23.txt")
	s, err := Parse(r, body, "http://example.com", nearMessageVectors())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(publishedKey(t, "rfc9421/rsa-pss.pem")); !errors.Is(err, ErrInvalid) {
		t.Errorf("RSA-PSS: error %v, want ErrInvalid", err)
	}
}
