package https

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/mholt/acmez/v3"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/delivery/outbound"
)

const (
	// filesEvery is between two looks whether files have changed.
	filesEvery = 10 * time.Second
	// authorityEvery is between two looks whether a certificate is to be renewed.
	authorityEvery = time.Hour
	// AttemptWithin bounds one look.
	AttemptWithin = 5 * time.Minute
	// askedEvery is between two looks whether somebody wants an attempt at once, or another
	// server has got a certificate, while there is none.
	askedEvery = 2 * time.Second
)

// patience is how long to wait after so many attempts that failed. An authority takes a few
// an hour (five, at Let's Encrypt), whichever server of a site makes them.
var patience = [...]time.Duration{time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour}

// errNone is that a client asks for TLS, and there is no certificate yet.
var errNone = errors.New("there is no certificate yet")

// Options are what a keeper needs.
type Options struct {
	Host       string // of the site
	Store      *storage.Store
	Passphrase *signature.Passphrase // seals private keys in the database; nil for none
	Log        *slog.Logger

	// Directory is the address of an authority's directory; empty if the certificate is in
	// files. Email is who the authority may write to.
	Directory, Email string
	// External is whose account there is to be bound to; nil to nobody's.
	External *External
	// HTTPPort and TLSPort are where the authority is answered on this machine; HTTPPort is
	// 0 if nobody does. ListenHost is an address at which both can be reached from here;
	// empty for each of this machine's.
	HTTPPort, TLSPort int
	ListenHost        string
	// Rules say where an authority may lead us.
	Rules outbound.Rules
	// Roots certify the authority's server; nil is the system's list.
	Roots *x509.CertPool

	// Certificate and Key are the files.
	Certificate, Key string

	// Every is between two looks, and Patience after so many that failed; empty for what is
	// usual.
	Every    time.Duration
	Patience []time.Duration
}

// source is where a certificate comes from.
type source interface {
	// next is the certificate that is to be shown. With an error there may be one, too.
	next(ctx context.Context) (*tls.Certificate, error)
}

// Keeper has the certificate of a server.
type Keeper struct {
	Options
	from  source
	asked *authority // nil if the certificate is in files
	shown atomic.Pointer[tls.Certificate]
	// asking is set once an authority was asked.
	asking bool
	said   string // what was wrong with files, as it was logged last
}

// New makes a keeper, with the certificate that there is already, if there is one. Files
// that cannot be read are an error. [Keeper.Close] ends it.
func New(ctx context.Context, o Options) (*Keeper, error) {
	k := &Keeper{Options: o}
	if len(k.Patience) == 0 {
		k.Patience = patience[:]
	}
	if o.Directory == "" {
		k.Every = cmp.Or(o.Every, filesEvery)
		k.from = &files{certificate: o.Certificate, key: o.Key, host: o.Host}
		c, err := k.from.next(ctx)
		k.shown.Store(c)
		return k, err
	}
	k.Every = cmp.Or(o.Every, authorityEvery)
	k.asked = newAuthority(o)
	k.from = k.asked
	if c, err := k.asked.stored(ctx); err == nil {
		k.shown.Store(c)
	}
	return k, nil // why there is none, the first attempt says
}

// Close ends what the keeper holds open.
func (k *Keeper) Close() {
	if k.asked != nil {
		k.asked.close()
	}
}

// Run looks after the certificate until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := k.look(ctx)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// look takes one step, and returns how long to wait for the next one.
func (k *Keeper) look(ctx context.Context) time.Duration {
	if k.asked == nil {
		k.lookAtFiles(ctx)
		return k.Every
	}
	before, err := readStanding(ctx, k.Store)
	if err != nil {
		k.Log.Debug("the certificate is not looked after", "error", err) // what serves says that the database is away
		return k.Patience[0]
	}
	if wait := k.waits(before); wait > 0 {
		return min(wait, k.Patience[0], askedEvery)
	}
	k.asking = true
	failed := k.step(ctx)
	switch {
	case ctx.Err() != nil:
		return 0 // it ends
	case failed != nil:
		return min(k.note(ctx, before, failed), askedEvery)
	case before.trouble != nil || !before.asked.IsZero():
		if err := clearTrouble(ctx, k.Store); err != nil {
			k.Log.Debug("the certificate is there, and not noted", "error", err)
			return k.Patience[0]
		}
	}
	return k.Every
}

