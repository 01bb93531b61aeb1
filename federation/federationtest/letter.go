package federationtest

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
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Scheme is a way to sign.
type Scheme struct {
	Message bool // by RFC 9421, not by draft-cavage
	Ed25519 bool // with the account's Ed25519 key, not with its RSA key
}

// Schemes are all ways to sign.
var Schemes = []Scheme{{}, {Ed25519: true}, {Message: true}, {Message: true, Ed25519: true}}

func (s Scheme) String() string {
	name, key := "cavage", "RSA"
	if s.Message {
		name = "RFC 9421"
	}
	if s.Ed25519 {
		key = "Ed25519"
	}
	return name + " with " + key
}

// Letter is an activity on its way to an inbox. What its fields say is signed by
// [Letter.Sign]; what is changed after that no longer fits the signature.
type Letter struct {
	Request *http.Request
	Body    []byte
	Scheme  Scheme
	Covered string // the headers or components that are signed, in order
	Key     crypto.Signer
	KeyID   string
	Target  string // path and query as they are signed; empty: the real ones
	Host    string // as it is signed; empty: the real one
	Extra   string // further parameters of the signature, with their separators
	Raw     string // the whole Signature header of draft-cavage, if not empty

	t      testing.TB
	client *http.Client
}

// Letter is an activity for an inbox, not yet signed, as draft-cavage signs it
// with RSA. An activity of the type []byte is the body as it is.
func (p *Peer) Letter(inbox string, activity any) *Letter {
	p.t.Helper()
	return p.LetterBy(Scheme{}, inbox, activity)
}

// LetterBy is [Peer.Letter] to be signed in another way.
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
	key, further := p.keys()
	l := &Letter{
		Request: r, Body: body, Scheme: by, Covered: "(request-target) host date digest", Key: key, KeyID: p.KeyID(),
		t: p.t, client: p.server.client,
	}
	l.Date(p.server.now())
	r.Header.Set("Digest", digest(body))
	r.Header.Set("Content-Type", MediaType)
	if by.Message {
		l.Covered = "@method @target-uri content-digest"
	}
	if by.Ed25519 {
		l.Key, l.KeyID = further, p.Ed25519ID()
	}
	return l
}

// Date sets when the letter is signed, to the second.
func (l *Letter) Date(at time.Time) *Letter {
	l.Request.Header.Set("Date", at.UTC().Format(http.TimeFormat))
	return l
}

// Fetch is a signed request for a document of the site, as a server makes that lets
// nobody read unsigned (INTEROP S2). It sends it and returns the status.
func (p *Peer) Fetch(address string) (status int, err error) {
	p.t.Helper()
	return p.FetchBy(Scheme{}, address)
}

// FetchBy is [Peer.Fetch] to be signed in another way.
func (p *Peer) FetchBy(by Scheme, address string) (status int, err error) {
	p.t.Helper()
	return p.fetchLetter(by, address).Post()
}

