package command

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// signMessage signs by RFC 9421, written from the RFC and without our own
// packages. The time of signing is that of the Date header.
func (l *letter) signMessage(t *testing.T) {
	t.Helper()
	created, err := http.ParseTime(l.request.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	l.request.Header.Del("Digest")
	l.request.Header.Set("Content-Digest", contentDigestOf(l.body))
	var base strings.Builder
	names := strings.Fields(l.headers)
	for i, name := range names {
		names[i] = `"` + name + `"`
		fmt.Fprintf(&base, "%s: %s\n", names[i], l.component(name))
	}
	parameters := fmt.Sprintf(`(%s);created=%d;keyid="%s"%s`, strings.Join(names, " "), created.Unix(), l.keyID, l.extra)
	base.WriteString(`"@signature-params": ` + parameters)
	l.request.Header.Set("Signature-Input", "sig1="+parameters)
	l.request.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(signed(t, l.key, base.String()))+":")
}

// contentDigestOf is a Content-Digest by RFC 9530.
func contentDigestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// component is what is signed of a request under a name.
func (l *letter) component(name string) string {
	target, host := l.request.URL.RequestURI(), l.request.URL.Host
	if l.target != "" {
		target = l.target
	}
	if l.host != "" {
		host = l.host
	}
	switch name {
	case "@method":
		return l.request.Method
	case "@target-uri":
		return "http://" + host + target
	case "@authority":
		return host
	}
	return l.request.Header.Get(name)
}

// messageVerified checks, by hand, that a delivery is signed by RFC 9421 as
// Mastodon wants it.
func (a arrival) messageVerified(publicPEM string) error {
	const covered = `("@method" "@target-uri" "content-digest");created=`
	parameters, ok := strings.CutPrefix(a.Header.Get("Signature-Input"), "sig1=")
	if !ok || !strings.HasPrefix(parameters, covered) {
		return fmt.Errorf("Signature-Input is %q", a.Header.Get("Signature-Input"))
	}
	digest := contentDigestOf(a.Body)
	if got := a.Header.Get("Content-Digest"); got != digest {
		return fmt.Errorf("Content-Digest is %q, want %q", got, digest)
	}
	made, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(a.Header.Get("Signature"), "sig1=:"), ":"))
	if err != nil {
		return err
	}
	key, err := publicKey(publicPEM)
	if err != nil {
		return err
	}
	base := fmt.Sprintf("\"@method\": POST\n\"@target-uri\": http://%s%s\n\"content-digest\": %s\n\"@signature-params\": %s",
		a.Host, a.Path, digest, parameters)
	sum := sha256.Sum256([]byte(base))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], made)
}

func signed(t *testing.T, key crypto.Signer, text string) []byte {
	t.Helper()
	data, hash := []byte(text), crypto.Hash(0)
	if _, ok := key.(ed25519.PrivateKey); !ok {
		sum := sha256.Sum256(data)
		data, hash = sum[:], crypto.SHA256
	}
	made, err := key.Sign(rand.Reader, data, hash)
	if err != nil {
		t.Fatal(err)
	}
	return made
}
