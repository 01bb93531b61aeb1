package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/https"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

func newKeysCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: "List, replace or encrypt the keys by which followers know the actors",
		Long: `List the private keys by which followers know the actors: RSA (main-key), which
every server accepts, and Ed25519. They are in the database and in every backup.
Losing them means losing all followers for good.

All subcommands work while the site is served.`,
		Example: `  communique keys list
  communique keys rotate
  communique keys encrypt`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error { return a.listKeys(ctx, in) }),
	}
	c.AddCommand(&cobra.Command{
		Use:     "list",
		Short:   "List the keys, also those that were replaced",
		Example: `  communique keys list`,
		Args:    arguments(),
		RunE:    a.atSite(func(ctx context.Context, in *installation, _ []string) error { return a.listKeys(ctx, in) }),
	}, a.newRotateCommand(), a.newRewriteCommand(
		"encrypt", "Encrypted", "Encrypt the keys with the configured passphrase",
		`Encrypt the keys in the database with the passphrase in keys.passphrase_file of
communique.yaml, or in COMMUNIQUE_KEY_PASSPHRASE, also those of certificates (tls in the
configuration). From then on serve needs the
passphrase to start; a server that is running continues, and should be restarted
before keys are replaced. The passphrase is in no backup: keep it elsewhere, with the fingerprint
that this command, keys list and backup verify tell of it, by which you find the right one.
Earlier backups hold the keys unencrypted.`,
		func(p *signature.Passphrase, plain, label string) (string, error) { return p.Seal(plain, label) },
	), a.newRewriteCommand(
		"decrypt", "Decrypted", "Store the keys unencrypted again",
		`Store the keys in the database unencrypted again. To change the passphrase, decrypt
with the old one, change it, and encrypt.`,
		func(_ *signature.Passphrase, plain, _ string) (string, error) { return plain, nil },
	))
	return c
}

func (a *app) newRotateCommand() *cobra.Command {
	var r federation.Replacement
	var confirm bool
	c := &cobra.Command{
		Use:   "rotate [ACTOR]",
		Short: "Replace an actor's key without losing followers",
		Long: `Replace the RSA key of an actor, the ministry's if none is named. The new one has an
id of its own. Every server gets it in a message that is signed with the key that it
knows; what follows is signed with that for ten minutes more, then with the new one.
A server that refuses one of the two is asked with the other at once. The old key
stays listed for 30 days, also for servers that cannot be reached, and is then
deleted. Some servers keep the old one for a day and a half: until that long after the
last server that answers has been told, another replacement is refused with the time
from which it will work.

The actor named instance signs requests for documents of other servers and has no
followers: nobody is told, and where its new key is refused the old one is shown.

With --ed25519 the Ed25519 key is replaced instead, a day and a half before or after
the other one at the least: servers that find all keys changed ask every follower to
follow anew.

With --compromised the replaced key is deleted at once, whatever was replaced before,
for when somebody else may have it. What that costs is said first; --confirm does it.`,
		Example: `  communique keys rotate
  communique keys rotate spokesperson
  communique keys rotate --ed25519
  communique keys rotate --compromised --confirm`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("name one actor at most; as in: communique keys rotate spokesperson")
			}
			return nil
		},
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			r.Actor = in.config.Actor.Name
			if len(args) == 1 {
				r.Actor = args[0]
			}
			return a.rotateKey(ctx, in, r, confirm)
		}),
	}
	c.Flags().BoolVar(&r.Ed25519, "ed25519", false, "replace the Ed25519 key, not the RSA key")
	c.Flags().BoolVar(&r.Compromised, "compromised", false, "delete the replaced key at once, because somebody else may have it")
	c.Flags().BoolVar(&confirm, "confirm", false, "do what --compromised costs")
	return c
}

