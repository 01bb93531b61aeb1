package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"communique/cmd/internal/https"
	"communique/cmd/internal/ops"
	"communique/cmd/internal/web"
	"communique/storage"
	"communique/storage/delivery/outbound"
)

// mostStreams is how many requests a client may make at once over one connection of HTTP/2;
// browsers make a hundred.
const mostStreams = 100

// secured is TLS of a server's own.
type secured struct {
	keeper   *https.Keeper
	plain    *limited
	listener net.Listener // of plain http; nil if that is not answered
}

// secure has the server speak https itself, if the configuration says so. l is where it
// listens.
func (s *server) secure(ctx context.Context, ready *start, manager ops.Systemd, l net.Listener) error {
	in, c := ready.in, ready.in.config.TLS
	if !c.On() {
		return nil
	}
	external, err := in.externalAccount()
	if err != nil {
		return err
	}
	plain, err := socketOr(ctx, manager, ops.PlainSocket, c.Redirect, "tls.redirect")
	if err != nil {
		return fmt.Errorf("tls.redirect: %w", err)
	}
	rules := outbound.NewRules(false)
	rules.Private, rules.Held = in.config.PrivateNetworks, s.held
	o := https.Options{
		Host: in.config.Host(), Store: in.store, Passphrase: ready.passphrase, Log: s.log,
		Directory: c.ACME, Email: c.Email, External: external, Rules: rules, TLSPort: portOf(l),
		Certificate: in.config.InData(c.Certificate), Key: in.config.InData(c.Key),
	}
	o.ListenHost = hostOf(l)
	if plain != nil {
		o.HTTPPort, o.ListenHost = portOf(plain), cmp.Or(o.ListenHost, hostOf(plain))
	}
	keeper, err := https.New(ctx, o)
	if err != nil {
		if plain != nil {
			err = errors.Join(err, plain.Close())
		}
		return err
	}
	s.http.TLSConfig, s.http.HTTP2 = keeper.TLS(), &http.HTTP2Config{MaxConcurrentStreams: mostStreams}
	s.http.Handler = https.Strict(c.HSTS, s.http.Handler)
	s.watch.metrics.Certificate(keeper.Expires)
	s.secured = &secured{keeper: keeper, listener: plain, plain: limit(&http.Server{
		Handler: keeper.Plain(in.config.BaseURL), ConnState: web.NewConnections(in.config.TrustedProxies, in.config.Limits.Connections).Note,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10,
	})}
	return nil
}

// portOf is the port that a listener has.
func portOf(l net.Listener) int {
	if at, ok := l.Addr().(*net.TCPAddr); ok {
		return at.Port
	}
	return 0
}

// hostOf is the address that a listener has; empty if it has each of this machine's.
func hostOf(l net.Listener) string {
	if at, ok := l.Addr().(*net.TCPAddr); ok && !at.IP.IsUnspecified() {
		return at.IP.String()
	}
	return ""
}

// answer serves the site on a listener.
func (s *server) answer(l net.Listener) error {
	if s.secured == nil {
		return s.http.Serve(l)
	}
	return s.http.ServeTLS(l, "", "") // the certificate is in its TLSConfig
}

// run looks after the certificate, and answers plain http, until ctx ends.
func (s *secured) run(ctx context.Context, log *slog.Logger) {
	if s.listener != nil {
		go func() {
			if err := s.plain.Serve(s.listener); !s.plain.leaving.Load() {
				log.Error("plain http is not answered any more", "error", err)
			}
		}()
	}
	s.keeper.Run(ctx)
	s.keeper.Close()
	if s.listener != nil {
		s.plain.leave(s.listener)
	}
}

// hasCertificate looks at what is shown as the site's certificate. Without one from an
// authority the server starts all the same: it asks for one.
func (s *start) hasCertificate(ctx context.Context, _ *app) ([]error, []string, error) {
	if _, err := s.in.externalAccount(); err != nil {
		return one(err)
	}
	state, err := s.in.certificate(ctx)
	if err != nil {
		if s.in.config.TLS.ACME == "" {
			return one(err)
		}
		return nil, nil, err
	}
	var warned []string
	if trouble := state.judge(s.in.second, s.in.store.Now()); trouble.What != "" {
		warned = append(warned, trouble.What)
	}
	for setting, name := range map[string]string{"tls.key": s.in.config.TLS.Key, "tls.eab_key_file": s.in.config.TLS.EABKeyFile} {
		key := s.in.config.InData(name)
		if info, err := os.Stat(key); name != "" && err == nil && info.Mode().Perm()&0o004 != 0 && runtime.GOOS != "windows" {
			warned = append(warned, fmt.Sprintf("%s: everybody on this machine can read %s: chmod o= %s", setting, key, key))
		}
	}
	return nil, warned, nil
}

// externalAccount is whose account with an authority ours is bound to; nil for nobody's.
func (in *installation) externalAccount() (*https.External, error) {
	c := in.config.TLS
	if c.EABKeyID == "" {
		return nil, nil
	}
	account, err := https.ReadExternal(c.EABKeyID, in.config.InData(c.EABKeyFile))
	if err != nil {
		return nil, fmt.Errorf("%s: tls.eab_key_file: %w", in.configFile(), err)
	}
	return account, nil
}

// certificateState is how the certificate of a server with TLS of its own stands.
type certificateState struct {
	https.State
	on       bool
	fromFile string // empty if it is from an authority
}

// certificate reads how it stands; the zero value if a web server in front has it. That
// the files cannot be used is an error.
func (in *installation) certificate(ctx context.Context) (s certificateState, err error) {
	c := in.config.TLS
	switch {
	case !c.On():
		return s, nil
	case c.ACME == "":
		s = certificateState{on: true, fromFile: in.config.InData(c.Certificate)}
		read, err := https.ReadFiles(s.fromFile, in.config.InData(c.Key), in.config.Host())
		if err != nil {
			return s, fmt.Errorf("%s: tls.certificate: %w", in.configFile(), err)
		}
		s.Expires = read.Leaf.NotAfter
		return s, nil
	}
	s.on = true
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		s.State, err = https.Look(tx, c.ACME, in.config.Host())
		return err
	})
	return s, err
}
