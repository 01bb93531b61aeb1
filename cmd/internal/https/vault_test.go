package https

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/federation/signature"
	"communique/storage/clocktest"
)

// TestVault: it keeps what the library means by its storage.
func TestVault(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	v := newVault(newSite(t).store(t), nil)
	for _, name := range []string{"ca/press/press.crt", "ca/press/press.json", "ca/account"} {
		if err := v.Store(ctx, name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := v.Load(ctx, "ca/account"); string(got) != "ca/account" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for what, c := range map[string]struct {
		folder    string
		recursive bool
		want      []string
	}{
		"what lies in a folder":    {"ca", false, []string{"ca/account", "ca/press"}},
		"with what is below":       {"ca", true, []string{"ca/account", "ca/press", "ca/press/press.crt", "ca/press/press.json"}},
		"a folder in one":          {"ca/press", false, []string{"ca/press/press.crt", "ca/press/press.json"}},
		"a file has nothing below": {"ca/account", true, nil},
	} {
		if got, err := v.List(ctx, c.folder, c.recursive); !slices.Equal(got, c.want) || err != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	if info, err := v.Stat(ctx, "ca/press"); info.IsTerminal || info.Key != "ca/press" || err != nil {
		t.Errorf("a folder is %+v, %v", info, err)
	}
	if info, err := v.Stat(ctx, "ca/account"); !info.IsTerminal || info.Size != 10 || info.Modified.IsZero() || err != nil {
		t.Errorf("a file is %+v, %v", info, err)
	}
	if err := errors.Join(v.Delete(ctx, "ca/press"), v.Delete(ctx, "ca/press")); err != nil || v.Exists(ctx, "ca/press/press.crt") || !v.Exists(ctx, "ca") {
		t.Errorf("after a folder was removed: %v", err)
	}
	_, loaded := v.Load(ctx, "ca/press")
	_, found := v.Stat(ctx, "ca/press")
	_, listed := v.List(ctx, "ca/press", true)
	for _, err := range []error{loaded, found, listed} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what is not there: %v", err)
		}
	}
}

// TestSealed: private keys are sealed by the passphrase, and come back by it alone; what was
// stored before there was one is read, too, and sealed by RewriteKeys.
func TestSealed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := newSite(t).store(t)
	passphrase := signature.NewPassphrase("harbour")
	plain, sealed := newVault(store, nil), newVault(store, passphrase)
	const secret = "-----BEGIN PRIVATE KEY-----"
	if err := errors.Join(plain.Store(ctx, "a.key", []byte(secret)), sealed.Store(ctx, "b.key", []byte(secret))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.key", "b.key"} {
		if got, err := sealed.Load(ctx, name); string(got) != secret || err != nil {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if _, err := plain.Load(ctx, "b.key"); !errors.Is(err, signature.ErrSealed) {
		t.Errorf("without the passphrase: %v", err)
	}
	n, err := RewriteKeys(ctx, store, passphrase, func(p *signature.Passphrase, text, label string) (string, error) { return p.Seal(text, label) })
	if n != 2 || err != nil {
		t.Errorf("%d keys were sealed, %v", n, err)
	}
	if _, err := plain.Load(ctx, "a.key"); !errors.Is(err, signature.ErrSealed) {
		t.Errorf("without the passphrase, after all was sealed: %v", err)
	}
	other := newVault(store, signature.NewPassphrase("another"))
	if _, err := other.Load(ctx, "a.key"); !errors.Is(err, signature.ErrPassphrase) || !strings.Contains(err.Error(), "a.key") {
		t.Errorf("with another passphrase: %v", err)
	}
}

// TestLocks: one server at a time has a lock; another one waits for it to be given back, or
// for who has it to be dead.
func TestLocks(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newSite(t)
	s.clock = clocktest.At(time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC))
	one, two := newVault(s.store(t), nil), newVault(s.store(t), nil)
	if err := one.Lock(ctx, "issue"); err != nil {
		t.Fatal(err)
	}
	waiting, cancel := context.WithCancel(ctx)
	cancel()
	if err := two.Lock(waiting, "issue"); !errors.Is(err, context.Canceled) {
		t.Errorf("a second one: %v", err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if err := one.Unlock(ended, "issue"); err != nil {
		t.Errorf("giving it back, at the end of the server: %v", err)
	}
	if err := two.Lock(ctx, "issue"); err != nil {
		t.Errorf("after it was given back: %v", err)
	}
	s.clock.Pass(lockFor) // as long as two says nothing
	if err := one.Lock(ctx, "issue"); err != nil {
		t.Errorf("after its holder died: %v", err)
	}
	if err := two.Unlock(ctx, "issue"); err != nil {
		t.Errorf("what is another's by now: %v", err)
	}
	if held, err := two.take(ctx, "issue", "two"); held || err != nil {
		t.Errorf("the lock was given back by who has it not: %v", err)
	}
	if err := errors.Join(one.Unlock(ctx, "issue")); err != nil {
		t.Error(err)
	}
	if one.Unlock(ctx, "issue") == nil {
		t.Error("a lock was given back that nobody had")
	}
}