// waits is how long an authority is left alone after attempts in vain, whichever server made
// them. One that is started anew asks sooner: somebody has mended something. Who says so has it
// asked at once.
func (k *Keeper) waits(s standing) time.Duration {
	t := s.trouble
	switch {
	case t == nil || t.Host != k.Host || s.asked.After(t.At):
		return 0
	case !k.asking && t.At.Add(k.Patience[0]).Before(t.Next):
		return t.At.Add(k.Patience[0]).Sub(s.now)
	}
	return t.Next.Sub(s.now)
}

// step has the source look for a certificate, and shows it.
func (k *Keeper) step(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, AttemptWithin)
	defer cancel()
	c, err := k.from.next(ctx)
	if c == nil {
		return err
	}
	before := k.shown.Swap(c)
	if before == nil || before.Leaf == nil || !before.Leaf.Equal(c.Leaf) {
		k.Log.Info("a certificate is shown", "host", k.Host, "until", c.Leaf.NotAfter.UTC().Format(time.RFC3339), "issuer", c.Leaf.Issuer.String())
	}
	return err
}

// lookAtFiles says once what is wrong with them, as long as it is the same.
func (k *Keeper) lookAtFiles(ctx context.Context) {
	said := ""
	if err := k.step(ctx); err != nil {
		said = err.Error()
	}
	if said != "" && said != k.said {
		k.Log.Warn("the files of the certificate cannot be used: the one before is shown", "error", said)
	}
	k.said = said
}

// note says why an authority gave no certificate, and when it is asked again.
func (k *Keeper) note(ctx context.Context, before standing, failed error) time.Duration {
	t := Trouble{Host: k.Host, Reason: failed.Error(), At: before.now, Failures: 1}
	if b := before.trouble; b != nil && b.Host == k.Host {
		t.Failures, t.Since = b.Failures+1, b.Since
	}
	pause := k.Patience[min(t.Failures, len(k.Patience))-1]
	if r, ok := errors.AsType[*reason](failed); ok && r.busy {
		pause = k.Patience[len(k.Patience)-1]
	}
	if err := t.write(ctx, k.Store, pause); err != nil {
		k.Log.Debug("why there is no certificate is not noted", "error", err)
	}
	attributes := []any{"host", k.Host, "error", t.Reason, "again_in", pause.String()}
	if until := k.Expires(); !until.IsZero() {
		attributes = append(attributes, "valid_until", until.UTC().Format(time.RFC3339))
	}
	k.Log.Warn("the authority has given no certificate", attributes...)
	return pause
}

// Expires is when the certificate that is shown ends; zero if there is none.
func (k *Keeper) Expires() time.Time {
	c := k.shown.Load()
	if c == nil || c.Leaf == nil {
		return time.Time{}
	}
	return c.Leaf.NotAfter
}

// TLS is the configuration of a listener that shows the certificate, and proves to an
// authority that the host is ours (RFC 8737). It is TLS 1.2 at least (RFC 9325 §3.1.1).
func (k *Keeper) TLS() *tls.Config {
	protocols := []string{"h2", "http/1.1"}
	if k.asked != nil {
		protocols = append(protocols, acmez.ACMETLS1Protocol)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: protocols, GetCertificate: k.certificate}
}

func (k *Keeper) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if k.asked != nil {
		if c, err := k.asked.proof(hello); c != nil || err != nil {
			return c, err
		}
	}
	if c := k.shown.Load(); c != nil {
		return c, nil
	}
	return nil, errNone
}
