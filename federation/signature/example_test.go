package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"communique/federation/signature"
)

// The key of these examples is made of a seed, so that their output is the same
// each time; [signature.NewPrivateKey] and [signature.NewEd25519Key] draw others.
var exampleKey = signature.Key{
	ID:      "https://mfa.example/actors/press#ed25519-key",
	Private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)),
}

func noon() time.Time { return time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC) }

// A delivery is signed by draft-cavage: the digest of the body is made once and
// handed in.
func ExampleSigner_SignPost() {
	body := []byte(`{"type":"Create"}`)
	r, err := http.NewRequest(http.MethodPost, "https://social.example/inbox", bytes.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := signature.NewSigner(noon).SignPost(r, exampleKey, signature.Digest(body)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Header.Get("Date"))
	fmt.Println(r.Header.Get("Digest"))
	covered, _, _ := strings.Cut(r.Header.Get("Signature"), ",signature=")
	fmt.Println(covered)
	// Output:
	// Tue, 04 Mar 2031 12:00:00 GMT
	// SHA-256=JeE18werLvQnEoHViKDam+ZK1D8E27TBC2kIISI7pIY=
	// keyId="https://mfa.example/actors/press#ed25519-key",algorithm="hs2019",headers="(request-target) host date digest"
}

// A fetch has no digest. This one is signed by RFC 9421.
func ExampleSigner_SignGet() {
	r, err := http.NewRequest(http.MethodGet, "https://social.example/users/ana", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := signature.NewSigner(noon).By(signature.RFC9421).SignGet(r, exampleKey); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Header.Get("Signature-Input"))
	// Output:
	// sig1=("@method" "@target-uri");created=1930392000;keyid="https://mfa.example/actors/press#ed25519-key";alg="ed25519"
}

// A request is verified in two steps: between them the key is fetched that it
// names, and its owner compared with whoever the message says it is from.
func ExampleSignature_Verify() {
	body := []byte(`{"type":"Follow"}`)
	r := httptest.NewRequest(http.MethodPost, "/inbox", bytes.NewReader(body))
	r.Host = "press.example"
	if err := signature.NewSigner(noon).SignPost(r, exampleKey, signature.Digest(body)); err != nil {
		fmt.Println(err)
		return
	}

	signed, err := signature.Parse(r, body, "https://press.example", noon())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("signed at", signed.Signed.UTC().Format(time.RFC3339), "with", signed.KeyID)
	fmt.Println("the key verifies it:", signed.Verify(exampleKey.Private.Public()) == nil)

	_, err = signature.Parse(r, []byte(`{"type":"Delete"}`), "https://press.example", noon())
	fmt.Println("another body:", err)
	// Output:
	// signed at 2031-03-04T12:00:00Z with https://mfa.example/actors/press#ed25519-key
	// the key verifies it: true
	// another body: invalid signature: the body does not match its digest
}
