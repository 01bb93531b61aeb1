package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"communique/storage/press"
)

// file is the configuration as it stands in the file.
type file struct {
	BaseURL   string            `yaml:"base_url"`
	Listen    string            `yaml:"listen"`
	Database  string            `yaml:"database"`
	Timezone  string            `yaml:"timezone"`
	Languages []string          `yaml:"languages"`
	Name      string            `yaml:"name"`
	Names     map[string]string `yaml:"names"`
	Kinds     []Kind            `yaml:"kinds"`
	Accent    string            `yaml:"accent"`
	Contact   string            `yaml:"contact"`
	Imprint   string            `yaml:"imprint"`
	Policy    string            `yaml:"corrections_policy"`
	Security  string            `yaml:"security_contact"`
	// MaxFileSize is in MiB.
	MaxFileSize int64 `yaml:"max_file_size"`
	Actor       struct {
		Actor        `yaml:",inline"`
		Saying       `yaml:",inline"`
		HandleDomain string   `yaml:"handle_domain"`
		RelMe        []string `yaml:"rel_me"`
	} `yaml:"actor"`
	Actors  []Announcer `yaml:"actors"`
	Replies string      `yaml:"replies"`
	WebSub  struct {
		Signature string `yaml:"signature"`
	} `yaml:"websub"`
	TrustedProxies *[]string `yaml:"trusted_proxies"` // nil is not the same as none
	Private        []string  `yaml:"private_networks"`
	Paused         bool      `yaml:"paused"`
	Purge          Purge     `yaml:"purge"`
	Signer         string    `yaml:"signer"`
	Keys           struct {
		PassphraseFile string `yaml:"passphrase_file"`
	} `yaml:"keys"`
	TLS     tlsFile    `yaml:"tls"`
	Backup  backupFile `yaml:"backup"`
	Log     Log        `yaml:"log"`
	Journal string     `yaml:"journal"`
	Metrics struct {
		Listen string `yaml:"listen"`
		Traces string `yaml:"traces"`
	} `yaml:"metrics"`
	Desk       deskFile `yaml:"desk"`
	Mail       Mail     `yaml:"mail"`
	Duty       Duty     `yaml:"duty"`
	Identities Provider `yaml:"identities"`
	Limits     Limits   `yaml:"limits"`
}

// Load reads the configuration of the installation in a folder. The environment's
// [ListenVariable] overrides listen, [DatabaseVariable] database, which a credential of
// systemd overrides, too. An error names file,
// line and field and says what to do.
func Load(data string, env func(string) string) (Config, error) {
	path := filepath.Join(data, File)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Config{}, fmt.Errorf("there is no installation in %s: make one with communique init, or name its folder with --data", data)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	c, err := Parse(text)
	if err != nil {
		return c, fmt.Errorf("%s:%w", path, err)
	}
	c.Data = data
	if c.Backup.Folder != "" && filepath.Clean(c.BackupFolder()) == filepath.Clean(data) {
		return c, fmt.Errorf("%s: backup.folder: that is the folder of the site itself: name one for backups alone, best on another disk", path)
	}
	if listen := env(ListenVariable); listen != "" {
		c.Listen = listen
	}
	database, from := env(DatabaseVariable), DatabaseVariable
	if database == "" {
		from = "the credential database"
		if database, err = Credential(env, "database"); err != nil {
			return c, err
		}
	}
	if database != "" {
		if err := CheckDatabase(database); err != nil {
			return c, fmt.Errorf("%s: %w", from, err)
		}
		c.Server = database
	}
	return c, nil
}

// FieldError is a setting that cannot be used, and why.
type FieldError struct {
	Line  int // 0 if it is not in a line
	Field string
	Text  string
}

func (e *FieldError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf(" %s: %s", e.Field, e.Text)
	}
	return fmt.Sprintf("%d: %s: %s", e.Line, e.Field, e.Text)
}

// Parse checks a configuration. Its errors are [*FieldError] or those of YAML,
// with their line.
func Parse(text []byte) (Config, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as editors on Windows begin a file
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return Config{}, fmt.Errorf("%d: the text is not UTF-8: save the file as UTF-8", i+1)
		}
	}
	f := file{Limits: usualLimits(), Backup: backupFile{Keep: usualKeep}} // for what is not said
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return Config{}, syntaxError(err)
	}
	c, err := f.check()
	if wrong, ok := errors.AsType[*FieldError](err); ok {
		wrong.Line = lineOf(text, wrong.Field)
	}
	return c, err
}

// syntaxError puts a YAML error on one line.
func syntaxError(err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%d: %s%s", located.GetToken().Position.Line, fieldOf(located), located.GetMessage())
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf(" %s", line)
}

// fieldOf names the field whose value is of another type than it should be.
func fieldOf(wrong yaml.Error) string {
	colon := wrong.GetToken().Prev
	if colon == nil || colon.Value != ":" || colon.Prev == nil || !strings.Contains(wrong.GetMessage(), "cannot unmarshal") {
		return ""
	}
	return colon.Prev.Value + ": "
}

