package config

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
)

// LetsEncrypt is the directory of the authority that tls.acme calls letsencrypt.
const LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"

const (
	// DefaultHTTPS and defaultRedirect are where a server with TLS of its own listens.
	DefaultHTTPS    = ":443"
	defaultRedirect = ":80"
	// defaultHSTS and mostHSTS are numbers of days.
	defaultHSTS = 180
	mostHSTS    = 3650
)

// TLS is https without a web server in front. The zero value expects one.
type TLS struct {
	// ACME is the address of an authority's directory (RFC 8555 §7.1.1), from which the
	// certificate comes; empty if it comes from files.
	ACME  string
	Email string // that the authority may write to, or empty
	// EABKeyID and EABKeyFile are the account with the authority that ours is bound to
	// (RFC 8555 §7.3.4): its name there, and a file with its key; empty for none.
	EABKeyID, EABKeyFile string
	// Certificate and Key are files, with the folder that they are in.
	Certificate, Key string
	// Redirect is where plain http is answered, host:port; empty for nowhere.
	Redirect string
	// HSTS is for how many days browsers are to use https alone; 0 if they are not told.
	HSTS int
}

// On tells whether the server speaks https itself.
func (t TLS) On() bool { return t.ACME != "" || t.Certificate != "" }

// tlsFile is TLS as it stands in the file.
type tlsFile struct {
	ACME        string `yaml:"acme"`
	Email       string `yaml:"email"`
	EABKeyID    string `yaml:"eab_key_id"`
	EABKeyFile  string `yaml:"eab_key_file"`
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
	Redirect    string `yaml:"redirect"`
	HSTS        *int   `yaml:"hsts"` // nil is not the same as 0
}

func (f file) checkTLS(c *Config) error {
	c.TLS = TLS{ACME: f.TLS.ACME, Email: f.TLS.Email, EABKeyID: f.TLS.EABKeyID, EABKeyFile: f.TLS.EABKeyFile, Certificate: f.TLS.Certificate, Key: f.TLS.Key, Redirect: f.TLS.Redirect, HSTS: defaultHSTS}
	if !c.TLS.On() && c.TLS.Key == "" {
		c.TLS = TLS{}
		return nil
	}
	for _, check := range []func(*Config) error{f.checkCertificate, f.checkAuthority, f.checkRedirect, f.checkHSTS} {
		if err := check(c); err != nil {
			return err
		}
	}
	return nil
}

func (f file) checkCertificate(c *Config) error {
	field := "tls.certificate"
	if c.TLS.ACME != "" {
		field = "tls.acme"
	}
	switch {
	case c.TLS.ACME != "" && c.TLS.Certificate+c.TLS.Key != "":
		return &FieldError{Field: field, Text: "the certificate comes from an authority or from files, not from both: leave acme empty, or certificate and key"}
	case c.TLS.ACME == "" && c.TLS.Certificate == "":
		return &FieldError{Field: "tls.key", Text: "a key alone is not enough: name the file with its certificate as tls.certificate"}
	case c.TLS.ACME == "" && c.TLS.Key == "":
		return &FieldError{Field: field, Text: "a certificate alone is not enough: name the file with its key as tls.key"}
	case c.Loopback():
		return &FieldError{Field: field, Text: fmt.Sprintf("the site at %s is in loopback mode, which is plain http: leave it empty", c.BaseURL)}
	}
	return nil
}

func (f file) checkAuthority(c *Config) error {
	if c.TLS.ACME == "" {
		return nil
	}
	if c.TLS.ACME == "letsencrypt" {
		c.TLS.ACME = LetsEncrypt
	}
	u, err := url.Parse(c.TLS.ACME)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return &FieldError{Field: "tls.acme", Text: fmt.Sprintf("%q is neither letsencrypt nor the address of an authority's directory: write one like %s", c.TLS.ACME, LetsEncrypt)}
	}
	if _, err := netip.ParseAddr(c.Host()); err == nil {
		return &FieldError{Field: "tls.acme", Text: fmt.Sprintf("authorities certify names, and %s is an address: name files as tls.certificate and tls.key", c.Host())}
	}
	if (c.TLS.EABKeyID == "") != (c.TLS.EABKeyFile == "") {
		return &FieldError{Field: "tls.eab_key_id", Text: "the account with the authority has a name and a key: write the name as eab_key_id, and the file with its key as eab_key_file, or neither"}
	}
	if c.TLS.Email != "" {
		if a, err := mail.ParseAddress(c.TLS.Email); err != nil || a.Address != c.TLS.Email {
			return &FieldError{Field: "tls.email", Text: fmt.Sprintf("%q is not an address of mail: write one like webmaster@mfa.example", c.TLS.Email)}
		}
	}
	return nil
}

func (f file) checkRedirect(c *Config) error {
	switch c.TLS.Redirect {
	case "":
		c.TLS.Redirect = defaultRedirect
	case "off":
		c.TLS.Redirect = ""
		return nil
	}
	if err := checkAddress("tls.redirect", c.TLS.Redirect, defaultRedirect); err != nil {
		return err
	}
	if c.TLS.Redirect == c.Listen || c.TLS.Redirect == c.Metrics {
		return &FieldError{Field: "tls.redirect", Text: "something else listens there: it is for plain http alone, choose another port"}
	}
	return nil
}

func (f file) checkHSTS(c *Config) error {
	if f.TLS.HSTS != nil {
		c.TLS.HSTS = *f.TLS.HSTS
	}
	if c.TLS.HSTS < 0 || c.TLS.HSTS > mostHSTS {
		return &FieldError{Field: "tls.hsts", Text: fmt.Sprintf("%d is not a number of days between 0 and %d", c.TLS.HSTS, mostHSTS)}
	}
	if c.TLS.Redirect == "" {
		c.TLS.HSTS = 0 // what answers plain http there is none of ours
	}
	return nil
}

// Host is the host of the base URL, without its port.
func (c Config) Host() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// InData is the path of a file that the configuration names: beside it, unless it is absolute.
func (c Config) InData(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.Data, name)
}
