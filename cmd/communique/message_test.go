package main

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// message signs a letter by RFC 9421, written from the RFC and without our own
// packages.
type message struct {
	components []string
	created    time.Time
	keyID      string
	key        crypto.Signer
	target     string // as signed; empty is the real one
	extra      string // further parameters
}

func newMessage(p *peer) *message {
	return &message{components: []string{"@method", "@target-uri", "content-digest"}, created: time.Now(), keyID: p.keyID(), key: p.key}
}

// sign gives the letter the fields of RFC 9421 in place of those of cavage.
func (m *message) sign(t *testing.T, l *letter) {
	t.Helper()
	sum := sha256.Sum256(l.body)
	l.request.Header.Del("Digest")
	l.request.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
	target := m.target
	if target == "" {
		target = l.request.URL.String()
	}
	var base strings.Builder
	quoted := make([]string, len(m.components))
	for i, name := range m.components {
		value := l.request.Header.Get(name)
		switch name {
		case "@method":
			value = l.request.Method
		case "@target-uri":
			value = target
		case "@authority":
			value = l.request.URL.Host
		}
		quoted[i] = `"` + name + `"`
		fmt.Fprintf(&base, "%s: %s\n", quoted[i], value)
	}
	parameters := fmt.Sprintf(`(%s);created=%d;keyid="%s"%s`, strings.Join(quoted, " "), m.created.Unix(), m.keyID, m.extra)
	base.WriteString(`"@signature-params": ` + parameters)
	made := signed(t, m.key, base.String())
	l.request.Header.Set("Signature-Input", "sig1="+parameters)
	l.request.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(made)+":")
}

// messageVerified checks, by hand, that a delivery is signed by RFC 9421 as
// Mastodon wants it.
func (a arrival) messageVerified(publicPEM string) error {
	const covered = `("@method" "@target-uri" "content-digest");created=`
	parameters, ok := strings.CutPrefix(a.Header.Get("Signature-Input"), "sig1=")
	if !ok || !strings.HasPrefix(parameters, covered) {
		return fmt.Errorf("Signature-Input is %q", a.Header.Get("Signature-Input"))
	}
	sum := sha256.Sum256(a.Body)
	digest := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
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
	sum = sha256.Sum256([]byte(base))
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

// messageAttacks are the attacks of SECURITY A 1–6 by the other scheme.
func messageAttacks(stranger *rsa.PrivateKey) map[string]struct {
	spoil func(m *message)
	after func(l *letter)
} {
	type spoiled = struct {
		spoil func(m *message)
		after func(l *letter)
	}
	covering := func(names ...string) spoiled {
		return spoiled{spoil: func(m *message) { m.components = names }}
	}
	created := func(shift time.Duration) spoiled {
		return spoiled{spoil: func(m *message) { m.created = m.created.Add(shift) }}
	}
	return map[string]spoiled{
		"1 body changed after signing": {after: func(l *letter) {
			l.body = []byte(strings.Replace(string(l.body), "follows/1", "follows/9", 1))
		}},
		"2 method not covered":  covering("@target-uri", "content-digest"),
		"2 target not covered":  covering("@method", "@authority", "content-digest"),
		"2 digest not covered":  covering("@method", "@target-uri"),
		"2 nothing covered":     covering(),
		"3 no digest at all":    {after: func(l *letter) { l.request.Header.Del("Content-Digest") }},
		"4 signed 13 hours ago": created(-13 * time.Hour),
		"4 signed in two hours": created(2 * time.Hour),
		"4 expired":             {spoil: func(m *message) { m.extra = fmt.Sprintf(";expires=%d", time.Now().Unix()-1) }},
		"5 a parameter twice":   {spoil: func(m *message) { m.extra = fmt.Sprintf(`;keyid="%s"`, m.keyID) }},
		"5 a component twice":   covering("@method", "@target-uri", "content-digest", "@method"),
		"5 both schemes": {after: func(l *letter) {
			l.request.Header.Add("Signature", `keyId="x",headers="(request-target) host date digest",signature="AAAA"`)
		}},
		"6 signed for another host":    {spoil: func(m *message) { m.target = "https://other.example/ap/inbox" }},
		"6 signed for another query":   {spoil: func(m *message) { m.target += "?x=1" }},
		"another's key":                {spoil: func(m *message) { m.key = stranger }},
		"an algorithm of another kind": {spoil: func(m *message) { m.extra = `;alg="ed25519"` }},
	}
}

// TestInboxMessageAttacks sends to every inbox what must not get in.
func TestInboxMessageAttacks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t)
	for _, inbox := range inboxRoutes(t) {
		for name, a := range messageAttacks(stranger) {
			t.Run(name+" at "+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
				l, m := p.letter(s.base+inbox, p.follow(s.actor())), newMessage(p)
				m.target = s.base + inbox
				if a.spoil != nil {
					a.spoil(m)
				}
				m.sign(t, l)
				if a.after != nil {
					a.after(l)
				}
				mustEqual(t, "the status", l.post(t), 401)
				mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
			})
		}
	}
}