// FetchDocument is [Peer.Fetch] that returns what is answered.
func (p *Peer) FetchDocument(address string) (Answer, error) {
	p.t.Helper()
	l := p.fetchLetter(Scheme{}, address)
	answer, err := l.client.Do(l.Request)
	if err != nil {
		return Answer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return Answer{Status: answer.StatusCode, Header: answer.Header, Body: body}, err
}

func (p *Peer) fetchLetter(by Scheme, address string) *Letter {
	p.t.Helper()
	l := p.LetterBy(by, address, []byte{})
	l.Request.Method = http.MethodGet
	l.Request.Header.Del("Content-Type")
	l.Request.Header.Set("Accept", MediaType)
	l.Covered = "(request-target) host date"
	if by.Message {
		l.Covered = "@method @target-uri"
	}
	l.Sign()
	l.Request.Header.Del("Digest")
	l.Request.Header.Del("Content-Digest")
	return l
}

// Sign makes the Signature header by draft-cavage-12 §2.3, or the fields of RFC
// 9421.
func (l *Letter) Sign() *Letter {
	l.t.Helper()
	if l.Scheme.Message {
		l.signMessage()
		return l
	}
	var lines []string
	for name := range strings.FieldsSeq(l.Covered) {
		value := l.Request.Header.Get(name)
		target, host := l.signed()
		switch name {
		case "(request-target)":
			value = strings.ToLower(l.Request.Method) + " " + target
		case "host":
			value = host
		}
		lines = append(lines, name+": "+value)
	}
	algorithm := "rsa-sha256"
	if _, ok := l.Key.(ed25519.PrivateKey); ok {
		algorithm = "hs2019"
	}
	header := fmt.Sprintf(`keyId=%q,algorithm=%q,headers=%q,signature=%q%s`,
		l.KeyID, algorithm, l.Covered, l.signature(strings.Join(lines, "\n")), l.Extra)
	if l.Raw != "" {
		header = l.Raw
	}
	l.Request.Header.Set("Signature", header)
	return l
}

// signed are path and host as they are signed.
func (l *Letter) signed() (target, host string) {
	target, host = l.Target, l.Host
	if target == "" {
		target = l.Request.URL.RequestURI()
	}
	if host == "" {
		host = l.Request.URL.Host
	}
	return target, host
}

// signMessage signs by RFC 9421 §3.1. The time of signing is that of the Date
// header.
func (l *Letter) signMessage() {
	l.t.Helper()
	created, err := http.ParseTime(l.Request.Header.Get("Date"))
	if err != nil {
		l.t.Fatal(err)
	}
	l.Request.Header.Del("Digest")
	l.Request.Header.Set("Content-Digest", contentDigest(l.Body))
	var base strings.Builder
	names := strings.Fields(l.Covered)
	for i, name := range names {
		names[i] = `"` + name + `"`
		fmt.Fprintf(&base, "%s: %s\n", names[i], l.component(name))
	}
	parameters := fmt.Sprintf(`(%s);created=%d;keyid="%s"%s`, strings.Join(names, " "), created.Unix(), l.KeyID, l.Extra)
	base.WriteString(`"@signature-params": ` + parameters)
	l.Request.Header.Set("Signature-Input", "sig1="+parameters)
	l.Request.Header.Set("Signature", "sig1=:"+l.signature(base.String())+":")
}

// component is what is signed of a request under a name (RFC 9421 §2).
func (l *Letter) component(name string) string {
	target, host := l.signed()
	switch name {
	case "@method":
		return l.Request.Method
	case "@target-uri":
		return l.Request.URL.Scheme + "://" + host + target
	case "@authority":
		return host
	}
	return l.Request.Header.Get(name)
}

func (l *Letter) signature(text string) string {
	l.t.Helper()
	data, hash := []byte(text), crypto.Hash(0)
	if _, ok := l.Key.(ed25519.PrivateKey); !ok {
		sum := sha256.Sum256(data)
		data, hash = sum[:], crypto.SHA256
	}
	made, err := l.Key.Sign(rand.Reader, data, hash)
	if err != nil {
		l.t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(made)
}

// Post sends the letter as it is now, as often as it is called, and returns the
// status. The error is that of the client: of a [Site]'s, its handler's.
func (l *Letter) Post() (status int, err error) {
	l.Request.Body = io.NopCloser(bytes.NewReader(l.Body))
	l.Request.ContentLength = int64(len(l.Body))
	answer, err := l.client.Do(l.Request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// Send signs an activity and posts it to an inbox.
func (p *Peer) Send(inbox string, activity any) (status int, err error) {
	p.t.Helper()
	return p.Letter(inbox, activity).Sign().Post()
}

// MustSend sends activities to an inbox, each of which must be answered with 202.
func (p *Peer) MustSend(inbox string, activities ...map[string]any) {
	p.t.Helper()
	for _, a := range activities {
		if status, err := p.Send(inbox, a); err != nil || status != http.StatusAccepted {
			p.t.Fatalf("%v is answered %d: %v", a["type"], status, err)
		}
	}
}

// digest is a Digest by RFC 3230.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// contentDigest is a Content-Digest by RFC 9530 §2.
func contentDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// multibase is an Ed25519 key as a Multikey has it: the prefix ed 01 and the key
// in base 58 behind a z (Controlled Identifiers §2.2.2).
func multibase(key ed25519.PublicKey) string {
	n := new(big.Int).SetBytes(append([]byte{0xed, 0x01}, key...))
	var text []byte
	for digit := new(big.Int); n.Sign() > 0; {
		n.DivMod(n, big.NewInt(58), digit)
		text = append([]byte{base58[digit.Int64()]}, text...)
	}
	return "z" + string(text)
}
