package mail_test

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/https/httpstest"
	"communique/cmd/internal/mail"
	"communique/cmd/internal/mail/mailtest"
)

// letter is one as the desk writes it.
var letter = mail.Letter{ID: "abc", To: "duty@mfa.example", Subject: "Press desk: nicht genehmigt – fällig", Text: "Ein Text ist fällig.\n.\nEnde.\n", Urgent: true}

// certified shows servers of this program a certificate by which they know the mail server; it is
// called before anything is verified.
func certified(t *testing.T) httpstest.Certificate {
	t.Helper()
	c := httpstest.Certify(t, "127.0.0.1", time.Now().Add(time.Hour))
	folder := t.TempDir()
	c.Write(t, folder)
	t.Setenv("SSL_CERT_FILE", filepath.Join(folder, httpstest.CertificateFile))
	t.Setenv("SSL_CERT_DIR", folder)
	return c
}

// TestSend: a real mail server takes letters, over TLS and after signing in, and gets nothing
// where it cannot prove that it is the one.
func TestSend(t *testing.T) { //nolint:paralleltest // the certificates that are known are the process's own
	known := certified(t)
	open := mailtest.Start(t, mailtest.Options{Certificate: known})
	guarded := mailtest.Start(t, mailtest.Options{Certificate: known, Password: "s3cret"})
	stranger := mailtest.Start(t, mailtest.Options{})
	for _, tt := range []struct {
		name           string
		server         *mailtest.Server
		tls            string
		user, password string
		to             string
		want           string // in the error; "" if it is taken
	}{
		{"in the clear on this machine", open, "off", "", "", "one", ""},
		{"over TLS", open, "starttls", "", "", "two", ""},
		{"over TLS, signed in", guarded, "starttls", "desk", "s3cret", "three", ""},
		{"over TLS, not signed in", guarded, "starttls", "", "", "four", "sign in first"},
		{"with a wrong password", guarded, "starttls", "desk", "wrong", "five", "535"},
		{"to a server that asks for none in the clear", guarded, "off", "desk", "s3cret", "six", "auth"},
		{"TLS from the start, where there is none", open, "tls", "", "", "eight", "tls"},
		{"another server's certificate", stranger, "starttls", "", "", "seven", "certificate"},
		{"to nobody", open, "off", "", "", "nobody", "who is that"},
	} {
		s, err := mail.New(mail.Options{Server: tt.server.Address, TLS: tt.tls, From: "desk@mfa.example", Name: "Außenministerium", Domain: "desk.mfa.example", User: tt.user, Password: tt.password})
		if err != nil {
			t.Fatal(err)
		}
		l := letter
		l.To = tt.to + "@mfa.example"
		err = s.Send(t.Context(), l)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), tt.want)):
			t.Errorf("%s: %v, want %q in it", tt.name, err, tt.want)
		case tt.want != "" && strings.Contains(err.Error(), "s3cret"):
			t.Errorf("%s: the password is in the error: %v", tt.name, err)
		}
		if tt.want != "" {
			continue
		}
		got := await(t, tt.server, tt.to)
		if !strings.Contains(got.Raw, "ID: <abc@desk.mfa.example>") || got.Header.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(got.Header.Get("To"), l.To) {
			t.Errorf("%s:\n%s", tt.name, got.Raw)
		}
	}
}

// await waits until somebody has a letter.
func await(t *testing.T, s *mailtest.Server, to string) mailtest.Letter {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if all := s.Letters(to); len(all) > 0 {
			return all[0]
		}
	}
	t.Fatalf("%s has no letter:\n%s", to, s.Log())
	return mailtest.Letter{}
}

// TestServerIsGone: what cannot be handed over is an error, and waits for nobody for long.
func TestServerIsGone(t *testing.T) {
	t.Parallel()
	var l net.ListenConfig
	silent, err := l.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s, err := mail.New(mail.Options{Server: silent.Addr().String(), TLS: "off", From: "desk@mfa.example", Domain: "desk.mfa.example"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Send(ctx, letter); err == nil {
		t.Error("a server that says nothing has taken a letter")
	}
	_ = silent.Close()
	if err := s.Send(t.Context(), letter); err == nil || !strings.Contains(err.Error(), silent.Addr().String()) {
		t.Errorf("where nobody listens: %v", err)
	}
}
