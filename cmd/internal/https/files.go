package https

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"
)

// files are the source of a certificate that somebody else renews.
type files struct {
	certificate, key, host string

	read  [2]time.Time // when they were written, as they were read last
	shown *tls.Certificate
}

// next implements source. What cannot be used, as while one of the two is written, is an
// error until it can be.
func (f *files) next(context.Context) (*tls.Certificate, error) {
	written, err := f.written()
	if err != nil {
		return nil, err
	}
	if f.shown != nil && written == f.read {
		return f.shown, nil
	}
	c, err := ReadFiles(f.certificate, f.key, f.host)
	if err != nil {
		return nil, err
	}
	f.read, f.shown = written, c
	return c, nil
}

func (f *files) written() (at [2]time.Time, err error) {
	for i, name := range []string{f.certificate, f.key} {
		info, err := os.Stat(name) // of what a link leads to
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}

// ReadFiles reads a certificate with its chain, and its key. It is an error if they do not
// belong together, or are not for the host.
func ReadFiles(certificate, key, host string) (*tls.Certificate, error) {
	c, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil && isEncrypted(key) {
		err = errors.New("the key is encrypted, and the server cannot ask for its passphrase: write it without one (openssl pkey -in KEY -out NEW), for the user of serve alone to read")
	}
	if err != nil {
		return nil, fmt.Errorf("%s with %s: %w", certificate, key, err)
	}
	if c.Leaf == nil {
		if c.Leaf, err = x509.ParseCertificate(c.Certificate[0]); err != nil {
			return nil, fmt.Errorf("%s: %w", certificate, err)
		}
	}
	if err := c.Leaf.VerifyHostname(host); err != nil {
		return nil, fmt.Errorf("%s: %w", certificate, err)
	}
	return &c, nil
}

// isEncrypted tells whether a file holds a key that a passphrase encrypts (RFC 7468 section 11,
// or the header of RFC 1421 section 4.6.1.1 that OpenSSL wrote).
func isEncrypted(key string) bool {
	text, err := os.ReadFile(key)
	return err == nil && (bytes.Contains(text, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----")) || bytes.Contains(text, []byte("\nProc-Type: 4,ENCRYPTED")))
}
