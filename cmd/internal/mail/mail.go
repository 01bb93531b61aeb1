// Package mail hands letters to the ministry's mail server (SMTP, RFC 5321), which takes them
// to people.
//
// A letter has an id, which is in its Message-ID (RFC 5322, section 3.6.4) and stays the same
// however often it is handed over: whoever reads it twice can see that it is one. It says of
// itself that a machine has written it (RFC 3834), so that nobody's absence is answered.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// within bounds how long a letter takes to be handed over.
const within = 20 * time.Second

// Letter is a text for one person.
type Letter struct {
	ID      string
	To      string // an address
	Subject string
	Text    string // plain
	Urgent  bool
}

// Options are how a server is reached.
type Options struct {
	Server string // host:port
	// TLS is "starttls", "tls" or "off".
	TLS            string
	From           string // an address
	Name           string // of whoever sends it, beside the address
	Domain         string // of Message-IDs
	User, Password string // empty if the server asks for none
}

// Server is a mail server.
type Server struct {
	Options
	host string
	port int
}

// New is a mail server that nobody has spoken to yet.
func New(o Options) (*Server, error) {
	host, port, err := net.SplitHostPort(o.Server)
	if err != nil {
		return nil, fmt.Errorf("the mail server: %w", err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("the mail server: %w", err)
	}
	return &Server{Options: o, host: host, port: n}, nil
}

// Send hands a letter over. When it returns nil, the server has taken it.
func (s *Server) Send(ctx context.Context, l Letter) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(m.FromFormat(s.Name, s.From), m.To(l.To)); err != nil {
		return fmt.Errorf("a letter to %s: %w", l.To, err)
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageIDWithValue(l.ID + "@" + s.Domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Urgent {
		m.SetImportance(mail.ImportanceUrgent)
	}
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	client, err := s.client(ctx)
	if err != nil {
		return fmt.Errorf("the mail server %s: %w", s.Server, err)
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail server %s: %w", s.Server, err)
	}
	err = client.SendWithSMTPClient(connection, m)
	_ = client.CloseWithSMTPClient(connection) // what it has taken it has taken, however it says goodbye
	if err != nil {
		return fmt.Errorf("hand a letter to the mail server %s: %w", s.Server, err)
	}
	return nil
}

// client speaks to the server until ctx ends: by itself it would wait for answers beyond that.
func (s *Server) client(ctx context.Context) (*mail.Client, error) {
	dial := (&net.Dialer{}).DialContext
	options := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(within), mail.WithTLSPolicy(mail.TLSMandatory)}
	switch s.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
		dial = (&tls.Dialer{Config: &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}}).DialContext
	case "off":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	options = append(options, mail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
		c, err := dial(dialing, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = c.Close() }) // whoever reads from it is told
		}
		return c, err
	}))
	if s.User != "" {
		options = append(options, mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin),
			mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.host, options...)
}
