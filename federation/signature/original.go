package signature

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// bearing are the fields that a signature is in, or that say what was signed.
var bearing = [...]string{"Signature", "Signature-Input", "Digest", "Content-Digest", "Date", "Content-Type", "Content-Length"}

// Original is the request as it was signed, as a message of HTTP/1.1 (RFC 9112): its first
// line, the fields that are signed or that bear the signature, and the body. By it and the
// sender's key anybody can verify it again. Other fields are left out: they may be those
// of a proxy.
func (s Signature) Original() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", s.request.Method, s.request.RequestURI, s.request.Host)
	for _, name := range slices.Sorted(maps.Keys(s.request.Header)) {
		if !s.Covers(name) && !slices.Contains(bearing[:], name) {
			continue
		}
		for _, value := range s.request.Header[name] {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	if len(s.request.Header.Values("Content-Length")) == 0 { // it came in chunks
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(s.body))
	}
	b.WriteString("\r\n")
	b.Write(s.body)
	return b.Bytes()
}
