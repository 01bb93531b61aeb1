package signature

import (
	"errors"
	"strings"
	"testing"
)

// cheap is a passphrase that is quick to try.
func cheap(text string) *Passphrase {
	p := NewPassphrase(text)
	p.cost = 1 << 10
	return p
}

func TestPassphrase(t *testing.T) {
	t.Parallel()
	const plain, label = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "ministry#main-key"
	p := cheap("correct horse")
	sealed, err := p.Seal(plain, label)
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Seal(plain, label)
	if err != nil {
		t.Fatal(err)
	}
	if !IsSealed(sealed) || strings.Contains(sealed, "AAAA") || sealed == again {
		t.Errorf("sealed it is %s", sealed)
	}
	other := cheap("correct horse")
	for _, text := range []string{sealed, again, plain} {
		if got, err := other.Open(text, label); err != nil || got != plain {
			t.Errorf("opened by the same passphrase: %q, %v", got, err)
		}
	}
	if len(other.ciphers) != 1 {
		t.Errorf("%d derivations for keys that were sealed together", len(other.ciphers))
	}
	var none *Passphrase
	if got, err := none.Seal(plain, label); err != nil || got != plain {
		t.Errorf("without a passphrase: %q, %v", got, err)
	}
	if _, err := none.Open(sealed, label); !errors.Is(err, ErrSealed) {
		t.Errorf("without a passphrase: error %v, want ErrSealed", err)
	}
	if _, err := cheap("wrong horse").Open(sealed, label); !errors.Is(err, ErrPassphrase) {
		t.Errorf("with another: error %v, want ErrPassphrase", err)
	}
	if _, err := p.Open(sealed, "instance#main-key"); !errors.Is(err, ErrKey) {
		t.Errorf("in another's place: error %v, want ErrKey", err)
	}
	for name, broken := range map[string]string{
		"no end":  sealed[:len(sealed)-40],
		"no salt": strings.Replace(sealed, saltHeader, "Scrypt-Pepper", 1),
		"empty":   "-----BEGIN " + sealedType + "-----\n" + saltHeader + ": " + strings.Repeat("A", 22) + "==\n\n-----END " + sealedType + "-----\n",
	} {
		if _, err := p.Open(broken, label); !errors.Is(err, ErrKey) {
			t.Errorf("%s: error %v, want ErrKey", name, err)
		}
	}
	if NewPassphrase("") != nil {
		t.Error("an empty passphrase is one")
	}
}

// TestSealOf: what was encrypted together has its seal in common, until it is encrypted
// anew.
func TestSealOf(t *testing.T) {
	t.Parallel()
	seal := func(p *Passphrase) string {
		t.Helper()
		text, err := p.Seal("a key", "ministry#main-key")
		if err != nil {
			t.Fatal(err)
		}
		return SealOf(text)
	}
	p := cheap("correct horse")
	one := seal(p)
	if one == "" || seal(p) != one {
		t.Errorf("the seals of two keys are %q and %q", one, seal(p))
	}
	if anew := seal(cheap("correct horse")); anew == one {
		t.Error("what is encrypted anew has the same seal")
	}
	for _, text := range []string{"", "-----BEGIN PRIVATE KEY-----", "-----BEGIN COMMUNIQUE ENCRYPTED KEY"} {
		if got := SealOf(text); got != "" {
			t.Errorf("%q has the seal %q", text, got)
		}
	}
}

// TestFingerprint: a key tells by which passphrase it is opened, so that who has another one is
// told which is wanted, and who has the right one that the key was changed. One that an earlier
// version has encrypted opens, and is told apart once it was named.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	const label = "ministry#main-key"
	p := cheap("correct horse")
	sealed, err := p.Seal("a key", label)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := FingerprintOf(sealed)
	if len(fingerprint) != 2*fingerprintSize || FingerprintOf("a key") != "" {
		t.Errorf("the fingerprint is %q", fingerprint)
	}
	earlier := strings.Replace(sealed, fingerprintHeader+": "+fingerprint+"\n", "", 1)
	if FingerprintOf(earlier) != "" || SealOf(earlier) != SealOf(sealed) {
		t.Fatalf("without it, it is %s", earlier)
	}
	if _, err := cheap("wrong horse").Open(earlier, label); !errors.Is(err, ErrPassphrase) || strings.Contains(err.Error(), "fingerprint") {
		t.Errorf("of an earlier version, with another: %v", err)
	}
	if text, err := cheap("wrong horse").Name(earlier, label); !errors.Is(err, ErrPassphrase) || text != earlier {
		t.Errorf("named by another: %v\n%s", err, text)
	}
	named, err := cheap("correct horse").Name(earlier, label)
	if err != nil || named != sealed {
		t.Errorf("named, it is %v\n%s\nwant\n%s", err, named, sealed)
	}
	if _, err := cheap("wrong horse").Open(named, label); !errors.Is(err, ErrPassphrase) || !strings.Contains(err.Error(), fingerprint) {
		t.Errorf("with another: %v", err)
	}
	if _, err := p.Open(strings.Replace(sealed, "\n\n", "\n\nAAAA", 1), label); !errors.Is(err, ErrKey) {
		t.Errorf("changed: %v", err)
	}
	for _, text := range []string{"a key", sealed} {
		if got, err := p.Name(text, label); got != text || err != nil {
			t.Errorf("named again, %q is %q, %v", text, got, err)
		}
	}
}
