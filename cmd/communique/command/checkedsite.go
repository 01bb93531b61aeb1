package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"communique/cmd/internal/check"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery/outbound"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// checkedSite tells check what cannot be seen of a site from outside.
type checkedSite struct {
	a          *app
	in         *installation
	passphrase *signature.Passphrase
}

// site is what check must know to ask the site.
func (s checkedSite) site() check.Site {
	site := s.in.site
	c := check.Site{
		Base: site.Base, HandleDomain: site.Domain, Loopback: s.in.config.Loopback(), NotPublic: outbound.NotPublic, Private: s.in.config.PrivateNetworks,
		SharedInbox: site.SharedInbox(), Feed: site.Feed(s.in.language(), "", "atom"), Version: version(),
	}
	for _, name := range append(s.in.config.Actors(), federation.InstanceName) {
		c.Actors = append(c.Actors, check.Account{Handle: site.Handle(name), ID: site.Actor(name)})
	}
	c.Actors[0].Page = site.Home(s.in.language())
	return c
}

// PublicKey implements [check.Installation].
func (s checkedSite) PublicKey(ctx context.Context, actor check.Account) (string, error) {
	name, _, _ := strings.Cut(actor.Handle, "@")
	key, err := s.ownKey(ctx, name)
	if err != nil {
		return "", err
	}
	return signature.EncodePublicKey(key.Private.Public())
}

// Signer implements [check.Installation].
func (s checkedSite) Signer(ctx context.Context, scheme check.Scheme, body []byte) (func(r *http.Request) error, error) {
	key, err := s.ownKey(ctx, federation.InstanceName)
	if err != nil {
		return nil, err
	}
	by := map[check.Scheme]signature.Scheme{check.Cavage: signature.Cavage, check.RFC9421: signature.RFC9421}[scheme]
	signer := signature.NewSigner(s.in.store.Now).By(by)
	return func(r *http.Request) error { return signer.SignPost(r, key, signature.Digest(body)) }, nil
}

func (s checkedSite) ownKey(ctx context.Context, actor string) (signature.Key, error) {
	key, err := federation.OwnKey(ctx, s.in.store, s.in.site, s.passphrase, actor)
	if errors.Is(err, press.ErrNotFound) {
		err = fmt.Errorf("%w; an actor gets its key when the site is served for the first time", err)
	}
	return key, withKeyHint(err)
}

// NewestArticle implements [check.Installation].
func (s checkedSite) NewestArticle(ctx context.Context) (check.Article, bool, error) {
	newest, ok, err := s.in.newestArticle(ctx)
	if err != nil || !ok {
		return check.Article{}, false, err
	}
	return check.Article{Object: s.in.site.Object(newest.ID), Page: s.in.site.Article(newest)}, true, nil
}

// newestArticle is the published article with the latest date; false if there is none.
func (in *installation) newestArticle(ctx context.Context) (newest press.Article, ok bool, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		place := newsdesk.Place{}
		for {
			page, err := tx.All(place, listLength)
			if err != nil {
				return err
			}
			for _, a := range page {
				if a.State == press.Published {
					newest, ok = a, true
					return nil
				}
				place = newsdesk.Place{Published: a.Published, ID: a.ID}
			}
			if len(page) < listLength {
				return nil
			}
		}
	})
	return newest, ok, err
}

// Machine implements [check.Installation].
func (s checkedSite) Machine(ctx context.Context) (check.Machine, error) {
	m := check.Machine{Folder: s.in.config.Data}
	err := s.in.store.View(ctx, func(tx *storage.Tx) (err error) {
		if m.Held, err = tx.ClockHeld(); err != nil {
			return err
		}
		known, err := tx.Backups()
		if err != nil {
			return err
		}
		m.Backups.Verdict, m.Backups.Observed = s.in.judgeBackups(s.in.stillThere(known), tx.Now())
		m.Queue, err = queueOf(tx)
		return err
	})
	if err != nil {
		return m, err
	}
	if m.Misnamed, err = s.in.desk("").Misnamed(ctx); err != nil {
		return m, err
	}
	if m.Hurdles, err = s.a.hurdles(ctx, s.in); err != nil {
		return m, err
	}
	if m.Signer, err = s.in.signerRate(); err != nil {
		m.Signer = err.Error() // which is one of the hurdles
	}
	m.Outdated = s.in.serving(ctx).RestartFor
	if m.Free, m.Total, err = roomIn(m.Folder); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return m, fmt.Errorf("look for room in %s: %w", m.Folder, err)
	}
	return m, nil
}

// Now implements [check.Installation].
func (s checkedSite) Now() time.Time { return s.in.store.Now() }

// pageOfHosts is how many hosts are read at a time.
const pageOfHosts = 1000

func queueOf(tx *storage.Tx) (check.Queue, error) {
	var q check.Queue
	for after := ""; ; {
		page, err := tx.Hosts(deliveries.HostFilter{}, after, pageOfHosts)
		if err != nil {
			return q, err
		}
		for _, h := range page {
			after = h.Name
			addHost(&q, h, tx.Now())
		}
		if len(page) < pageOfHosts {
			return q, nil
		}
	}
}

// addHost counts a host. One that is gone does not count as trouble.
func addHost(q *check.Queue, h deliveries.Host, now time.Time) {
	q.Servers++
	if h.Behind > 0 {
		q.Behind++
	}
	switch h.State {
	case deliveries.HostFailing:
		q.Failing++
	case deliveries.HostUnreachable:
		q.Unreachable++
	case deliveries.HostPaused:
		q.Paused++
	}
	if h.State != deliveries.HostPaused && h.Behind > 0 && !h.NextAttempt.IsZero() {
		q.Waiting = max(q.Waiting, now.Sub(h.NextAttempt))
	}
}
