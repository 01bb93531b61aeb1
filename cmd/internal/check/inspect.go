package check

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Site is what must be known of a site to ask it.
type Site struct {
	Base string // its address, as in "https://press.mfa.example"
	// HandleDomain is the domain of its handles, empty if it is the host of Base.
	HandleDomain string
	// Loopback tells that it is on this machine only: there is no DNS and no TLS.
	Loopback  bool
	NotPublic NotPublic
	// Private are the networks that the server connects to though they are not public.
	Private []netip.Prefix
	// Actors are all of its own: the ministry's first, the server's last.
	Actors      []Account
	SharedInbox string
	Feed        string // address of a feed
	Version     string // of this program
}

func (s Site) ministry() Account { return s.Actors[0] }
func (s Site) instance() Account { return s.Actors[len(s.Actors)-1] }

// Scheme is a way to sign a request.
type Scheme string

// The schemes that an inbox takes.
const (
	Cavage  Scheme = "draft-cavage"
	RFC9421 Scheme = "RFC 9421"
)

// Installation knows what cannot be seen from outside. That a key cannot be had is
// found; any other error ends the inspection.
type Installation interface {
	// PublicKey is the key of an actor in the database, as PEM.
	PublicKey(ctx context.Context, actor Account) (string, error)
	// Signer makes what signs a POST of body by the server's own actor.
	Signer(ctx context.Context, scheme Scheme, body []byte) (func(r *http.Request) error, error)
	// NewestArticle is the article that was published last; false if there are none.
	NewestArticle(ctx context.Context) (Article, bool, error)
	// Machine tells what only this machine knows.
	Machine(ctx context.Context) (Machine, error)
	// Now is the clock by which articles are dated.
	Now() time.Time
}

// Article is a published article, by its addresses.
type Article struct{ Object, Page string }

// Machine is what only the machine knows on which the site is.
type Machine struct {
	Held  string // why embargoes do not end by the clock; empty if they do
	Queue Queue
	// Misnamed tells of sections that the configuration calls otherwise than the site.
	Misnamed []string
	// Hurdles are what would keep the server from its next start, or what it would warn of.
	Hurdles []Hurdle
	// Outdated are the settings that the server was started without.
	Outdated []string
	// Backups is how backups stand.
	Backups Judged
	// Signer says what signs deliveries, and how fast.
	Signer string
	Folder string // of the data
	// Free and Total are bytes of its disk; Total is 0 if that cannot be told.
	Free, Total uint64
}

// Options are what is inspected, and how.
type Options struct {
	Site         Site
	Installation Installation
	// At is where the site is asked, in its own name; nil is at its address.
	At *url.URL
	// Resolve are addresses that are used instead of those in this machine's DNS.
	Resolve Resolve
	// ClockBy are further hosts whose clocks this machine's is compared with.
	ClockBy []string
	// Report takes each finding as soon as it is known.
	Report func(...Finding)
}

// inspection is one that is under way.
type inspection struct {
	Options
	*client
	answers bool // the server does
}

// Inspect asks a site what others ask it and reports a finding for every rule. An
// error means that the inspection could not be finished, not that a rule is broken.
func Inspect(ctx context.Context, o Options) error {
	i := &inspection{Options: o, client: newClient(o.Site.Base, o.At, o.Resolve, o.Site.Version)}
	defer i.close()
	for _, part := range Parts() {
		if part.served && !i.answers {
			continue
		}
		if err := part.look(i, ctx); err != nil {
			return fmt.Errorf("look at %s: %w", strings.ToLower(part.Name), err)
		}
	}
	return nil
}

// up asks whether anything answers; if not, nothing else is worth asking.
func (i *inspection) up(ctx context.Context) error {
	index, info := i.get(ctx, i.Site.Base+"/.well-known/nodeinfo"), i.get(ctx, i.Site.Base+"/nodeinfo/2.1")
	i.Report(Up(index, info, i.Site.Version)...)
	i.answers = index.Err == nil || info.Err == nil
	return nil
}

// handles asks what the handles lead to, as other servers ask.
func (i *inspection) handles(ctx context.Context) error {
	ministry := i.Site.ministry()
	scheme, host, _ := strings.Cut(i.Site.Base, "://")
	ask := i.Site.Base + "/.well-known/webfinger?resource="
	user, _, _ := strings.Cut(ministry.Handle, "@")
	atHost := "acct:" + user + "@" + host
	raw := i.follow(ctx, ask+atHost)
	i.Report(WebFinger(raw, ministry)...)
	i.Report(WebFinger(i.follow(ctx, ask+url.QueryEscape(atHost)), ministry)...)
	if domain := i.Site.HandleDomain; domain != "" {
		atDomain := scheme + "://" + domain + "/.well-known/webfinger?resource="
		for _, resource := range []string{"acct:" + ministry.Handle, url.QueryEscape("acct:" + ministry.Handle)} {
			i.Report(OneName(i.follow(ctx, atDomain+resource), raw, ministry))
		}
	}
	root := i.get(ctx, ask+url.QueryEscape(i.Site.Base+"/"))
	i.Report(Instance(root, i.get(ctx, i.Site.Base+"/.well-known/nodeinfo"), i.Site.instance().ID))
	return nil
}

