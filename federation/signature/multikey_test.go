package signature

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestMultikey reads the example of FEP-521a and the ones that base58 is
// documented with.
func TestMultikey(t *testing.T) {
	t.Parallel()
	const published = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	key, err := ParseMultikey(published)
	if err != nil {
		t.Fatal(err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		t.Fatalf("it is a %T", key)
	}
	if got, err := EncodeMultikey(public); err != nil || got != published {
		t.Errorf("A9: written again it is %s, %v", got, err)
	}
	der := x509.MarshalPKCS1PublicKey(&aKey().PublicKey)
	text := "z" + base58(slices.Concat(codecRSA, der))
	if got, err := ParseMultikey(text); err != nil || !aKey().PublicKey.Equal(got) {
		t.Errorf("RSA: %v", err)
	}
	if got, err := EncodeMultikey(&aKey().PublicKey); err != nil || got != text {
		t.Errorf("RSA written: %q, %v", got, err)
	}
	if _, err := EncodeMultikey("a text"); !errors.Is(err, ErrKey) {
		t.Errorf("no key: %v", err)
	}
	for text, want := range map[string]string{
		"Hello World!": "2NEpo7TZRRrLZSi2U", "\x00\x00\x28\x7f\xb4\xcd": "11233QC4", "": "",
		"The quick brown fox jumps over the lazy dog.": "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
	} {
		if got := base58([]byte(text)); got != want {
			t.Errorf("base58 of %q is %s, want %s", text, got, want)
		}
		if got, ok := unbase58(want); !ok || string(got) != text {
			t.Errorf("%s is base58 of %q", want, got)
		}
	}
}

func TestUnusableMultikeys(t *testing.T) {
	t.Parallel()
	short, ok := publishedKey(t, "cavage12/public.pem").(*rsa.PublicKey)
	if !ok {
		t.Fatal("the published key is not RSA")
	}
	for name, text := range map[string]string{
		"empty": "", "no prefix": "6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "base64": "mEYNB",
		"not base58": "z0OIl", "nothing": "z", "31 bytes": "z" + base58(append(slices.Clone(codecEd25519), make([]byte, 31)...)),
		"secp256k1": "z" + base58(append([]byte{0xe7, 0x01}, make([]byte, 33)...)),
		"not PKCS1": "z" + base58(append(slices.Clone(codecRSA), 1, 2, 3)),
		"1024 bits": "z" + base58(slices.Concat(codecRSA, x509.MarshalPKCS1PublicKey(short))),
		"too long":  "z" + strings.Repeat("2", maxMultikey),
	} {
		if _, err := ParseMultikey(text); !errors.Is(err, ErrKey) {
			t.Errorf("%s: error %v, want ErrKey", name, err)
		}
	}
}

func FuzzParseMultikey(f *testing.F) {
	f.Add("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	f.Add("z" + base58(slices.Concat(codecRSA, x509.MarshalPKCS1PublicKey(&aKey().PublicKey))))
	f.Add("z111")
	f.Fuzz(func(t *testing.T, text string) {
		// Reading takes the square of the length, which is bounded first.
		if raw, ok := unbase58(text[:min(len(text), maxMultikey)]); ok && len(text) <= maxMultikey {
			if again, ok := unbase58(base58(raw)); !ok || !bytes.Equal(raw, again) || base58(raw) != text {
				t.Fatalf("%q is %x, is %q", text, raw, base58(raw))
			}
		}
		key, err := ParseMultikey(text)
		switch {
		case err != nil && !errors.Is(err, ErrKey):
			t.Fatalf("%v is not ErrKey", err)
		case err == nil && checkKey(key) != nil:
			t.Fatalf("%q is an unsound key", text)
		}
	})
}
