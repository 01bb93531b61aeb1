// Package config is the configuration of an installation: one file,
// communique.yaml, beside the database unless that is on a server. It is read once at the start, checked
// field by field, and handed down as a value; the template that init writes
// explains every field.
package config

import (
	"maps"
	"net"
	"net/netip"
	"net/url"
	"time"

	"communique/storage/press"
)

// The files of an installation, in its data folder.
const (
	File     = "communique.yaml"
	Database = "communique.db"
	Journal  = "journal" // a folder, if none is configured
)

// Config is a configuration that has been checked.
type Config struct {
	Data      string // the folder
	Server    string // the address of a PostgreSQL database; empty: [Database] in the folder
	BaseURL   string // without a trailing slash
	Listen    string // host:port, or empty for the default
	Zone      *time.Location
	Languages []press.Language // the default first
	Name      string
	Names     map[press.Language]string
	Accent    string
	Contact   string
	Imprint   string
	// CorrectionsPolicy is where the institution says how it corrects.
	CorrectionsPolicy string
	// SecurityContact is where weaknesses of the site are reported, "mailto:" or
	// "https:"; empty if no address is published.
	SecurityContact string
	// Kinds are the kinds of articles, in the order in which they are offered.
	Kinds []Kind
	// MaxFileSize is how large a file beside an article may be, in bytes.
	MaxFileSize int64
	Actor       Actor
	Saying      Saying
	// HandleDomain is the domain of the actors' handles, empty if it is the
	// site's host. RelMe are the institution's profiles elsewhere.
	HandleDomain string
	RelMe        []string
	// Announcers are further actors, which announce what falls under them.
	Announcers []Announcer
	// Replies is what happens with answers to articles: "off", "review" or "open".
	Replies string
	// Signature is the method by which messages to subscribers are signed: "sha1", "sha256", "sha384" or "sha512".
	Signature string
	// TrustedProxies are the networks of the web servers in front, that are
	// trusted to tell the client's address.
	TrustedProxies []netip.Prefix
	// PrivateNetworks may be connected to though they are not public.
	PrivateNetworks []netip.Prefix
	// Paused is set if nothing is to leave.
	Paused bool
	// Purge is the cache in front that is told what has changed.
	Purge Purge
	// Signer is what makes RSA signatures: "auto", "go" or "openssl".
	Signer string
	// PassphraseFile holds the passphrase of the actors' keys: in the data
	// folder, or absolute; empty if there is none.
	PassphraseFile string
	// TLS is https without a web server in front.
	TLS TLS
	// Backup is where the server puts backups.
	Backup Backup
	// Log is what the server logs.
	Log Log
	// Journal is the folder, in the data folder or absolute, in which what is withdrawn
	// and corrected is noted outside of the database.
	Journal string
	// Metrics is where monitoring is answered, host:port; empty for nowhere.
	Metrics string
	// Traces is the address of the collector of traces; empty if there is none.
	Traces string
	// Desk is where people work in a browser.
	Desk Desk
	// Identities is the provider of identities by which people sign in there, too.
	Identities Provider
	// Mail is the server that takes letters to them, Duty who of them is told of what must not
	// come to pass in silence.
	Mail Mail
	Duty Duty
	// Limits are what one client or server may take.
	Limits Limits
}

// Actor is what an actor in the fediverse shows of itself.
type Actor struct {
	Name    string  `yaml:"name"` // user name
	Summary string  `yaml:"summary"`
	Icon    string  `yaml:"icon"` // file in the data folder, or empty
	Header  string  `yaml:"header"`
	Fields  []Field `yaml:"fields"`
}

// Field is a line of the actor's profile.
type Field struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// NamesByLanguage is the institution's name in every language that has one.
func (c Config) NamesByLanguage() map[press.Language]string {
	names := map[press.Language]string{c.Languages[0]: c.Name}
	maps.Copy(names, c.Names)
	return names
}

// Loopback tells whether the site is on this machine only: plain http, and
// peers on this machine.
func (c Config) Loopback() bool {
	u, err := url.Parse(c.BaseURL)
	return err == nil && IsLoopback(u.Hostname())
}

// HostPort is the base URL's host with its port, to listen on in loopback mode.
func (c Config) HostPort() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
