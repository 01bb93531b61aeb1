package e2etest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// signMessage signs by RFC 9421, written from the RFC and without our own
// packages. The time of signing is that of the Date header.
func (l *Letter) signMessage(t *testing.T) {
	t.Helper()
	created, err := http.ParseTime(l.Request.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	l.Request.Header.Del("Digest")
	l.Request.Header.Set("Content-Digest", ContentDigestOf(l.Body))
	var base strings.Builder
	names := strings.Fields(l.Headers)
	for i, name := range names {
		names[i] = `"` + name + `"`
		fmt.Fprintf(&base, "%s: %s\n", names[i], l.component(name))
	}
	parameters := fmt.Sprintf(`(%s);created=%d;keyid="%s"%s`, strings.Join(names, " "), created.Unix(), l.KeyID, l.Extra)
	base.WriteString(`"@signature-params": ` + parameters)
	l.Request.Header.Set("Signature-Input", "sig1="+parameters)
	l.Request.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(makeSignature(t, l.Key, base.String()))+":")
}

// ContentDigestOf is a Content-Digest by RFC 9530.
func ContentDigestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// component is what is signed of a request under a name.
func (l *Letter) component(name string) string {
	target, host := l.Request.URL.RequestURI(), l.Request.URL.Host
	if l.Target != "" {
		target = l.Target
	}
	if l.Host != "" {
		host = l.Host
	}
	switch name {
	case "@method":
		return l.Request.Method
	case "@target-uri":
		return "http://" + host + target
	case "@authority":
		return host
	}
	return l.Request.Header.Get(name)
}
