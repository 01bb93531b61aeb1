package e2etest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Letter is a signed request that can be spoiled before it is sent.
type Letter struct {
	Request *http.Request
	Body    []byte
	Message bool   // signed by RFC 9421, not by cavage
	Headers string // covered, in order
	Key     crypto.Signer
	KeyID   string
	Target  string // as signed; empty is the real one
	Host    string // as signed; empty is the real one
	Extra   string // further signature parameters
	Raw     string // the whole Signature header, if not empty
}

// Scheme is a way to sign.
type Scheme struct {
	Message bool // RFC 9421, not cavage
	Further bool // with the account's further key, not with its RSA key
}

// Schemes are all ways to sign.
var Schemes = []Scheme{{}, {Further: true}, {Message: true}, {Message: true, Further: true}}

func (s Scheme) String() string {
	name, key := "cavage", "RSA"
	if s.Message {
		name = "RFC 9421"
	}
	if s.Further {
		key = "Ed25519"
	}
	return name + " with " + key
}

// Letter is a message to an inbox, an activity or the bytes of one, that is not
// signed yet: by cavage with RSA, as most servers sign.
func (p *Peer) Letter(inbox string, activity any) *Letter {
	return p.LetterBy(Scheme{}, inbox, activity)
}

// DigestOf is a Digest by RFC 3230.
func DigestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// LetterBy is [Peer.Letter], to be signed in one of the ways that there are.
func (p *Peer) LetterBy(by Scheme, inbox string, activity any) *Letter {
	p.t.Helper()
	body, ok := activity.([]byte)
	if !ok {
		text, err := json.Marshal(activity)
		if err != nil {
			p.t.Fatal(err)
		}
		body = text
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, inbox, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Digest", DigestOf(body))
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	r.Header.Set("Content-Type", "application/activity+json")
	l := &Letter{Request: r, Body: body, Message: by.Message, Headers: "(request-target) host date digest", Key: p.Key, KeyID: p.KeyID()}
	if by.Message {
		l.Headers = "@method @target-uri content-digest"
	}
	if by.Further {
		l.Key, l.KeyID = p.Further, p.FurtherID()
	}
	return l
}

// Sign makes the Signature header by draft-cavage-12 §2.3, or the fields of RFC
// 9421.
func (l *Letter) Sign(t *testing.T) {
	t.Helper()
	if l.Message {
		l.signMessage(t)
		return
	}
	var lines []string
	for name := range strings.FieldsSeq(l.Headers) {
		value := l.Request.Header.Get(name)
		switch name {
		case "(request-target)":
			target := l.Request.URL.RequestURI()
			if l.Target != "" {
				target = l.Target
			}
			value = strings.ToLower(l.Request.Method) + " " + target
		case "host":
			value = l.Request.URL.Host
			if l.Host != "" {
				value = l.Host
			}
		}
		lines = append(lines, name+": "+value)
	}
	algorithm := "rsa-sha256"
	if _, ok := l.Key.(ed25519.PrivateKey); ok {
		algorithm = "hs2019"
	}
	made := makeSignature(t, l.Key, strings.Join(lines, "\n"))
	header := fmt.Sprintf(`keyId=%q,algorithm=%q,headers=%q,signature=%q%s`,
		l.KeyID, algorithm, l.Headers, base64.StdEncoding.EncodeToString(made), l.Extra)
	if l.Raw != "" {
		header = l.Raw
	}
	l.Request.Header.Set("Signature", header)
}

// Post sends the letter as it is now and returns the status.
func (l *Letter) Post(t *testing.T) int {
	t.Helper()
	l.Request.Body = io.NopCloser(bytes.NewReader(l.Body))
	l.Request.ContentLength = int64(len(l.Body))
	answer, err := http.DefaultClient.Do(l.Request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// Send signs and posts an activity.
func (p *Peer) Send(inbox string, activity any) int {
	p.t.Helper()
	return p.SendBy(Scheme{}, inbox, activity)
}

// Fetch asks for a document with a signature, as servers do that let nobody read
// unsigned, and returns the status.
func (p *Peer) Fetch(address string) int {
	p.t.Helper()
	l := p.Letter(address, []byte{})
	l.Request.Method, l.Headers = http.MethodGet, "(request-target) host date"
	l.Request.Header.Set("Accept", "application/activity+json")
	l.Sign(p.t)
	l.Request.Header.Del("Digest")
	return l.Post(p.t)
}

// SendBy signs an activity in one of the ways that there are, and posts it.
func (p *Peer) SendBy(by Scheme, inbox string, activity any) int {
	p.t.Helper()
	l := p.LetterBy(by, inbox, activity)
	l.Sign(p.t)
	return l.Post(p.t)
}

// WithHeader sets a field of a letter.
func WithHeader(name, value string) func(l *Letter) {
	return func(l *Letter) { l.Request.Header.Set(name, value) }
}

// Dated dates a letter, from now.
func Dated(shift time.Duration) func(l *Letter) {
	return WithHeader("Date", time.Now().Add(shift).UTC().Format(http.TimeFormat))
}

func makeSignature(t *testing.T, key crypto.Signer, text string) []byte {
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
