package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"communique/cmd/internal/check"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// walk looks at everything, from the outside to the inside.
func (i *inspection) walk(ctx context.Context, passphrase *signature.Passphrase, clocks []string) error {
	i.reach(ctx)
	if i.isUp(ctx) {
		if err := i.served(ctx, passphrase); err != nil {
			return err
		}
	}
	i.clocks(ctx, clocks)
	return i.machine(ctx)
}

// isUp asks whether anybody answers; if not, nothing else is worth asking.
func (i *inspection) isUp(ctx context.Context) bool {
	index, info := i.get(ctx, i.in.site.Base+"/.well-known/nodeinfo"), i.get(ctx, i.in.site.Base+"/nodeinfo/2.1")
	i.report(check.Up(index, info, version())...)
	return index.Err == nil || info.Err == nil
}

// served looks at what the site answers.
func (i *inspection) served(ctx context.Context, passphrase *signature.Passphrase) error {
	i.find(ctx)
	if err := i.actors(ctx, passphrase); err != nil {
		return err
	}
	if err := i.inboxes(ctx, passphrase); err != nil {
		return err
	}
	i.feed(ctx)
	return i.article(ctx)
}

// account is how an actor of ours should be found.
func (i *inspection) account(name, page string) check.Account {
	return check.Account{Handle: i.in.site.Handle(name), ID: i.in.site.Actor(name), Page: page}
}

func (i *inspection) home() string { return i.in.site.Home(i.in.language()) }

// find asks who the handles are, as their servers ask.
func (i *inspection) find(ctx context.Context) {
	site := i.in.site
	ministry := i.account(i.in.config.Actor.Name, i.home())
	ask := site.Base + "/.well-known/webfinger?resource="
	atHost := "acct:" + i.in.config.Actor.Name + "@" + site.Host()
	raw := i.follow(ctx, ask+atHost)
	i.report(check.WebFinger(raw, ministry)...)
	i.report(check.WebFinger(i.follow(ctx, ask+url.QueryEscape(atHost)), ministry)...)
	if site.Domain != "" {
		scheme, _, _ := strings.Cut(site.Base, "://")
		atDomain := scheme + "://" + site.Domain + "/.well-known/webfinger?resource="
		for _, resource := range []string{"acct:" + ministry.Handle, url.QueryEscape("acct:" + ministry.Handle)} {
			i.report(check.OneName(i.follow(ctx, atDomain+resource), raw, ministry))
		}
	}
	root := i.get(ctx, ask+url.QueryEscape(site.Base+"/"))
	i.report(check.Instance(root, i.get(ctx, site.Base+"/.well-known/nodeinfo"), site.Actor(federation.InstanceName)))
}

// actors looks at the document of every actor, and at the ministry's collections.
func (i *inspection) actors(ctx context.Context, passphrase *signature.Passphrase) error {
	for _, name := range append(i.in.config.Actors(), federation.InstanceName) {
		key, err := i.ownKey(ctx, passphrase, name)
		if err != nil {
			return err
		}
		public, err := signature.EncodePublicKey(key.Private.Public())
		if err != nil {
			return err
		}
		who := i.account(name, "")
		if name == i.in.config.Actor.Name {
			who.Page = i.home()
		}
		i.report(check.Actor(i.get(ctx, who.ID, "Accept", "application/activity+json, application/ld+json"), who, public)...)
	}
	const activity = "application/activity+json"
	ministry := i.in.site.Actor(i.in.config.Actor.Name)
	for _, collection := range []string{"followers", "following"} {
		i.report(check.Collection(i.get(ctx, ministry+"/"+collection, "Accept", activity)))
	}
	outbox := i.get(ctx, ministry+"/outbox", "Accept", activity)
	i.report(check.Collection(outbox))
	if first := check.FirstPage(outbox); first != "" {
		i.report(check.Outbox(i.get(ctx, first, "Accept", activity), ministry))
	}
	return nil
}

// inboxes sends a message that means nothing, from the server to itself: what
// proves to arrive as it was signed has not been changed on the way.
func (i *inspection) inboxes(ctx context.Context, passphrase *signature.Passphrase) error {
	key, err := i.ownKey(ctx, passphrase, federation.InstanceName)
	if err != nil {
		return err
	}
	site := i.in.site
	for _, inbox := range []string{site.SharedInbox(), site.Actor(i.in.config.Actor.Name) + "/inbox"} {
		body, err := json.Marshal(map[string]string{
			"@context": "https://www.w3.org/ns/activitystreams", "id": site.Base + "/ap/checks/" + press.RandomToken(),
			"type": "Read", "actor": site.Actor(federation.InstanceName), "object": site.Base + "/",
		})
		if err != nil {
			return fmt.Errorf("write a message: %w", err)
		}
		i.report(check.Inbox(
			i.post(ctx, inbox, body, signature.Key{}, signature.Cavage),
			i.post(ctx, inbox, body, key, signature.Cavage),
			i.post(ctx, inbox, body, key, signature.RFC9421))...)
	}
	return nil
}

func (i *inspection) ownKey(ctx context.Context, passphrase *signature.Passphrase, actor string) (signature.Key, error) {
	key, err := federation.OwnKey(ctx, i.in.store, i.in.site, passphrase, actor)
	if errors.Is(err, press.ErrNotFound) {
		err = fmt.Errorf("%w; an actor gets its key when the site is served for the first time", err)
	}
	return key, err
}

// article looks at the newest article, as an object and as a page.
func (i *inspection) article(ctx context.Context) error {
	newest, ok, err := i.in.newest(ctx)
	if err != nil {
		return err
	}
	if !ok {
		i.report(check.Finding{Rule: "O3", Verdict: check.OK, What: "articles", Seen: "there are none yet"})
		return nil
	}
	site := i.in.site
	id, page, author := site.Object(newest.ID), site.Article(newest), i.in.config.Actor.Name
	i.report(check.Object(i.get(ctx, id, "Accept", "application/activity+json"), id, site.Actor(author), i.in.store.Now())...)
	first := i.get(ctx, page, "Accept", "text/html")
	object := i.get(ctx, page, "Accept", "application/activity+json, application/ld+json, text/html;q=0.1")
	i.report(check.Page(first, check.PageFacts{Object: id, Handle: "@" + site.Handle(author), Profile: i.home()})...)
	i.report(check.Negotiation(first, object, i.get(ctx, page, "Accept", "text/html")))
	return nil
}

// newest is the article that was published last; false if there is none.
func (in *installation) newest(ctx context.Context) (newest press.Article, ok bool, err error) {
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

func (i *inspection) feed(ctx context.Context) {
	address := i.in.site.Feed(i.in.language(), "", "atom")
	first := i.get(ctx, address)
	i.report(check.Feed(first, i.get(ctx, address, "If-None-Match", first.Header.Get("ETag")), i.get(ctx, address, "Accept-Encoding", "gzip"))...)
}