// actors looks at the document of every actor, and at the ministry's collections.
func (i *inspection) actors(ctx context.Context) error {
	for _, actor := range i.Site.Actors {
		key, err := i.Installation.PublicKey(ctx, actor)
		if err != nil {
			i.Report(grade("key", "actor "+actor.ID, Fail, err.Error()).instead("what the next start of the server says below tells what to do"))
		}
		i.Report(Actor(i.get(ctx, actor.ID, "Accept", activityJSON+", "+ldJSON), actor, key)...)
	}
	ministry := i.Site.ministry().ID
	for _, collection := range []string{"followers", "following"} {
		i.Report(Collection(i.get(ctx, ministry+"/"+collection, "Accept", activityJSON)))
	}
	outbox := i.get(ctx, ministry+"/outbox", "Accept", activityJSON)
	i.Report(Collection(outbox))
	if first := FirstPage(outbox); first != "" {
		i.Report(Outbox(i.get(ctx, first, "Accept", activityJSON), ministry))
	}
	return nil
}

// inboxes sends a message that means nothing, from the server to itself: one that
// verifies has not been changed on the way.
func (i *inspection) inboxes(ctx context.Context) error {
	for _, inbox := range []string{i.Site.SharedInbox, i.Site.ministry().ID + "/inbox"} {
		body, err := json.Marshal(map[string]string{
			"@context": activityStreams, "id": i.Site.Base + "/ap/checks/" + strings.ToLower(rand.Text()),
			"type": "Read", "actor": i.Site.instance().ID, "object": i.Site.Base + "/",
		})
		if err != nil {
			return fmt.Errorf("write a message: %w", err)
		}
		cavage, err := i.Installation.Signer(ctx, Cavage, body)
		if err != nil {
			i.Report(grade("I2", "inbox "+inbox, Fail, "nothing can be signed: "+err.Error()).instead("what the next start of the server says below tells what to do"))
			continue
		}
		message, err := i.Installation.Signer(ctx, RFC9421, body)
		if err != nil {
			return err
		}
		i.Report(Inbox(i.post(ctx, inbox, body, nil), i.post(ctx, inbox, body, cavage), i.post(ctx, inbox, body, message))...)
	}
	return nil
}

func (i *inspection) feed(ctx context.Context) error {
	first := i.get(ctx, i.Site.Feed)
	i.Report(Feed(first, i.get(ctx, i.Site.Feed, "If-None-Match", first.Header.Get("ETag")), i.get(ctx, i.Site.Feed, "Accept-Encoding", "gzip"))...)
	return nil
}

// article looks at the newest article, as an object and as a page.
func (i *inspection) article(ctx context.Context) error {
	newest, ok, err := i.Installation.NewestArticle(ctx)
	if err != nil {
		return err
	}
	if !ok {
		i.Report(grade("O3", "articles", OK, "there are none yet"))
		return nil
	}
	author := i.Site.ministry()
	i.Report(Object(i.get(ctx, newest.Object, "Accept", activityJSON), newest.Object, author.ID, i.Installation.Now())...)
	page := i.get(ctx, newest.Page, "Accept", "text/html")
	object := i.get(ctx, newest.Page, "Accept", activityJSON+", "+ldJSON+", text/html;q=0.1")
	i.Report(Page(page, PageFacts{Object: newest.Object, Handle: "@" + author.Handle, Profile: author.Page})...)
	i.Report(Negotiation(page, object, i.get(ctx, newest.Page, "Accept", "text/html")))
	return nil
}

// clocks compares this machine's clock with that of the web server in front, and
// with others if they are named.
func (i *inspection) clocks(ctx context.Context) error {
	compare := func(name, address string) {
		asked := i.Installation.Now()
		d := i.get(ctx, address)
		i.Report(Clock(name, d, asked, i.Installation.Now()))
	}
	compare("the web server in front", i.Site.Base+"/nodeinfo/2.1")
	for _, host := range i.ClockBy {
		compare(host, "https://"+host+"/")
	}
	return nil
}

// machine looks at embargoes, deliveries and the disk.
func (i *inspection) machine(ctx context.Context) error {
	m, err := i.Installation.Machine(ctx)
	if err != nil {
		return err
	}
	i.Report(Embargoes(m.Held), Deliveries(m.Queue), Sections(m.Misnamed), Started(m.Outdated), Backups(m.Backups))
	i.Report(Starts(m.Hurdles)...)
	i.Report(judge("signer", "what signs deliveries", true, m.Signer))
	if m.Total > 0 {
		i.Report(Space(m.Folder, m.Free, m.Total))
	}
	return nil
}
