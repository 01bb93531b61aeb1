package backup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Errors of files that cannot be decrypted.
var (
	ErrSealed   = errors.New("it is encrypted: name the file with the secret key of one of its recipients by --identity")
	ErrIdentity = errors.New("it is encrypted to other recipients than those whose secret keys are in the file that --identity names")
)

// intro begins each file of age.
const intro = "age-encryption.org/v1\n"

// ParseRecipients reads public keys of age ("age1…"), to which a backup is encrypted.
func ParseRecipients(keys []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, key := range keys {
		parsed, err := age.ParseRecipients(strings.NewReader(key))
		switch {
		case strings.HasPrefix(strings.ToUpper(key), "AGE-SECRET-KEY-"): // and is not repeated
			return nil, errors.New("a secret key of age stands there: write its public key, age1…, and keep the secret one elsewhere")
		case err != nil || len(parsed) != 1:
			return nil, fmt.Errorf("%q is not a public key of age: write one like age1…, as age-keygen prints it", key)
		}
		all = append(all, parsed...)
	}
	return all, nil
}

// ReadIdentities reads a file of secret keys of age ("AGE-SECRET-KEY-1…"), as age-keygen
// writes it; none if there is no name.
func ReadIdentities(name string) ([]age.Identity, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--identity: %w", err)
	}
	defer f.Close()
	all, err := age.ParseIdentities(f)
	if err != nil { // which may quote a line of the file
		return nil, fmt.Errorf("--identity: %s holds no secret keys of age, AGE-SECRET-KEY-1…, a line each", name)
	}
	return all, nil
}

// Seal encrypts what is written to w, if there are recipients. Closing it ends the file,
// and does not close w.
func Seal(w io.Writer, recipients []age.Recipient) (io.WriteCloser, error) {
	if len(recipients) == 0 {
		return open{w}, nil
	}
	sealed, err := age.Encrypt(w, recipients...)
	if err != nil {
		return nil, fmt.Errorf("encrypt the backup: %w", err)
	}
	return sealed, nil
}

type open struct{ io.Writer }

func (open) Close() error { return nil }

// Open reads a backup, encrypted or not. It returns [ErrSealed] and [ErrIdentity], wrapped,
// for one that these keys do not decrypt. One that was changed or cut off is an error of
// reading.
func Open(name string, keys []age.Identity) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r, err := unseal(f, keys)
	if err != nil {
		_ = f.Close() // it was only read
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

func unseal(f io.Reader, keys []age.Identity) (io.Reader, error) {
	r := bufio.NewReader(f)
	if begins, err := r.Peek(len(intro)); err != nil || string(begins) != intro {
		return r, nil // or it is too short to be anything: who reads it says so
	}
	if len(keys) == 0 {
		return nil, ErrSealed
	}
	plain, err := age.Decrypt(r, keys...)
	if _, none := errors.AsType[*age.NoIdentityMatchError](err); none {
		return nil, ErrIdentity
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return plain, nil
}