func (a *app) rotateKey(ctx context.Context, in *installation, r federation.Replacement, confirm bool) error {
	passphrase, err := a.passphrase(in.config)
	if err != nil {
		return err
	}
	if err := in.keysCanBeReplaced(ctx, passphrase); err != nil {
		return err
	}
	servers := 0
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		if r.Actor == federation.InstanceName {
			return nil // it speaks to nobody
		}
		if _, err := tx.Source(publog.ActorSource(r.Actor)); err != nil {
			return usagef("%s is not an actor: communique keys list shows those", r.Actor)
		}
		servers, err = tx.CountSpokenTo(r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	if r.Compromised && !confirm {
		return usagef("%s; nothing has been changed: add --confirm to do it", costOf(r, servers))
	}
	did := "key replaced"
	if r.Compromised {
		did = "key replaced and deleted"
	}
	r.Note = func(tx *storage.Tx) error { return a.desk(in).Note(tx, did, "@"+r.Actor, nil) }
	entry, err := federation.ReplaceKey(ctx, in.store, passphrase, r)
	if replacing, ok := errors.AsType[*federation.ReplacingError](err); ok {
		if replacing.Servers > 0 {
			err = fmt.Errorf("%w; communique destinations --behind lists them", err)
		}
		return fmt.Errorf("%w; a key that somebody else may have is replaced at once by --compromised", err)
	}
	if err != nil {
		return withKeyHint(err)
	}
	if r.Compromised {
		if err := leaveNoPlainKeys(ctx, in.store); err != nil {
			return fmt.Errorf("replaced the key of %s, but the files of the database may hold the old one for a while: %w", r.Actor, err)
		}
	}
	line := map[string]any{"actor": r.Actor, "seq": entry.Seq, "servers": servers}
	if r.Actor == federation.InstanceName {
		return a.acted(ctx, in, goesOut, line, "Replaced the key of %s. Servers fetch it when they meet what it signs: our requests for documents of theirs.", r.Actor)
	}
	if r.Compromised {
		return a.acted(ctx, in, goesOut, line,
			"Replaced the key of %s and deleted the old one. %d servers are told by entry %d; communique destinations --behind lists those that refuse it.", r.Actor, servers, entry.Seq)
	}
	return a.acted(ctx, in, goesOut, line, "Replaced the key of %s. %d servers are told by entry %d, signed with the key that they know.", r.Actor, servers, entry.Seq)
}

// keysCanBeReplaced refuses, before anything is done, where the stored keys do not open
// and where a server that runs could not read a new one.
func (in *installation) keysCanBeReplaced(ctx context.Context, passphrase *signature.Passphrase) error {
	if err := federation.CheckKeys(ctx, in.store, passphrase); err != nil {
		return withKeyHint(err)
	}
	if passphrase == nil {
		return nil
	}
	for _, changed := range in.serving(ctx).RestartFor {
		if changed == keyEncryption || changed == keySettings {
			return fmt.Errorf("the server that runs was started before the passphrase or the encryption of the keys was changed, and could not read a new key: restart communique serve first")
		}
	}
	return nil
}

// costOf says what deleting a replaced key at once costs.
func costOf(r federation.Replacement, servers int) string {
	if r.Actor == federation.InstanceName {
		return fmt.Sprintf("the key of %s would be deleted at once: servers that show nobody anything unsigned may refuse our requests, for keys of theirs too, until they have fetched the actor, for up to a day", r.Actor)
	}
	if r.Ed25519 {
		return fmt.Sprintf("the Ed25519 key of %s would be deleted at once: %d servers may know it, and what they check with it is refused until they have fetched the actor", r.Actor, servers)
	}
	return fmt.Sprintf("the RSA key of %s would be deleted at once, and %d servers know no other: some refuse everything until they have fetched the actor, for up to a day; "+
		"Mastodon before 4.7 asks every follower to follow anew; Misskey, snac and others take what follows with a 2xx and drop it, withdrawals too, for days or for good", r.Actor, servers)
}

// keyLine is a key as keys list prints it with --json.
type keyLine struct {
	Actor     string `json:"actor"`
	Key       string `json:"key"`
	ID        string `json:"id"`
	Created   string `json:"created"`
	Encrypted bool   `json:"encrypted"`
	// Fingerprint is that of the passphrase which it is encrypted with.
	Fingerprint string `json:"passphrase_fingerprint,omitempty"`
	Replaced    string `json:"replaced,omitempty"`
	Unaware     int    `json:"untold,omitempty"` // servers that answer and know only this one
}

func (a *app) listKeys(ctx context.Context, in *installation) error {
	lines, err := in.keyLines(ctx)
	if err != nil {
		return err
	}
	t := newTable("ACTOR", "KEY", "CREATED", "STORED", "STATE")
	for _, l := range lines {
		if a.json {
			if err := a.object(l); err != nil {
				return err
			}
			continue
		}
		stored, state := "plain", "in use"
		if l.Encrypted {
			stored = strings.TrimSpace("encrypted " + l.Fingerprint)
		}
		if l.Replaced != "" {
			state = fmt.Sprintf("replaced at %s", l.Replaced)
		}
		if l.Unaware > 0 {
			state += fmt.Sprintf(", %d servers have yet to be told", l.Unaware)
		}
		_, fragment, _ := strings.Cut(l.ID, "#")
		t.row(l.Actor, fragment, l.Created, stored, state)
	}
	if a.json {
		return nil
	}
	return t.print(a.Stdout)
}

func (in *installation) keyLines(ctx context.Context) ([]keyLine, error) {
	var lines []keyLine
	err := in.store.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		for i, k := range keys {
			l := keyLine{Actor: k.Actor, Key: k.Name, ID: in.site.Actor(k.Actor) + "#" + k.Fragment, Created: k.Created.Format(time.RFC3339), Encrypted: signature.IsSealed(k.Private), Fingerprint: signature.FingerprintOf(k.Private)}
			if i+1 < len(keys) && keys[i+1].Actor == k.Actor && keys[i+1].Name == k.Name {
				l.Replaced = keys[i+1].Created.Format(time.RFC3339)
				if l.Unaware, err = tx.CountBehind(k.Actor, keys[i+1].Since); err != nil {
					return err
				}
			}
			lines = append(lines, l)
		}
		return err
	})
	return lines, err
}

