package signature

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"testing"
)

// BenchmarkSignPost is to be read beside [BenchmarkRSA]: signing a request may
// cost hardly more than the RSA operation in it.
func BenchmarkSignPost(b *testing.B) {
	r, err := http.NewRequest(http.MethodPost, "https://"+ours+"/ap/inbox", bytes.NewReader(inboxBody))
	if err != nil {
		b.Fatal(err)
	}
	signer, key, digest := NewSigner(noon), Key{ID: keyID, Private: aKey()}, Digest(inboxBody)
	for b.Loop() {
		if err := signer.SignPost(r, key, digest); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRSA(b *testing.B) {
	key, sum := aKey(), sha256.Sum256(inboxBody)
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	r, err := http.NewRequest(http.MethodPost, "https://"+ours+"/ap/inbox", bytes.NewReader(inboxBody))
	if err != nil {
		b.Fatal(err)
	}
	if err := NewSigner(noon).SignPost(r, Key{ID: keyID, Private: aKey()}, Digest(inboxBody)); err != nil {
		b.Fatal(err)
	}
	r.RequestURI = "/ap/inbox"
	for b.Loop() {
		if err := accept(r, inboxBody, noon()); err != nil {
			b.Fatal(err)
		}
	}
}
