package signature

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/go-fed/httpsig"
	"golang.org/x/crypto/ssh"
)

// drafts are go-fed's signers that nobody uses now, by what they cover: they are not
// safe for concurrent use, and making one for each request costs more than the rest of
// the text that is signed.
type drafts struct{ get, post, synchronization sync.Pool }

// covers is what signatures of one kind cover.
func (d *drafts) covers(of *sync.Pool) []string {
	covered := []string{httpsig.RequestTarget, "host", "date"}
	if of == &d.get {
		return covered
	}
	covered = append(covered, "digest")
	if of == &d.post {
		return covered
	}
	return append(covered, strings.ToLower(Synchronization))
}

// draft is one of go-fed's signers, with what it is lent for a signature. go-fed makes
// the text and writes the header; the signature itself it leaves to an [ssh.Signer],
// which is the one door that it has for a key of another kind than its own.
type draft struct {
	signer httpsig.SSHSigner
	by     RSA
	key    Key
	seen   http.Request // as go-fed must see it; see [draft.see]
}

func newDraft(covered []string) (*draft, error) {
	d := &draft{}
	d.seen.URL, d.seen.Header = &url.URL{}, http.Header{}
	var err error
	if d.signer, _, err = httpsig.NewSSHSigner(d, httpsig.DigestSha256, covered, httpsig.Signature, 0); err != nil {
		return nil, fmt.Errorf("making a signer: %w", err)
	}
	return d, nil
}

// PublicKey implements [ssh.Signer].
func (d *draft) PublicKey() ssh.PublicKey { return kindOfKey{} }

// Sign implements [ssh.Signer].
func (d *draft) Sign(_ io.Reader, text []byte) (*ssh.Signature, error) {
	made, err := signText(d.by, d.key.Private, text)
	return &ssh.Signature{Blob: made}, err
}

// kindOfKey is all that go-fed asks of a key. It does the same for each kind that it
// knows, and names none of them.
type kindOfKey struct{}

func (kindOfKey) Type() string    { return ssh.KeyAlgoRSA }
func (kindOfKey) Marshal() []byte { return nil }
func (kindOfKey) Verify([]byte, *ssh.Signature) error {
	return errors.New("a key that signs does not verify")
}

// see takes from a request what is signed, as the wire will carry it: go-fed
// takes Host from the headers only, and signs URL.Path, which net/http decodes, where
// the receiver sees the escaped target.
func (d *draft) see(r *http.Request) {
	d.seen.Method, d.seen.URL.Path = r.Method, r.URL.RequestURI()
	clear(d.seen.Header)
	d.seen.Header["Host"] = []string{requestHost(r)}
	for _, name := range [...]string{"Date", "Digest", Synchronization} {
		if v := r.Header[name]; len(v) > 0 {
			d.seen.Header[name] = v
		}
	}
}

// signCavage signs by draft-cavage-12, with a signer of one kind.
func (s Signer) signCavage(r *http.Request, key Key, kind *sync.Pool) error {
	algorithm, err := usable(r, key)
	if err != nil {
		return err
	}
	r.Header.Del("Content-Digest")
	r.Header.Del("Signature-Input")
	r.Header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	d, ok := kind.Get().(*draft)
	if !ok {
		if d, err = newDraft(s.drafts.covers(kind)); err != nil {
			return err
		}
	}
	defer func() {
		d.by, d.key = nil, Key{}
		kind.Put(d)
	}()
	d.by, d.key = s.rsa, key
	d.see(r)
	if err := d.signer.SignRequest(key.ID, &d.seen, nil); err != nil {
		return fmt.Errorf("signing a request to %s: %w", r.URL.Host, err)
	}
	value := d.seen.Header.Get("Signature")
	if algorithm == algorithmRSA {
		if value, err = nameAlgorithm(value); err != nil {
			return err
		}
	}
	r.Header.Set("Signature", value)
	return nil
}

// nameAlgorithm replaces go-fed's "hs2019", under which cavage-12 leaves the
// algorithm to the key's metadata (that nobody publishes), by the plain name
// that every receiver knows. The parameter itself is not signed.
func nameAlgorithm(value string) (string, error) {
	const hidden, named = `",algorithm="hs2019",`, `",algorithm="rsa-sha256",`
	if !strings.Contains(value, hidden) {
		return "", errors.New("signing a request: the signature does not name its algorithm")
	}
	return strings.Replace(value, hidden, named, 1), nil
}
