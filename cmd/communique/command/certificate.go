package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/https"
	"communique/storage"
)

func newCertificateCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "certificate",
		Short: "Show how the certificate of a server with TLS of its own stands",
		Long: `Show how the certificate of a server with TLS of its own stands: when it ends and, if
the authority has refused the next one, why, and when it is asked again.`,
		Example: `  communique certificate
  communique certificate ask`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			s, err := in.authorityCertificate(ctx)
			if err != nil {
				return err
			}
			return a.printCertificate(in, s)
		}),
	}
	c.AddCommand(&cobra.Command{
		Use:   "ask",
		Short: "Have the authority asked for a certificate at once, and tell what it says",
		Long: `Have the server ask the authority for a certificate at once, after an attempt in vain
whose reason was mended, such as a wrong DNS, and tell what the authority says. By itself
the server asks again after a minute, five, twenty, then hourly. Authorities limit how
often they are asked in vain: Let's Encrypt to five times an hour.

It ends with 0 if there is a certificate, and with 1 if the authority refuses it.`,
		Example: `  communique certificate ask`,
		Args:    arguments(),
		RunE:    a.onSite(func(ctx context.Context, in *installation, _ []string) error { return a.askForCertificate(ctx, in) }),
	})
	return c
}

// authorityCertificate is how the certificate stands that an authority gives.
func (in *installation) authorityCertificate(ctx context.Context) (certificateState, error) {
	s, err := in.certificate(ctx)
	switch {
	case err != nil:
		return s, err
	case !s.on:
		return s, usagef("the server has no TLS of its own, for which tls in %s is there: the web server in front has the certificate", in.configFile())
	case s.fromFile != "":
		return s, usagef("the certificate is in %s, and no authority is asked: the server reads the file anew when it changes", s.fromFile)
	}
	return s, nil
}

// printCertificate tells how it stands; one that is late or missing is an error.
func (a *app) printCertificate(in *installation, s certificateState) error {
	status := certificateStatusOf(s)
	if a.json {
		if err := a.object(status); err != nil {
			return err
		}
	} else {
		a.say("Certificate: %s", status.text(in))
	}
	if t := s.judge(in.second, in.store.Now()); t.What != "" {
		return errors.New(t.What)
	}
	return nil
}

// answeredEvery is between two looks what the authority has said.
const answeredEvery = 200 * time.Millisecond

// askForCertificate has the server that runs ask the authority, and waits for the answer.
func (a *app) askForCertificate(ctx context.Context, in *installation) error {
	s, err := in.authorityCertificate(ctx)
	if err != nil {
		return err
	}
	if s.Trouble == nil && !s.Expires.IsZero() {
		return a.printCertificate(in, s) // which is renewed in time
	}
	if !in.serving(ctx).Served {
		return fmt.Errorf("no server runs on %s, to which the authority could come: start communique serve, which asks it then", in.config.Data)
	}
	var asked time.Time
	err = in.store.Update(ctx, func(tx *storage.Tx) (err error) {
		if asked, err = https.AskNow(tx); err != nil {
			return err
		}
		return a.desk(in).Note(tx, "certificate asked for", in.config.Host(), nil)
	})
	if err != nil {
		return err
	}
	if !a.json {
		a.say("The authority is asked.")
	}
	within, stop := context.WithTimeout(ctx, https.AttemptWithin)
	defer stop()
	for s.Trouble != nil && s.Trouble.At.Before(asked) || s.Trouble == nil && s.Expires.IsZero() {
		if pause(within, answeredEvery) != nil {
			return errors.Join(ctx.Err(), fmt.Errorf("the server has not told within %s what the authority says: communique status and its log tell it", https.AttemptWithin))
		}
		if s, err = in.authorityCertificate(ctx); err != nil {
			return err
		}
	}
	return a.printCertificate(in, s)
}
