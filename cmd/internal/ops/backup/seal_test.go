package backup

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestSealed: what is encrypted to two people is read by each of them, and by nobody else.
func TestSealed(t *testing.T) {
	t.Parallel()
	one, two, other := newIdentity(t), newIdentity(t), newIdentity(t)
	recipients, err := ParseRecipients([]string{one.Recipient().String(), two.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("All that the ministry has said. ", 10_000)
	name := filepath.Join(t.TempDir(), "one.backup.age")
	part, err := Begin(name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := Seal(part, recipients)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), part.Finish()); err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(name)
	if err != nil || bytes.Contains(sealed, []byte("ministry")) {
		t.Errorf("the text stands in the file: %v", err)
	}
	for _, key := range []age.Identity{one, two} {
		if got, err := readAll(name, other, key); got != text || err != nil {
			t.Errorf("a recipient reads %d bytes: %v", len(got), err)
		}
	}
	if _, err := readAll(name); !errors.Is(err, ErrSealed) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := readAll(name, other); !errors.Is(err, ErrIdentity) {
		t.Errorf("with another's key: %v", err)
	}
	for what, change := range map[string]func() []byte{
		"cut off": func() []byte { return sealed[:len(sealed)-1000] },
		"changed": func() []byte {
			c := bytes.Clone(sealed)
			c[len(c)-1000] ^= 1
			return c
		},
	} {
		if err := os.WriteFile(name, change(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readAll(name, one); err == nil {
			t.Errorf("one that was %s is read", what)
		}
	}
}

func readAll(name string, keys ...age.Identity) (string, error) {
	r, err := Open(name, keys)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// TestKeys: what is no key is refused, and a secret one is never repeated.
func TestKeys(t *testing.T) {
	t.Parallel()
	secret := newIdentity(t).String()
	for _, bad := range []string{"", "age1", "ssh-ed25519 AAAA", "two\nlines"} {
		if _, err := ParseRecipients([]string{bad}); err == nil {
			t.Errorf("%q is taken for a public key", bad)
		}
	}
	if _, err := ParseRecipients([]string{secret}); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a secret key in the place of a public one: %v", err)
	}
	name := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(name, []byte("# written by hand\n"+secret+"X\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadIdentities(name); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a file with a mistyped key: %v", err)
	}
	if keys, err := ReadIdentities(""); keys != nil || err != nil {
		t.Errorf("no file: %v, %v", keys, err)
	}
}
