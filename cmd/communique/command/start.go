package command

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"

	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/ops/traces"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/richtext"
)

// start is what the server needs before it starts, as far as it is known.
type start struct {
	in         *installation
	flag       string // that --listen names; empty if none does
	address    string
	passphrase *signature.Passphrase
	pictures   gallery
	signer     signature.RSA
	traces     traces.Export
	log        *slog.Logger // of the signer; nil for who does not serve
}

// look is a step before the start. It writes nothing, so that check looks at the same
// things as serve: what refuses keeps the server from starting, what warns is logged.
type look struct {
	what string
	at   func(*start, context.Context, *app) (refused []error, warned []string, err error)
}

// looks are all steps, in their order.
func looks() []look {
	return []look{
		{"the restore", (*start).confirmed},
		{"the file system of the database", (*start).keepsFile},
		{"the address to listen on", (*start).listens},
		{"the certificate", (*start).hasCertificate},
		{"the address of the metrics", (*start).isWatchedPrivately},
		{"the collector of traces", (*start).isTraced},
		{"the networks to connect to", (*start).staysOutside},
		{"deliveries", (*start).sends},
		{"the passphrase", (*start).hasPassphrase},
		{"the pictures of actors", (*start).hasPictures},
		{"the signer", (*start).hasSigner},
		{"the keys", (*start).opensKeys},
		{"the actors", (*start).keepsActors},
		{"the sections of actors", (*start).findsSections},
		{"the handles", (*start).keepsHandles},
		{"the time zone", (*start).keepsZone},
		{"the log", (*start).keepsLog},
		{"the journal", (*start).keepsJournal},
		{"the backups", (*start).backsUp},
	}
}

// hurdles are what stands in the way of the next start.
func (a *app) hurdles(ctx context.Context, in *installation) ([]check.Hurdle, error) {
	s := &start{in: in}
	var all []check.Hurdle
	for _, l := range looks() {
		refused, warned, err := l.at(s, ctx, a)
		if err != nil {
			return all, err
		}
		for _, r := range refused {
			all = append(all, check.Hurdle{What: l.what, Observed: r.Error(), Stops: true})
		}
		for _, w := range warned {
			all = append(all, check.Hurdle{What: l.what, Observed: w})
		}
	}
	return all, nil
}

// one is what refuses if there is an error.
func one(err error) (refused []error, warned []string, _ error) {
	if err != nil {
		return []error{err}, nil, nil
	}
	return nil, nil, nil
}

func (s *start) confirmed(ctx context.Context, _ *app) ([]error, []string, error) {
	return one(s.in.checkConfirmed(ctx))
}

func (s *start) listens(context.Context, *app) (_ []error, _ []string, err error) {
	s.address, err = listenAddress(s.in.config, s.flag)
	return one(err)
}

