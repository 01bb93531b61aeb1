package signature

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
)

func TestKeysRoundTrip(t *testing.T) {
	t.Parallel()
	key := aKey()
	private, err := EncodePrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParsePrivateKey(private); err != nil || !key.Equal(got) {
		t.Errorf("private key: %v", err)
	}
	public, err := EncodePublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(public, "-----BEGIN PUBLIC KEY-----\n") {
		t.Errorf("A8: publicKeyPem is %q", public)
	}
	if got, err := ParsePublicKey(public); err != nil || !key.PublicKey.Equal(got) {
		t.Errorf("public key: %v", err)
	}
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}))
	if got, err := ParsePublicKey(pkcs1); err != nil || !key.PublicKey.Equal(got) {
		t.Errorf("PKCS #1: %v", err)
	}
}

func TestUnusableKeys(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&curve.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := EncodePublicKey(&rsa.PublicKey{N: aKey().N, E: maxExponent + 2})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":       "",
		"no PEM":      "ssh-rsa AAAA",
		"garbage":     "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"garbage 1":   "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n",
		"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"P-256":       string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"1024 bits":   vector(t, "public.pem"),
		"65539":       slow,
	} {
		if _, err := ParsePublicKey(text); !errors.Is(err, ErrKey) {
			t.Errorf("%s: public: error %v, want ErrKey", name, err)
		}
		if _, err := ParsePrivateKey(text); !errors.Is(err, ErrKey) {
			t.Errorf("%s: private: error %v, want ErrKey", name, err)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add(vector(f, "public.pem"))
	f.Add(published(f, "rfc9421/ed25519.pem"))
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePublicKey(text)
		if err != nil {
			return
		}
		if err := checkKey(key); err != nil {
			t.Fatal(err)
		}
	})
}
