package signature

import (
	"bufio"
	"bytes"
	"crypto"
	"embed"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"testing"
)

//go:embed testdata/cavage12 testdata/rfc9421
var vectors embed.FS

// published is a file of the published vectors.
func published(t testing.TB, name string) string {
	t.Helper()
	text, err := vectors.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func publishedKey(t testing.TB, name string) crypto.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(published(t, name)))
	key, err := parsePublic(block)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func vector(t testing.TB, name string) string {
	t.Helper()
	return published(t, "cavage12/"+name)
}

func vectorRequest(t *testing.T) (*http.Request, []byte) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader([]byte(vector(t, "request.txt")))))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, body
}

// verifyVector runs the part of the verification that the vectors are about:
// they cover too little, are of 2014 and made with 1024 bits, so that Parse
// and Verify rightly refuse them.
func verifyVector(t *testing.T, header string) error {
	t.Helper()
	r, body := vectorRequest(t)
	if err := checkDigest(r.Header.Get("Digest"), body); err != nil {
		t.Fatalf("digest of the published request: %v", err)
	}
	p, err := parseParameters(header)
	if err != nil {
		t.Fatal(err)
	}
	values, err := signedValues(r, p.headers)
	if err != nil {
		t.Fatal(err)
	}
	key := publishedKey(t, "cavage12/public.pem")
	c := cavage{method: r.Method, target: r.RequestURI, headers: p.headers, values: values,
		created: p.created, expires: p.expires, encoded: p.signature}
	s := Signature{KeyID: p.keyID, proof: c}
	if err := s.Verify(key); !errors.Is(err, ErrInvalid) {
		t.Fatalf("Verify with a key of 1024 bits: error %v, want ErrInvalid", err)
	}
	return c.verify(p.keyID, key)
}

func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"c1.txt", "c2.txt"} {
		t.Run(name, func(t *testing.T) {
			if err := verifyVector(t, vector(t, name)); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("c3.txt without (created) and (expires)", func(t *testing.T) {
		p, err := parseParameters(vector(t, "c3.txt"))
		if err != nil {
			t.Fatal(err)
		}
		header := `keyId="Test",headers="(request-target) host date content-type digest content-length",signature="` + p.signature + `"`
		if err := verifyVector(t, header); err != nil {
			t.Error(err)
		}
	})
	t.Run("c3.txt as printed", func(t *testing.T) {
		r, body := vectorRequest(t)
		r.Header.Set("Signature", vector(t, "c3.txt"))
		if _, err := Parse(r, body, "http://example.com", nearVectors()); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
	t.Run("altered", func(t *testing.T) {
		header := `keyId="Test",headers="host date",signature="` + mustSignature(t, vector(t, "c2.txt")) + `"`
		if err := verifyVector(t, header); !errors.Is(err, ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
}

func mustSignature(t *testing.T, header string) string {
	t.Helper()
	p, err := parseParameters(header)
	if err != nil {
		t.Fatal(err)
	}
	return p.signature
}