// keysAreEncrypted tells whether serving needs a passphrase.
func (in *installation) keysAreEncrypted(ctx context.Context) (bool, error) {
	lines, err := in.keyLines(ctx)
	return slices.ContainsFunc(lines, func(l keyLine) bool { return l.Encrypted }), err
}

// scrubbing is how often the files are tried to be cleared, each time for as long as
// the database waits for others: a server that is running reads all the time.
const scrubbing = 5

// leaveNoPlainKeys clears the files of the database of keys as they were stored
// before, also while it is served (SECURITY A54).
func leaveNoPlainKeys(ctx context.Context, store *storage.Store) error {
	var err error
	for range scrubbing {
		if err = store.Scrub(ctx); !errors.Is(err, press.ErrBusy) {
			return err
		}
	}
	return err
}

// newRewriteCommand makes a command that stores all keys in another form.
func (a *app) newRewriteCommand(name, done, short, long string, form func(p *signature.Passphrase, plain, label string) (string, error)) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Long: long,
		Example: "  communique keys " + name,
		Args:    arguments(),
		RunE: a.onSite(func(ctx context.Context, in *installation, _ []string) error {
			passphrase, err := a.passphrase(in.config)
			if err != nil {
				return err
			}
			if passphrase == nil {
				return fmt.Errorf("no passphrase is configured: name a file with one as keys.passphrase_file in communique.yaml, or set %s", passphraseVariable)
			}
			n, err := federation.RewriteKeys(ctx, in.store, passphrase, form)
			if err != nil {
				return withKeyHint(err)
			}
			ofCertificates, err := https.RewriteKeys(ctx, in.store, passphrase, form)
			if err != nil {
				return withKeyHint(err)
			}
			n += ofCertificates
			if err := leaveNoPlainKeys(ctx, in.store); err != nil {
				return fmt.Errorf("%s %d keys, but the files of the database may hold them as they were for a while: run communique keys %s again: %w", strings.ToLower(done), n, name, err)
			}
			fingerprints, err := in.fingerprints(ctx)
			if err != nil {
				return err
			}
			if a.json {
				return a.objectServed(ctx, in, map[string]any{"did": name, "keys": n, "passphrase_fingerprints": fingerprints})
			}
			a.say("%s: %d keys.", done, n)
			if len(fingerprints) > 0 {
				a.say("The fingerprint of the passphrase is %s: note it where you keep the passphrase.", strings.Join(fingerprints, ", "))
			}
			a.sayKeysServed(ctx, in, name)
			return nil
		}),
	}
}

// sayKeysServed tells what becomes of the server when keys are stored in another form.
func (a *app) sayKeysServed(ctx context.Context, in *installation, name string) {
	needs := map[string]string{"encrypt": "needs the passphrase", "decrypt": "needs no passphrase"}[name]
	if !in.serving(ctx).Served {
		a.say("No server runs on %s: its next start %s.", in.config.Data, needs)
		return
	}
	a.say("The server that runs goes on with the keys that it has read; its next start %s.", needs)
	if name == "encrypt" {
		a.say("Restart communique serve before keys are replaced: it could not read a new one.")
	}
}
