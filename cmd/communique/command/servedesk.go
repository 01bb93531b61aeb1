package command

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"time"

	"communique/cmd/internal/check"
	"communique/cmd/internal/desk"
	"communique/cmd/internal/links"
	"communique/cmd/internal/mail"
	"communique/cmd/internal/ops"
	"communique/cmd/internal/web"
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/delivery/outbound"
	"communique/storage/press"
)

const (
	// deskLook is the pause between two looks whether there is anybody for whom the desk is.
	deskLook = 2 * time.Second
	// deskLanguage is what the desk speaks.
	deskLanguage press.Language = "en"
	// deskAgain is the pause before the desk is opened again where it could not be.
	deskAgain = 10 * time.Second
)

// deskServer answers the people of the press office, as soon as there are any.
type deskServer struct {
	in      *installation
	desk    *desk.Desk
	http    *limited
	manager ops.Systemd
	log     *slog.Logger
}

// newDeskServer makes the server of the desk; nil if the configuration says that there is
// none. Anybody who comes may be one of those who are invented: those of the demo.
func (in *installation) newDeskServer(manager ops.Systemd, log *slog.Logger, invented ...string) (*deskServer, error) {
	c := in.config
	if c.Desk.Listen == "" {
		return nil, nil
	}
	room := in.desk("")
	room.Log = log
	provider, err := in.provider()
	if err != nil {
		return nil, err
	}
	pages, err := site.New(identityOf(in, nil))
	if err != nil {
		return nil, err
	}
	var kinds []desk.Kind
	for _, name := range pages.Kinds() {
		kinds = append(kinds, desk.Kind{Name: name, Label: pages.KindName(name, deskLanguage).Text})
	}
	ministry := c.NamesByLanguage()[in.language()]
	mailer, err := in.mailer(ministry)
	if err != nil {
		return nil, err
	}
	rules := outbound.NewRules(c.Loopback())
	rules.Private, rules.Held = c.PrivateNetworks, c.Paused
	d, err := desk.New(desk.Options{
		Mailer: mailer, Links: links.NewTrier(rules, userAgent(in.site.Base)),
		Store: in.store, Room: room, URL: c.Desk.URL, Ministry: ministry,
		TrustedProxies: c.TrustedProxies, Access: web.Access(c.Log.Access), Standing: in.standing, Hashing: desk.StrongHashing(), Log: log,
		Invented: invented, Provider: provider, Kinds: kinds,
	})
	if err != nil {
		return nil, err
	}
	return &deskServer{in: in, desk: d, manager: manager, log: log, http: limitedServer(c, d.Handler(), log)}, nil
}

// mailer is the mail server that takes letters to the people of the desk; nil if the
// configuration names none, or if nothing may leave: a copy of the site under trial would
// frighten those on duty.
func (in *installation) mailer(ministry string) (desk.Mailer, error) {
	c := in.config
	if c.Mail.Server == "" || c.Paused {
		return nil, nil
	}
	password, err := c.MailPassword()
	if err != nil {
		return nil, err
	}
	at, err := url.Parse(c.Desk.URL)
	if err != nil {
		return nil, err // it was read when the configuration was
	}
	return mail.New(mail.Options{
		Server: c.Mail.Server, TLS: c.Mail.TLS, From: c.Mail.From, Name: ministry, Domain: at.Hostname(), User: c.Mail.User, Password: password,
	})
}

// run waits for the first one to be invited, and answers until ctx ends. A site whose desk
// cannot be opened goes on without it: what the public reads counts for more.
func (s *deskServer) run(ctx context.Context) {
	said := ""
	for s.awaited(ctx) {
		l, err := socketOr(ctx, s.manager, ops.DeskSocket, s.in.config.Desk.Listen, "desk.listen")
		if err == nil {
			s.serve(ctx, l)
			return
		}
		if text := err.Error(); text != said && ctx.Err() == nil {
			s.log.Warn("the desk cannot be opened, will retry: desk.listen", "error", err)
			said = text
		}
		_ = pause(ctx, deskAgain)
	}
}

// awaited waits until there is somebody; it is false when ctx has ended before.
func (s *deskServer) awaited(ctx context.Context) bool {
	for ctx.Err() == nil {
		there := false
		err := s.in.store.View(ctx, func(tx *storage.Tx) (err error) {
			there, err = tx.HasPeople()
			return err
		})
		if err == nil && there {
			return true
		}
		_ = pause(ctx, deskLook) // also where the database is away, which others tell of
	}
	return false
}

// serve answers until ctx ends, and then lets requests finish.
func (s *deskServer) serve(ctx context.Context, l net.Listener) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.desk.Run(ctx)
	}()
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		s.http.leave(l)
	})
	s.log.Info("the desk is open", "url", s.in.config.Desk.URL, "listen", l.Addr().String())
	if err := s.http.Serve(l); !s.http.leaving.Load() {
		s.log.Error("the desk is not answered any more", "error", err)
	}
	if !stop() {
		<-stopped
	}
	<-ctx.Done()
	<-ended
}

// standing is how the site stands, as the desk shows it: what communique status tells.
func (in *installation) standing(ctx context.Context) (desk.Standing, error) {
	r, err := in.status(ctx)
	if err != nil {
		return desk.Standing{}, err
	}
	s := desk.Standing{
		Servers: r.Deliveries.Servers, Behind: r.Deliveries.Behind, Failing: r.Deliveries.Failing,
		Unreachable: r.Deliveries.Unreachable, Paused: r.Deliveries.Paused, Longest: r.Deliveries.Longest, Since: r.Deliveries.since,
	}
	for _, t := range r.Troubles {
		s.Troubles = append(s.Troubles, desk.Trouble{Wrong: t.Verdict == check.Fail, What: t.What})
	}
	return s, nil
}
