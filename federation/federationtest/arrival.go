package federationtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Arrival is a request that a peer got.
type Arrival struct {
	At     time.Time // by the clock on the wall
	Path   string
	Header http.Header
	Host   string
	Body   []byte
	Fields map[string]any // of the body
}

// Kind is the type of the activity that arrived.
func (a Arrival) Kind() string { return fmt.Sprint(a.Fields["type"]) }

func (p *Peer) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever sent it has gone
	}
	got := Arrival{At: time.Now(), Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host, Body: body}
	if err := json.Unmarshal(body, &got.Fields); err != nil {
		p.t.Errorf("a delivery is not JSON: %v", err)
	}
	p.server.mu.Lock()
	p.server.arrivals = append(p.server.arrivals, got)
	close(p.server.news)
	p.server.news = make(chan struct{})
	answer := p.server.answer
	p.server.mu.Unlock()
	status := 0
	if answer != nil {
		status = answer(got)
	}
	switch {
	case status == 0:
		status = http.StatusAccepted
	case status >= 300 && status < 400:
		w.Header().Set("Location", p.URL()+"/redirected/inbox")
	}
	w.WriteHeader(status)
}

// Arrivals are the deliveries to all inboxes of the server, in order.
func (p *Peer) Arrivals() []Arrival {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return slices.Clone(p.server.arrivals)
}

// Wait waits until n deliveries have arrived, or fails the test after a minute.
func (p *Peer) Wait(n int) []Arrival {
	p.t.Helper()
	deadline := time.After(time.Minute)
	for {
		p.server.mu.Lock()
		got, news := slices.Clone(p.server.arrivals), p.server.news
		p.server.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-news:
		case <-deadline:
			p.t.Fatalf("%d of %d deliveries arrived", len(got), n)
		}
	}
}

// Verify checks the signature of a delivery with a key that the sender has published,
// by whichever scheme it was made. An Ed25519 key signs by RFC 9421 only.
func (a Arrival) Verify(publicPEM string) error {
	key, err := publicKey(publicPEM)
	if err != nil {
		return err
	}
	if a.Header.Get("Signature-Input") != "" {
		return a.verifyMessage(key)
	}
	if got := a.Header.Get("Digest"); got != digest(a.Body) {
		return fmt.Errorf("the Digest is %q, want %q", got, digest(a.Body))
	}
	if _, ok := key.(ed25519.PublicKey); ok {
		return errors.New("an Ed25519 key is not for draft-cavage")
	}
	parameters := a.parameters()
	covered := []string{"(request-target)", "host", "date", "digest"}
	if a.Header.Get("Collection-Synchronization") != "" {
		covered = append(covered, "collection-synchronization")
	}
	for _, name := range covered {
		if !slices.Contains(strings.Fields(parameters["headers"]), name) {
			return fmt.Errorf("%s is not covered", name)
		}
	}
	var lines []string
	for name := range strings.FieldsSeq(parameters["headers"]) {
		value := a.Header.Get(name)
		switch name {
		case "(request-target)":
			value = "post " + a.Path
		case "host":
			value = a.Host
		}
		lines = append(lines, name+": "+value)
	}
	return verify(key, strings.Join(lines, "\n"), parameters["signature"])
}

// KeyID is the key that a delivery says it was signed with.
func (a Arrival) KeyID() string {
	if in := a.Header.Get("Signature-Input"); in != "" {
		_, rest, _ := strings.Cut(in, `keyid="`)
		id, _, _ := strings.Cut(rest, `"`)
		return id
	}
	return a.parameters()["keyId"]
}

// verifyMessage checks a signature by RFC 9421 that covers what Mastodon wants to
// be covered.
func (a Arrival) verifyMessage(key crypto.PublicKey) error {
	const covered, further = `("@method" "@target-uri" "content-digest" "content-type"`, ` "collection-synchronization"`
	parameters, ok := strings.CutPrefix(a.Header.Get("Signature-Input"), "sig1=")
	synchronization, synchronized := a.Header["Collection-Synchronization"]
	list := covered
	if synchronized {
		list += further
	}
	if !ok || !strings.HasPrefix(parameters, list+");created=") {
		return fmt.Errorf("the Signature-Input is %q", a.Header.Get("Signature-Input"))
	}
	if got, want := a.Header.Get("Content-Digest"), contentDigest(a.Body); got != want {
		return fmt.Errorf("the Content-Digest is %q, want %q", got, want)
	}
	base := fmt.Sprintf("\"@method\": POST\n\"@target-uri\": http://%s%s\n\"content-digest\": %s\n\"content-type\": %s\n",
		a.Host, a.Path, contentDigest(a.Body), a.Header.Get("Content-Type"))
	if synchronized {
		base += fmt.Sprintf("\"collection-synchronization\": %s\n", synchronization[0])
	}
	base += fmt.Sprintf("\"@signature-params\": %s", parameters)
	return verify(key, base, strings.TrimSuffix(strings.TrimPrefix(a.Header.Get("Signature"), "sig1=:"), ":"))
}

func verify(key crypto.PublicKey, text, signature string) error {
	made, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return err
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256([]byte(text))
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], made)
	case ed25519.PublicKey:
		if ed25519.Verify(key, []byte(text), made) {
			return nil
		}
		return errors.New("the Ed25519 signature is wrong")
	}
	return fmt.Errorf("the key is a %T", key)
}

func publicKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the key is not PEM")
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}

// parameters are those of the Signature header of draft-cavage.
func (a Arrival) parameters() map[string]string {
	all := map[string]string{}
	for part := range strings.SplitSeq(a.Header.Get("Signature"), `",`) {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		all[name] = strings.Trim(value, `"`)
	}
	return all
}
