package command

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"communique/cmd/internal/config"
	"communique/federation"
	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/feeds"
	"communique/feeds/purge"
	"communique/feeds/site"
	"communique/feeds/websub"
	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/delivery/outbound"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
)

// federation makes the server of the actors that the configuration names.
func (in *installation) federation(ctx context.Context, g gallery, passphrase *signature.Passphrase, rsa signature.RSA, log *slog.Logger, configure ...func(*federation.Options)) (*federation.Server, error) {
	homes := map[string]press.Path{}
	err := in.store.View(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		announced, err := in.desk("").Announced(tx)
		for _, a := range announced {
			s, _ := tree.Section(a.ID)
			homes[a.Actor] = s.Path
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	o := federation.Options{
		Store: in.store, Site: in.site, Author: profileOf(in, g), Announcers: announcersOf(in, g, homes),
		Rendition: newsdesk.Rendition(in.config.Saying.Rendition), Quotes: federation.Quotes(in.config.Saying.Quotes), NoteImage: in.config.Saying.NoteImage,
		Collections: federation.Quotes(in.config.Saying.Collections),
		Version:     version(), Loopback: in.config.Loopback(), Private: in.config.PrivateNetworks, Held: in.config.Paused, Log: log, Passphrase: passphrase, RSA: rsa,
		Replies:  moderation.Replies(in.config.Replies),
		Verified: in.config.Limits.Verified, Unverified: in.config.Limits.Unverified, Fetches: in.fetches(),
	}
	for _, c := range configure {
		c(&o)
	}
	return federation.New(ctx, o)
}

// fetches is how often one domain is asked in a minute. On this machine all domains are one.
func (in *installation) fetches() int {
	if in.config.Loopback() {
		return 1000 * in.config.Limits.Fetches
	}
	return in.config.Limits.Fetches
}

// hub makes the hub of the feeds. Until it is verified, a request may be anybody's, so
// a client may make as many as it may send messages that do not verify.
func (in *installation) hub(topics *feeds.Server, log *slog.Logger) (*websub.Hub, error) {
	rules := outbound.NewRules(in.config.Loopback())
	rules.Private, rules.Held = in.config.PrivateNetworks, in.config.Paused
	limits := moderation.NewLimits(in.config.Loopback(), in.store.Now).Most(in.config.Limits.Verified, in.config.Limits.Unverified).Among(in.store.Servers)
	return websub.New(websub.Options{
		Store: in.store, Topics: topics, Address: in.site.Hub(), Rules: rules,
		Admit: func(client string) error {
			err := limits.Suspect(client)
			if err == nil {
				limits.Unverified(client)
			}
			return err
		},
		Signature: websub.Method(in.config.Signature), Log: log,
		UserAgent: userAgent(in.site.Base),
	})
}

// purger makes what purges the cache in front, if there is one.
func (in *installation) purger(ctx context.Context, log *slog.Logger) (*purge.Purger, error) {
	cache := in.config.Purge
	if cache.URL == "" {
		return nil, nil
	}
	return purge.New(ctx, purge.Options{
		Store: in.store, Site: in.site, Zone: in.config.Zone, Languages: in.config.Languages, Log: log,
		Cache: purge.Cache{URL: cache.URL, Method: cache.Method, Header: cache.Header},
	})
}

// newEngine makes the engine that serves every kind of source.
func newEngine(store *storage.Store, lease delivery.Lease, inboxes *federation.Sender, callbacks *websub.Hub, watch *watch, log *slog.Logger) *delivery.Engine {
	return delivery.New(delivery.Options{
		Store: store, Lease: lease, Messenger: inboxes, Log: log,
		Answered: watch.metrics.Attempted, Looked: watch.looked,
		Kinds: map[publog.SourceKind]delivery.Kind{
			publog.Author:    {Plan: delivery.Authored, Sender: inboxes},
			publog.Announcer: {Plan: delivery.Announced, Sender: inboxes},
			publog.Topic:     {Plan: delivery.Newest, Sender: callbacks, Rest: websub.Rest},
		},
	})
}

func loadPicture(c config.Config, field, name string) (*newsdesk.Media, error) {
	if name == "" {
		return nil, nil
	}
	content, err := os.ReadFile(filepath.Join(c.Data, name))
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", filepath.Join(c.Data, config.File), field, err)
	}
	m, err := newsdesk.NewMedia(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %s: %w", filepath.Join(c.Data, config.File), field, name, err)
	}
	return &m, nil
}

func identityOf(in *installation, g gallery) site.Identity {
	c := in.config
	id := site.Identity{
		Site: in.site, Names: c.NamesByLanguage(), Languages: c.Languages, Zone: c.Zone,
		Actor: c.Actor.Name, Accent: c.Accent, Contact: c.Contact, Imprint: c.Imprint,
		CorrectionsPolicy: c.CorrectionsPolicy, SecurityContact: c.SecurityContact, RelMe: c.RelMe,
		HideReplies: moderation.Replies(c.Replies) == moderation.RepliesOff,
	}
	for _, k := range c.Kinds {
		id.Kinds = append(id.Kinds, site.Kind{Name: k.Name, Names: k.Names})
	}
	if arms := g[c.Actor.Name].icon; arms != nil {
		id.Arms = in.site.Media(arms.Name())
	}
	return id
}