// lineOf finds the line of a field, such as actor.name, for an error.
func lineOf(text []byte, field string) int {
	path, err := yaml.PathString("$." + field)
	if err != nil {
		return 0
	}
	node, err := path.ReadNode(strings.NewReader(string(text)))
	if err != nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

func (f file) check() (Config, error) {
	c := Config{
		Listen: f.Listen, Server: f.Database, Name: strings.TrimSpace(f.Name), Names: map[press.Language]string{},
		Accent: f.Accent, Contact: f.Contact, Imprint: f.Imprint, CorrectionsPolicy: f.Policy, SecurityContact: f.Security,
		Paused: f.Paused,
		Actor:  f.Actor.Actor, PassphraseFile: f.Keys.PassphraseFile,
	}
	for _, check := range []func(*Config) error{f.checkBaseURL, f.checkDatabase, f.checkZone, f.checkLanguages, f.checkNames, f.checkKinds, f.checkActor, f.checkHandle, f.checkSaying, f.checkAnnouncers, f.checkLooks, f.checkReplies, f.checkWebSub, f.checkProxies, f.checkPrivate, f.checkPurge, f.checkSigner, f.checkFiles, f.checkBackup, f.checkLog, f.checkJournal, f.checkMetrics, f.checkTraces, f.checkDesk, f.checkProvider, f.checkMail, f.checkDuty, f.checkLimits, f.checkTLS} {
		if err := check(&c); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (f file) checkBaseURL(c *Config) (err error) {
	if c.BaseURL, err = ParseBaseURL(f.BaseURL); err != nil {
		return &FieldError{Field: "base_url", Text: err.Error()}
	}
	return nil
}

func (f file) checkDatabase(*Config) error {
	if f.Database == "" {
		return nil
	}
	if err := CheckDatabase(f.Database); err != nil {
		return &FieldError{Field: "database", Text: err.Error()}
	}
	return nil
}

// CheckDatabase reports why a text cannot be the address of a database on a server. It
// does not repeat the text: there may be a password in it.
func CheckDatabase(address string) error {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return errors.New("it is not the address of a PostgreSQL database: write one like postgres://communique@db.mfa.example/press")
	}
	return nil
}

func (f file) checkZone(c *Config) (err error) {
	if c.Zone, err = ParseZone(f.Timezone); err != nil {
		return &FieldError{Field: "timezone", Text: err.Error()}
	}
	return nil
}

func (f file) checkLanguages(c *Config) error {
	for _, text := range f.Languages {
		lang, err := press.ParseLanguage(text)
		if err != nil {
			return &FieldError{Field: "languages", Text: err.Error()}
		}
		c.Languages = append(c.Languages, lang)
	}
	if len(c.Languages) == 0 {
		return &FieldError{Field: "languages", Text: "name at least one, as in [en]"}
	}
	return nil
}

func (f file) checkNames(c *Config) error {
	if c.Name == "" {
		return &FieldError{Field: "name", Text: "it is empty: write the institution's name"}
	}
	for tag, name := range f.Names {
		lang, err := press.ParseLanguage(tag)
		if err != nil {
			return &FieldError{Field: "names", Text: err.Error()}
		}
		c.Names[lang] = name
	}
	return nil
}

func (f file) checkActor(*Config) error {
	if err := CheckActorName(f.Actor.Name); err != nil {
		return &FieldError{Field: "actor.name", Text: err.Error()}
	}
	return nil
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func (f file) checkLooks(*Config) error {
	if f.Accent != "" && !colour.MatchString(f.Accent) {
		return &FieldError{Field: "accent", Text: fmt.Sprintf("%q is not a valid colour: write one like \"#1d4f91\"", f.Accent)}
	}
	if u, err := url.Parse(f.Policy); f.Policy != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return &FieldError{Field: "corrections_policy", Text: fmt.Sprintf("%q is not the address of a page: write one like \"https://www.mfa.example/corrections\"", f.Policy)}
	}
	if u, err := url.Parse(f.Security); f.Security != "" && (err != nil || (u.Scheme != "mailto" || u.Opaque == "") && (u.Scheme != "https" || u.Host == "")) {
		return &FieldError{Field: "security_contact", Text: fmt.Sprintf("%q is not a valid address: write one like \"mailto:security@mfa.example\"", f.Security)}
	}
	return nil
}

var actorName = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)

// CheckActorName reports why a text cannot be the actor's user name. Names that
// all servers take are of a-z, 0-9 and _, at most 30.
func CheckActorName(name string) error {
	switch {
	case !actorName.MatchString(name):
		return fmt.Errorf("%q is not a valid user name: use a-z, 0-9 and _, at most 30 characters", name)
	case name == "instance":
		return errors.New(`"instance" is the name of the actor that signs our own requests: choose another`)
	}
	return nil
}

// ParseZone reads a time zone of the IANA database.
func ParseZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("no time zone given: name one like Europe/Lisbon, in which statements are dated")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid time zone: name one like Europe/Lisbon", name)
	}
	return zone, nil
}

// ParseBaseURL checks the site's address and returns it without a trailing
// slash. It must be https, or http on this machine, with nothing after the host.
func ParseBaseURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", fmt.Errorf("%q has no host: write it like https://press.mfa.example", text)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return "", fmt.Errorf("%q has more than a host: the site needs a host of its own, as in https://press.mfa.example", text)
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("%q is not https: write it like https://press.mfa.example", text)
	case IsLoopback(u.Hostname()) && u.Scheme != "http":
		return "", fmt.Errorf("%q is on this machine, where the site is served over plain http: write http://%s", text, u.Host)
	case !IsLoopback(u.Hostname()) && u.Scheme != "https":
		return "", fmt.Errorf("%q is not https: followers and feeds need https, with a web server in front that ends it; plain http is for addresses of this machine", text)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// IsLoopback tells whether a host, without its port, is this machine.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
