package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"

	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage/press"
)

// rehearsal is what the trial of a backup has shown: it is restored into a folder that is
// thrown away, by what restores it in earnest.
type rehearsal struct {
	// Backup is when the backup was made.
	Backup string          `json:"backup,omitempty"`
	Parts  []rehearsedPart `json:"parts"`

	made time.Time
	zone *time.Location
}

// rehearsedPart is the verdict on a part of a backup; that of one that could not be looked at
// is a warning.
type rehearsedPart struct {
	Part     string        `json:"part"`
	Verdict  check.Verdict `json:"verdict"`
	Observed string        `json:"observed"`
}

func (r *rehearsal) add(part string, verdict check.Verdict, observed string) {
	r.Parts = append(r.Parts, rehearsedPart{part, verdict, observed})
}

// judge adds a part that is well if nothing is wrong.
func (r *rehearsal) judge(part, well string, wrong error) {
	if wrong != nil {
		r.add(part, check.Fail, oneLine(wrong))
		return
	}
	r.add(part, check.OK, well)
}

// fault is the first thing that is wrong; nil if nothing is.
func (r *rehearsal) fault() error {
	for _, p := range r.Parts {
		if p.Verdict == check.Fail {
			return fmt.Errorf("the rehearsal of the backup failed: %s: %s", p.Part, p.Observed)
		}
	}
	return nil
}

// passphraseOf finds the passphrase of the keys in a backup that was restored on trial; nil
// if there is none here.
type passphraseOf func(*installation) (*signature.Passphrase, error)

// rehearseBackup restores a backup into a folder that is not there yet, and looks at it. An error
// is that this could not be done, which says nothing of the backup.
func (a *app) rehearseBackup(ctx context.Context, file backupFile, folder string, find passphraseOf) (r rehearsal, err error) {
	trial := *a
	trial.data, trial.Stdout, trial.Stderr = folder, io.Discard, io.Discard
	trial.Env = func(name string) string {
		switch name {
		case config.DatabaseVariable, config.ListenVariable, config.CredentialsVariable:
			return "" // they are of a site that is served
		}
		return a.Env(name)
	}
	restored, err := trial.restore(ctx, file, true, nil)
	if err != nil && (ctx.Err() != nil || isFull(err)) {
		return r, fmt.Errorf("restore it on trial: %w", err)
	}
	well := "it is restored, and each page, index and reference in it holds"
	if restored.digested {
		well += ", and each byte, by its SHA-256"
	} else {
		well += "; it has no digest, for an earlier version made it, so that a letter which has become another is not found"
	}
	r.judge("the database", well, err)
	if err != nil {
		return r, nil
	}
	r.made, r.zone, r.Backup = restored.Made, restored.zone, stamp(restored.Made)
	r.judge("the log", fmt.Sprintf("no entry is missing up to %d", restored.head), restored.gap)
	in, err := trial.openToCheck(ctx)
	if err != nil {
		r.judge("the configuration", "", err)
		return r, ctx.Err()
	}
	defer in.Close()
	pictures, err := loadPictures(in.config)
	r.judge("the configuration", "it can be read, and the pictures that it names are there", err)
	if err == nil {
		trial.rehearsePages(ctx, in, pictures, &r)
	}
	in.rehearseKeys(ctx, find, &r)
	return r, ctx.Err()
}

// isFull tells whether there was no room to write something.
func isFull(err error) bool {
	return errors.Is(err, press.ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// rehearseKeys looks whether the keys can be used.
func (in *installation) rehearseKeys(ctx context.Context, find passphraseOf, r *rehearsal) {
	const part = "the keys"
	encrypted, err := in.keysAreEncrypted(ctx)
	var passphrase *signature.Passphrase
	if err == nil && encrypted {
		if passphrase, err = find(in); err == nil && passphrase == nil {
			r.add(part, check.Warn, "they were not looked at: they are encrypted, and their passphrase is not here"+in.ofFingerprint(ctx)+". Set "+passphraseVariable)
			return
		}
	}
	if err == nil {
		err = in.usesKeys(ctx, passphrase)
	}
	well := "they can be used"
	if encrypted {
		well += " with the passphrase" + in.ofFingerprint(ctx)
	}
	r.judge(part, well, withKeyHint(err))
}

// ofFingerprint names the passphrase of the keys, as in " (fingerprint 3f2a91bc)"; empty if they
// do not tell.
func (in *installation) ofFingerprint(ctx context.Context) string {
	all, err := in.fingerprints(ctx)
	if err != nil || len(all) == 0 {
		return ""
	}
	return " (fingerprint " + strings.Join(all, ", ") + ")"
}

// fingerprints are those of the passphrases that the keys are encrypted with: one, unless
// somebody has encrypted some of them only.
func (in *installation) fingerprints(ctx context.Context) (all []string, err error) {
	lines, err := in.keyLines(ctx)
	for _, l := range lines {
		if l.Fingerprint != "" {
			all = append(all, l.Fingerprint)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

// usesKeys opens each key, and reads those that the actors sign with.
func (in *installation) usesKeys(ctx context.Context, passphrase *signature.Passphrase) error {
	if err := federation.CheckKeys(ctx, in.store, passphrase); err != nil {
		return err
	}
	for _, actor := range append(in.config.Actors(), federation.InstanceName) {
		_, err := federation.OwnKey(ctx, in.store, in.site, passphrase, actor)
		if err != nil && !errors.Is(err, press.ErrNotFound) { // it gets one when the site is served
			return err
		}
	}
	return nil
}

// sayRehearsal tells people what was looked at.
func (a *app) sayRehearsal(r rehearsal) {
	if !r.made.IsZero() {
		a.say("It was restored on trial, as the site was at %s:", r.made.In(r.zone).Format(toTheSecond))
	}
	for _, p := range r.Parts {
		a.say("%-4s  %s: %s", p.Verdict, p.Part, plain(p.Observed))
	}
}
