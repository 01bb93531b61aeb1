package https

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/certificates"
	"communique/storage/press"
)

const (
	// lockFor is after which time the holder of a lock is taken for dead.
	lockFor = 2 * time.Minute
	// lockPause is between two attempts to take one.
	lockPause = time.Second
	// lockEnds is how long it may take to give one back.
	lockEnds = 5 * time.Second
)

// vault is the [certmagic.Storage] in the database.
type vault struct {
	store      *storage.Store
	passphrase *signature.Passphrase

	mu   sync.Mutex
	held map[string]*lock // by name
}

// lock is one that we have.
type lock struct {
	holder string
	stop   context.CancelFunc
	ended  chan struct{}
}

var _ certmagic.Storage = (*vault)(nil)

func newVault(store *storage.Store, passphrase *signature.Passphrase) *vault {
	return &vault{store: store, passphrase: passphrase, held: map[string]*lock{}}
}

// label is what a private key is bound to.
func label(name string) string { return "certificate " + name }

// isKey tells whether a file is a private key: of a certificate, or of the account.
func isKey(name string) bool { return strings.HasSuffix(name, ".key") }

// Store implements [certmagic.Storage].
func (v *vault) Store(ctx context.Context, name string, content []byte) error {
	if isKey(name) {
		sealed, err := v.passphrase.Seal(string(content), label(name))
		if err != nil {
			return err
		}
		content = []byte(sealed)
	}
	return v.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.PutCertificateFile(name, content)
	})
}

// Load implements [certmagic.Storage].
func (v *vault) Load(ctx context.Context, name string) (content []byte, err error) {
	err = v.store.View(ctx, func(tx *storage.Tx) error {
		content, err = tx.CertificateFile(name)
		return err
	})
	if err != nil {
		return nil, absent(err)
	}
	if isKey(name) {
		plain, err := v.passphrase.Open(string(content), label(name))
		if err != nil {
			return nil, fmt.Errorf("the key %s: %w", name, err)
		}
		content = []byte(plain)
	}
	return content, nil
}

// absent says in the library's word that a file is not there.
func absent(err error) error {
	if errors.Is(err, press.ErrNotFound) {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}

// Delete implements [certmagic.Storage].
func (v *vault) Delete(ctx context.Context, name string) error {
	return v.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.DropCertificateFiles(name)
	})
}

// Exists implements [certmagic.Storage].
func (v *vault) Exists(ctx context.Context, name string) bool {
	_, err := v.Stat(ctx, name)
	return err == nil
}

// Stat implements [certmagic.Storage].
func (v *vault) Stat(ctx context.Context, name string) (certmagic.KeyInfo, error) {
	files, err := v.below(ctx, name)
	if err != nil {
		return certmagic.KeyInfo{}, err
	}
	if f := files[0]; f.Name == name {
		return certmagic.KeyInfo{Key: name, Modified: f.Modified, Size: f.Size, IsTerminal: true}, nil
	}
	return certmagic.KeyInfo{Key: name}, nil
}

// List implements [certmagic.Storage].
func (v *vault) List(ctx context.Context, folder string, recursive bool) ([]string, error) {
	files, err := v.below(ctx, folder)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, f := range files {
		rest := strings.TrimPrefix(strings.TrimPrefix(f.Name, folder), "/")
		if rest == "" {
			continue // it is a file itself
		}
		parts := strings.Split(rest, "/")
		if !recursive {
			parts = parts[:1]
		}
		for i := range parts {
			all = append(all, path.Join(folder, path.Join(parts[:i+1]...)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// below are the files of a name or in a folder; it is fs.ErrNotExist if there are none.
func (v *vault) below(ctx context.Context, name string) (files []certificates.File, err error) {
	err = v.store.View(ctx, func(tx *storage.Tx) error {
		files, err = tx.CertificateFiles(name)
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%w: %s", fs.ErrNotExist, name)
	}
	return files, err
}

// Lock implements [certmagic.Storage].
func (v *vault) Lock(ctx context.Context, name string) error {
	for holder := rand.Text(); ; {
		held, err := v.take(ctx, name, holder)
		if err != nil {
			return err
		}
		if held {
			v.keep(name, holder)
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPause):
		}
	}
}

func (v *vault) take(ctx context.Context, name, holder string) (held bool, err error) {
	err = v.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		held, err = tx.LockCertificates(name, holder, lockFor)
		return err
	})
	return held, err
}

// keep renews a lock until it is given back. If the database is away for longer, another
// one may take it; who asks for a certificate looks once more then whether there is one.
func (v *vault) keep(name, holder string) {
	ctx, stop := context.WithCancel(context.Background())
	l := &lock{holder, stop, make(chan struct{})}
	v.mu.Lock()
	v.held[name] = l
	v.mu.Unlock()
	go func() {
		defer close(l.ended)
		storage.Every(ctx, lockFor/4, func(ctx context.Context) error {
			_, err := v.take(ctx, name, holder)
			return err
		}, func(error) {}) // it is tried again before it is over
	}()
}

// Unlock implements [certmagic.Storage]. It is done though ctx has ended, as it has when the
// server stops.
func (v *vault) Unlock(ctx context.Context, name string) error {
	v.mu.Lock()
	l := v.held[name]
	delete(v.held, name)
	v.mu.Unlock()
	if l == nil {
		return fmt.Errorf("the lock %s is not held", name)
	}
	l.stop()
	<-l.ended
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockEnds)
	defer cancel()
	return v.store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.UnlockCertificates(name, l.holder)
	})
}

// RewriteKeys stores the private keys of certificates and accounts in another form, all or
// none, and returns how many there are. form is given each key decrypted, with the label
// that it is bound to.
func RewriteKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase,
	form func(p *signature.Passphrase, plain, label string) (string, error)) (n int, err error) {
	err = store.Update(ctx, func(tx *storage.Tx) error {
		n = 0
		files, err := tx.CertificateFiles("")
		if err != nil {
			return err
		}
		for _, f := range files {
			if !isKey(f.Name) {
				continue
			}
			if err := rewriteKey(tx, f.Name, passphrase, form); err != nil {
				return fmt.Errorf("the key %s: %w", f.Name, err)
			}
			n++
		}
		return nil
	})
	return n, err
}

func rewriteKey(tx *storage.Tx, name string, passphrase *signature.Passphrase, form func(p *signature.Passphrase, plain, label string) (string, error)) error {
	content, err := tx.CertificateFile(name)
	if err != nil {
		return err
	}
	text, err := passphrase.Open(string(content), label(name))
	if err == nil {
		text, err = form(passphrase, text, label(name))
	}
	if err != nil {
		return err
	}
	return tx.PutCertificateFile(name, []byte(text))
}
