package signature

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"testing"
)

// TestMadeWith: a key knows what it has signed, though the text is another one by now, and
// nothing else.
func TestMadeWith(t *testing.T) {
	t.Parallel()
	key, other := &aKey().PublicKey, &anotherKey(t).PublicKey
	r := signedPost(t, noon())
	r.RequestURI = "/elsewhere"
	s, err := Parse(r, inboxBody, base, noon())
	if err != nil {
		t.Fatal(err)
	}
	if s.Verify(key) == nil || !s.MadeWith(key) {
		t.Error("what the key has signed for another path is not seen to be its own")
	}
	if s.MadeWith(other) || s.MadeWith("no key") {
		t.Error("it is another's, too")
	}
	large := *key
	large.E = maxExponent + 2
	if s.MadeWith(&large) {
		t.Error("with an exponent that costs too much")
	}
	one := make([]byte, key.Size())
	one[len(one)-1] = 1 // to whatever power
	for name, made := range map[string][]byte{
		"nothing":      nil,
		"zero":         make([]byte, key.Size()),
		"one":          one,
		"the modulus":  key.N.Bytes(),
		"less than it": new(big.Int).Sub(key.N, big.NewInt(1)).Bytes(),
		"a short one":  bytes.Repeat([]byte{0xff}, 64),
		"a long one":   bytes.Repeat([]byte{0xff}, 512),
	} {
		t.Run(name, func(t *testing.T) {
			r := signedPost(t, noon())
			r.Header.Set("Signature", `keyId="k",headers="(request-target) host date digest",signature="`+base64.StdEncoding.EncodeToString(made)+`"`)
			s, err := Parse(r, inboxBody, base, noon())
			if err == nil && s.MadeWith(key) {
				t.Error("it is taken for a signature")
			}
		})
	}
}