// isWatchedPrivately warns of metrics that everybody may reach.
func (s *start) isWatchedPrivately(context.Context, *app) (_ []error, warned []string, _ error) {
	host, _, err := net.SplitHostPort(s.in.config.Metrics)
	if err != nil || config.IsLoopback(host) {
		return nil, nil, nil
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsPrivate() {
		return nil, nil, nil
	}
	return nil, []string{fmt.Sprintf("metrics.listen: %s may be reached from outside: let trusted machines reach it only", s.in.config.Metrics)}, nil
}

// isTraced reads what the environment says of the collector of traces.
func (s *start) isTraced(_ context.Context, a *app) (_ []error, warned []string, err error) {
	var ignored []string
	if s.traces, ignored, err = traces.ReadEnvironment(a.Env, s.in.config.Traces); err != nil {
		return one(err)
	}
	if len(ignored) > 0 {
		warned = append(warned, strings.Join(ignored, ", ")+": that changes nothing here, for a trace is told when it is over")
	}
	return nil, warned, nil
}

// staysOutside warns of private networks, which are for who tries a site out.
func (s *start) staysOutside(context.Context, *app) (_ []error, warned []string, _ error) {
	if networks := s.in.config.PrivateNetworks; len(networks) > 0 {
		warned = append(warned, fmt.Sprintf("private_networks: whoever names an address in %s has this server connect to it: this is for trying the site out, not for the public", strings.Join(config.Texts(networks), ", ")))
	}
	return nil, warned, nil
}

// sends warns if nothing leaves.
func (s *start) sends(context.Context, *app) (_ []error, warned []string, _ error) {
	if s.in.config.Paused {
		warned = append(warned, "deliveries are held: nothing is sent to anybody, and nobody is asked anything, until the server is started without paused and --hold-deliveries")
	}
	return nil, warned, nil
}

func (s *start) hasPassphrase(_ context.Context, a *app) (_ []error, _ []string, err error) {
	s.passphrase, err = a.passphrase(s.in.config)
	return one(err)
}

func (s *start) hasSigner(context.Context, *app) (_ []error, _ []string, err error) {
	s.signer, err = s.in.signer(s.log)
	return one(err)
}

func (s *start) hasPictures(context.Context, *app) (_ []error, _ []string, err error) {
	s.pictures, err = loadPictures(s.in.config)
	return one(err)
}

func (s *start) opensKeys(ctx context.Context, _ *app) ([]error, []string, error) {
	if err := federation.CheckKeys(ctx, s.in.store, s.passphrase); err != nil {
		return one(withKeyHint(err))
	}
	encrypted, err := s.in.keysAreEncrypted(ctx)
	if err == nil && s.passphrase != nil && !encrypted {
		return nil, []string{"a passphrase is configured, but the keys are not encrypted: run communique keys encrypt"}, nil
	}
	return nil, nil, err
}

func (s *start) keepsActors(ctx context.Context, _ *app) (refused []error, _ []string, err error) {
	err = s.in.store.View(ctx, func(tx *storage.Tx) error {
		_, refused, err = s.in.retired(tx)
		return err
	})
	return refused, nil, err
}

func (s *start) findsSections(ctx context.Context, _ *app) (refused []error, _ []string, err error) {
	none, err := s.in.desk("").NotAnnounced(ctx)
	for _, n := range none {
		i := slices.IndexFunc(s.in.config.Announcers, func(a config.Announcer) bool { return a.Name == n.Actor })
		refused = append(refused, fmt.Errorf("%s: actors[%d].section: %w", s.in.configFile(), i, n))
	}
	return refused, nil, err
}

func (s *start) keepsHandles(ctx context.Context, _ *app) ([]error, []string, error) {
	before, err := s.in.handlesBefore(ctx)
	if err != nil || before == "" {
		return nil, nil, err
	}
	name := s.in.config.Actor.Name
	return nil, []string{fmt.Sprintf("the handles have another domain now, @%s in place of @%s@%s: followers stay and are told, but other servers may show the old handle for a long time, and mentions of it no longer arrive",
		s.in.site.Handle(name), name, before)}, nil
}

// keepsZone finds the zone changed in check alone: the server has dated the articles by
// then, and said so.
func (s *start) keepsZone(ctx context.Context, _ *app) ([]error, []string, error) {
	r, err := s.in.desk("").Rezoned(ctx)
	return nil, s.in.rezoned(r), err
}

// keepsLog finds the log shorter than it was seen, in check alone, as keepsZone the zone.
func (s *start) keepsLog(ctx context.Context, _ *app) ([]error, []string, error) {
	lacks, err := s.in.logLacks(ctx)
	if err != nil || lacks == "" {
		return nil, nil, err
	}
	return nil, []string{lacks}, nil
}

// backsUp refuses to have backups expected where none are made, and warns of a folder that
// is not there.
func (s *start) backsUp(context.Context, *app) (_ []error, warned []string, _ error) {
	c := s.in.config
	switch {
	case c.Backup.Folder == "":
		return nil, nil, nil
	case c.Server != "":
		return one(fmt.Errorf("backup.folder: the database is PostgreSQL's, of which the server makes no backups: %s; leave backup.folder empty", ownTools))
	case c.Paused:
		return nil, []string{noBackupsOnTrial}, nil
	}
	if info, err := os.Stat(c.BackupFolder()); err != nil || !info.IsDir() {
		warned = append(warned, fmt.Sprintf("backup.folder: there is no folder %s: no backup can be made until it is there", c.BackupFolder()))
	}
	return nil, warned, nil
}

// rezoned says what becomes of days and embargoes by a zone of the site that has not taken
// hold yet.
func (in *installation) rezoned(r newsroom.Rezoned) []string {
	if r.From == nil {
		return nil
	}
	all := []string{fmt.Sprintf("the zone is %s now, and was %s: the next command that changes something, or the server when it starts, has days begin there", in.config.Zone, r.From)}
	all = append(all, in.embargoesIn(r)...)
	if r.Holds != "" {
		all = append(all, fmt.Sprintf("embargoes will be held then: %s; none ends until communique clock confirm", r.Holds))
	}
	return all
}

// embargoesIn says what becomes of each embargo in the zone of the site.
func (in *installation) embargoesIn(r newsroom.Rezoned) (all []string) {
	for _, d := range r.Drafts {
		const layout = "2006-01-02 15:04 MST"
		id, was, is := d.Article.ID, d.Article.Published.In(r.From).Format(layout), d.Ends.In(in.config.Zone).Format(layout)
		if d.Moves() {
			until := ""
			if d.Article.Local != "" {
				until = ", until " + string(d.Article.Local)
			}
			all = append(all, fmt.Sprintf("the embargo of %s, %s%s ends at %s, and not at %s", id, richtext.Quoted(d.Article.Title), until, is, was))
		} else {
			all = append(all, fmt.Sprintf("the embargo of %s, %s, still ends at %s, which is %s", id, richtext.Quoted(d.Article.Title), was, is))
		}
	}
	return all
}
