package config

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
)

const whole = `base_url: "https://press.mfa.example"
listen: "127.0.0.1:9000"
timezone: "Europe/Lisbon"
languages: [en, fr, ar]
name: "Ministry of Foreign Affairs"
names:
  fr: "Ministère des Affaires étrangères"
accent: "#123456"
contact: "mailto:press@mfa.example"
imprint: ""
actor:
  name: "ministry"
  summary: "News."
  icon: "arms.png"
  header: ""
  fields:
    - {name: Website, value: "https://www.mfa.example/"}
  quotes: followers
  attribution_domains: [mfa.example]
actors:
  - name: "spokesperson"
    display_name: "Spokesperson"
    section: "the-ministry/spokesperson"
    icon: "spokesperson.png"
  - name: "ministry_ar"
    display_name: "وزارة الخارجية"
    language: "ar"
replies: open
trusted_proxies: ["10.0.0.0/8", "192.0.2.7"]
websub:
  signature: sha512
purge:
  url: "http://127.0.0.1:6081/"
  method: BAN
  header: {X-Token: "secret"}
`

func TestParse(t *testing.T) {
	t.Parallel()
	c, err := Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if c.BaseURL != "https://press.mfa.example" || c.Listen != "127.0.0.1:9000" || c.Zone.String() != "Europe/Lisbon" || c.Loopback() {
		t.Errorf("read %+v", c)
	}
	if diff := cmp.Diff([]press.Language{"en", "fr", "ar"}, c.Languages); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	names := map[press.Language]string{"en": "Ministry of Foreign Affairs", "fr": "Ministère des Affaires étrangères"}
	if diff := cmp.Diff(names, c.NamesByLanguage()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	actor := Actor{Name: "ministry", Summary: "News.", Icon: "arms.png", Fields: []Field{{"Website", "https://www.mfa.example/"}}}
	if diff := cmp.Diff(actor, c.Actor); diff != "" {
		t.Errorf("actor (-want +got):\n%s", diff)
	}
	saying := Saying{Rendition: "note", Quotes: "followers", Collections: "anyone", Domains: []string{"mfa.example"}}
	if diff := cmp.Diff(saying, c.Saying); diff != "" {
		t.Errorf("saying (-want +got):\n%s", diff)
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")}
	if c.Replies != "open" || c.Signature != "sha512" || !slices.Equal(c.TrustedProxies, proxies) {
		t.Errorf("replies %s, proxies %v", c.Replies, c.TrustedProxies)
	}
	cache := Purge{URL: "http://127.0.0.1:6081", Method: "BAN", Header: map[string]string{"X-Token": "secret"}}
	if diff := cmp.Diff(cache, c.Purge); diff != "" {
		t.Errorf("cache to purge (-want +got):\n%s", diff)
	}
	announcers := []Announcer{
		{Actor: Actor{Name: "spokesperson", Icon: "spokesperson.png"}, DisplayName: "Spokesperson", Section: "the-ministry/spokesperson"},
		{Actor: Actor{Name: "ministry_ar"}, DisplayName: "وزارة الخارجية", Language: "ar"},
	}
	if diff := cmp.Diff(announcers, c.Announcers); diff != "" {
		t.Errorf("announcers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"arms.png", "spokesperson.png"}, c.Pictures()); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
}

// TestEncoding: a byte order mark is not part of the first field, and a name that
// is not UTF-8 would be broken on every page and at every follower's server.
func TestEncoding(t *testing.T) {
	t.Parallel()
	c, err := Parse([]byte("\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")))
	if err != nil || c.BaseURL != "https://press.mfa.example" {
		t.Errorf("as an editor on Windows saves it: %v %v", c.BaseURL, err)
	}
	before, _, _ := strings.Cut(whole, "\nname:")
	at := strings.Count(before, "\n") + 2
	_, err = Parse([]byte(strings.Replace(whole, "\nname:", "\nname: Minist\xe8re #", 1)))
	if want := fmt.Sprintf("%d: the text is not UTF-8", at); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("in Latin-1: %v, want %s", err, want)
	}
}

// TestTraces: an address without a path is that of a collector as OTLP has it.
func TestTraces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http://127.0.0.1:4318":           "http://127.0.0.1:4318/v1/traces",
		"https://collector.mfa.example/":  "https://collector.mfa.example/v1/traces",
		"https://collector.mfa.example/a": "https://collector.mfa.example/a",
	} {
		c, err := Parse([]byte(whole + "metrics: {traces: \"" + text + "\"}\n"))
		if err != nil || c.Traces != want {
			t.Errorf("%s is read as %q, %v", text, c.Traces, err)
		}
	}
}

func TestHandleDomain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"MFA.example": "mfa.example", "außen.example": "xn--auen-wna.example"} {
		c, err := Parse([]byte(strings.Replace(whole, "quotes: followers", "handle_domain: "+text, 1)))
		if err != nil || c.HandleDomain != want {
			t.Errorf("%s is read as %q, %v", text, c.HandleDomain, err)
		}
	}
}

// TestParseErrors: a mistake is told with its line and its field, and with what
// to write instead.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"another database":            {"timezone:", "database: \"mysql://root@db\"\ntimezone:", `3: database: it is not the address of a PostgreSQL database`},
		"base URL with a path":        {"press.mfa.example\"", "press.mfa.example/news\"", `1: base_url: "https://press.mfa.example/news" has more than a host`},
		"no zone":                     {`"Europe/Lisbon"`, `""`, "3: timezone: no time zone given"},
		"the machine's zone":          {"Europe/Lisbon", "Local", "3: timezone: no time zone given"},
		"unknown zone":                {"Europe/Lisbon", "Lisbon", `3: timezone: "Lisbon" is not a valid time zone`},
		"no language":                 {"[en, fr, ar]", "[]", "4: languages: name at least one"},
		"wrong language":              {"[en, fr, ar]", "[english!]", "4: languages: "},
		"no name":                     {"Ministry of Foreign Affairs", " ", "5: name: it is empty"},
		"wrong tag of a name":         {"  fr:", "  fr fr:", "names: "},
		"wrong colour":                {"#123456", "blue", `8: accent: "blue" is not a valid colour`},
		"actor with a capital":        {`"ministry"`, `"Ministry"`, `12: actor.name: "Ministry" is not a valid user name`},
		"actor of ours":               {`"ministry"`, `"instance"`, "12: actor.name: "},
		"announcer's name":            {`"ministry_ar"`, `"ministry-ar"`, `25: actors[1].name: "ministry-ar" is not a valid user name`},
		"two of a name":               {`"ministry_ar"`, `"spokesperson"`, `25: actors[1].name: there is another actor "spokesperson"`},
		"a name of ours":              {`"ministry_ar"`, `"ministry"`, `25: actors[1].name: there is another actor "ministry"`},
		"announcer of nothing":        {`    language: "ar"` + "\n", "", `25: actors[1].name: ministry_ar has neither section nor language`},
		"no display name":             {`    display_name: "Spokesperson"` + "\n", "", "21: actors[0].name: spokesperson has no display_name"},
		"another language":            {`language: "ar"`, `language: "de"`, `27: actors[1].language: "de" is not a language of the site`},
		"unknown rendition":           {"quotes: followers", "rendition: page", "18: actor.rendition: \"page\" is not one of note, article"},
		"unknown quotes":              {"quotes: followers", "quotes: friends", "18: actor.quotes: \"friends\" is not one of anyone, followers, nobody"},
		"too many tags":               {"quotes: followers", "tags: [a, b, c, d, e, f, g, h, i, j, k]", "18: actor.tags: 11 tags"},
		"an address":                  {"mfa.example]", "mfa.example, \"https://x.example\"]", "19: actor.attribution_domains[1]: \"https://x.example\" is not a valid domain"},
		"a handle's address":          {"quotes: followers", "handle_domain: https://mfa.example", "18: actor.handle_domain: \"https://mfa.example\" is not a valid domain"},
		"a handle's number":           {"quotes: followers", "handle_domain: 192.0.2.1", "18: actor.handle_domain: \"192.0.2.1\" is not a valid domain"},
		"a profile by handle":         {"quotes: followers", "rel_me: [\"@ministry@social.example\"]", "18: actor.rel_me[0]: \"@ministry@social.example\" is not the address of a profile"},
		"unknown field":               {"imprint", "inprint", `10: unknown field "inprint"`},
		"policy on no page":           {`imprint: ""`, `corrections_policy: "corrections"`, `10: corrections_policy: "corrections" is not the address of a page`},
		"security by a name":          {`imprint: ""`, `security_contact: "the guard"`, `10: security_contact: "the guard" is not a valid address`},
		"a list for a text":           {`contact: "mailto:press@mfa.example"`, "contact: [a, b]", "9: "},
		"unknown replies":             {"replies: open", "replies: closed", `28: replies: "closed" is not one of off, review and open`},
		"unknown signer":              {"replies: open", "signer: gpg", `28: signer: "gpg" is not one of auto, go, openssl`},
		"no private network":          {"replies: open", "replies: open\nprivate_networks: [10.0.0.0/8, 127.0.0.0/8]", `29: private_networks: "127.0.0.0/8" is not a private network`},
		"more than private":           {"replies: open", "replies: open\nprivate_networks: [0.0.0.0/0]", `29: private_networks: "0.0.0.0/0" is not a private network`},
		"no address to watch":         {"replies: open", "replies: open\nmetrics: {listen: here}", `29: metrics.listen: "here" is not a valid address`},
		"watched in public":           {"replies: open", "replies: open\nmetrics: {listen: \"127.0.0.1:9000\"}", `metrics.listen: it is the address of the site`},
		"no time":                     {"replies: open", "replies: open\nbackup: {folder: /backup, every: daily}", `29: backup.every: "daily" is not a time between a minute and 31 days`},
		"no time at all":              {"replies: open", "replies: open\nbackup: {every: 0s}", `29: backup.every: "0s" is not a time`},
		"to keep none":                {"replies: open", "replies: open\nbackup: {keep: -1}", `29: backup.keep: -1 is not a number between 1 and`},
		"no recipient":                {"replies: open", "replies: open\nbackup: {recipients: [age1]}", `29: backup.recipients: "age1" is not a public key of age`},
		"no collector":                {"replies: open", "replies: open\nmetrics: {traces: \"localhost:4318\"}", `29: metrics.traces: it is not the address of a collector of traces`},
		"no desk":                     {"replies: open", "replies: open\ndesk: {listen: here}", `29: desk.listen: "here" is not a valid address`},
		"a provider of nobody":        {"replies: open", "replies: open\nidentities: {client_id: desk}", `identities.issuer: it is empty`},
		"a provider in the clear":     {"replies: open", "replies: open\nidentities: {issuer: \"http://login.mfa.example\"}", `identities.issuer: "http://login.mfa.example" is not the address of a provider`},
		"a provider without a secret": {"replies: open", "replies: open\nidentities: {issuer: \"https://login.mfa.example\", client_id: desk}", `identities.secret_file: it is empty`},
		"a provider without roles":    {"replies: open", "replies: open\nidentities: {issuer: \"https://login.mfa.example\", client_id: desk, secret_file: s}", `identities.roles: it is empty`},
		"a desk in public":            {"replies: open", "replies: open\ndesk: {listen: \"127.0.0.1:9000\"}", `29: desk.listen: something else listens there`},
		"a desk in the clear":         {"replies: open", "replies: open\ndesk: {url: \"http://desk.mfa.example\"}", `29: desk.url: "http://desk.mfa.example" is not https`},
		"a desk for others":           {"replies: open", "replies: open\ndesk: {listen: \"0.0.0.0:8481\"}", `29: desk.listen: others can reach 0.0.0.0:8481: write at desk.url`},
		"a desk below a bad path":     {"replies: open", "replies: open\ndesk: {url: \"https://x.example/De sk\"}", `29: desk.url: "https://x.example/De sk" has a path that is none for a desk`},
		"an address of none":          {"replies: open", "replies: open\ndesk: {listen: off, url: \"https://x.example\"}", `29: desk.url: there is no desk`},
		"no mail server":              {"replies: open", "replies: open\nmail: {server: mail.mfa.example, from: a@mfa.example}", `29: mail.server: "mail.mfa.example" is not a mail server`},
		"letters from nobody":         {"replies: open", "replies: open\nmail: {server: \"mail.mfa.example:587\"}", `mail.from: "" is not an address`},
		"letters by no server":        {"replies: open", "replies: open\nmail: {from: a@mfa.example}", `mail.server: it is empty`},
		"letters in the clear":        {"replies: open", "replies: open\nmail: {server: \"mail.mfa.example:25\", from: a@mfa.example, tls: off}", `29: mail.tls: letters to mail.mfa.example would be read on the way`},
		"letters in no way":           {"replies: open", "replies: open\nmail: {server: \"mail.mfa.example:25\", from: a@mfa.example, tls: ssl}", `29: mail.tls: "ssl" is not one of starttls, tls and off`},
		"a user without a password":   {"replies: open", "replies: open\nmail: {server: \"mail.mfa.example:25\", from: a@mfa.example, user: desk}", `29: mail.user: a user has a password`},
		"nobody on duty":              {"replies: open", "replies: open\nduty: {addresses: [ana]}", `29: duty.addresses: "ana" is not an address`},
		"nobody to be written to":     {"replies: open", "replies: open\nduty: {addresses: [ana@mfa.example]}", `29: duty.addresses: nobody can be written to`},
		"no day of the week":          {"replies: open", "replies: open\nduty: {weekend: [sabbath]}", `29: duty.weekend: "sabbath" is not a day`},
		"no holiday":                  {"replies: open", "replies: open\nduty: {holidays: [\"12-25\", \"25.12.\"]}", `29: duty.holidays: "25.12." is not a day`},
		"a limit of nothing":          {"replies: open", "replies: open\nlimits: {connections: 0}", `29: limits.connections: 0 is not between 8 and 100000`},
		"a limit in words":            {"replies: open", "replies: open\nlimits:\n  verified: many", `30: verified: cannot unmarshal`},
		"no backup to keep":           {"replies: open", "replies: open\nbackup: {folder: b, keep: 0}", `29: backup.keep: 0 is not a number between 1 and`},
		"backups beside the database": {"replies: open", "replies: open\nbackup: {folder: .}", `29: backup.folder: "." is not a folder for backups alone`},
		"a limit that is none":        {"replies: open", "replies: open\nlimits: {header_within: 90}", `29: limits.header_within: 90 is not between 1 and 60`},
		"no level":                    {"replies: open", "replies: open\nlog: {level: much}", `29: log.level: "much" is not one of info, debug, warn, error`},
		"no network":                  {`"192.0.2.7"]`, `"proxy.example"]`, `29: trusted_proxies: "proxy.example" is not a valid network`},
		"unknown signature":           {"sha512", "md5", `31: websub.signature: "md5" is not one of sha1, sha256, sha384 and sha512`},
		"no cache":                    {"http://127.0.0.1:6081/", "varnish", `33: purge.url: "varnish" is not the address of a cache`},
		"no way to purge":             {"method: BAN", "method: DELETE", `34: purge.method: "DELETE" is not one of PURGE, BAN and POST`},
		"no header":                   {"X-Token:", `"X Token":`, `35: purge.header: "X Token" with its value is not a valid header field`},
		"no YAML":                     {"languages: [", "languages: [[", "5: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(whole, c.old, c.new, 1)
			if text == whole {
				t.Fatalf("%q is not in the text", c.old)
			}
			_, err := Parse([]byte(text))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Parse: %v, want one line with %q", err, c.want)
			}
		})
	}
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://Press.MFA.example/": "https://press.mfa.example",
		"https://press.mfa.example":  "https://press.mfa.example",
		"https://[2001:db8::1]":      "https://[2001:db8::1]",
		"http://localhost:8080":      "http://localhost:8080",
		"http://127.8.9.1":           "http://127.8.9.1",
		"http://[::1]:8080":          "http://[::1]:8080",
		"":                           "",
		"press.mfa.example":          "",
		"https://":                   "",
		"https://:8080":              "",
		"http://press.mfa.example":   "",
		"https://127.0.0.1":          "",
		"https://a.example/b":        "",
		"https://a.example?b":        "",
		"https://a.example#b":        "",
		"https://u:p@a.example":      "",
		"ftp://a.example":            "",
		"http://127.0.0.1.example":   "",
		"http://10.0.0.1":            "",
	} {
		got, err := ParseBaseURL(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseBaseURL(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	none := func(string) string { return "" }
	if _, err := Load(data, none); err == nil || !strings.Contains(err.Error(), "communique init") {
		t.Errorf("where there is none: %v", err)
	}
	if err := os.WriteFile(filepath.Join(data, File), []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(data, none)
	if err != nil || c.Data != data || c.Listen != "127.0.0.1:9000" {
		t.Errorf("Load = %+v, %v", c, err)
	}
	c, err = Load(data, func(name string) string {
		return map[string]string{"COMMUNIQUE_LISTEN": "127.0.0.1:9001"}[name]
	})
	if err != nil || c.Listen != "127.0.0.1:9001" {
		t.Errorf("with COMMUNIQUE_LISTEN it listens on %s, %v", c.Listen, err)
	}
	for variable, want := range map[string]string{"": "postgres://a@one/press", "postgres://a@two/press": "postgres://a@two/press"} {
		text := whole + "database: \"postgres://a@one/press\"\n"
		if err := os.WriteFile(filepath.Join(data, File), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err = Load(data, func(name string) string { return map[string]string{"COMMUNIQUE_DATABASE": variable}[name] })
		if err != nil || c.Server != want {
			t.Errorf("with COMMUNIQUE_DATABASE=%s the database is %s, %v", variable, c.Server, err)
		}
	}
	_, err = Load(data, func(name string) string {
		return map[string]string{"COMMUNIQUE_DATABASE": "mysql://a:secret@two"}[name]
	})
	if err == nil || !strings.Contains(err.Error(), "COMMUNIQUE_DATABASE: it is not the address") || strings.Contains(err.Error(), "secret") {
		t.Errorf("another database: %v", err)
	}
}

// TestRender: what init writes is read back as it was meant, whatever
// characters a name has.
func TestRender(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ministry", `The "Ministry": #1 {yes}`, "وزارة الخارجية", "a\tb\\n'c'", "on", "- x", "\U0001F54A"} {
		i := Initial{BaseURL: "http://127.0.0.1:8080", Actor: "ministry", Name: name, Timezone: "UTC", Languages: []press.Language{"en", "pt-BR"}}
		text, err := Render(i)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		c, err := Parse(text)
		if err != nil || c.Name != name || c.BaseURL != i.BaseURL || c.Actor.Name != i.Actor || !cmp.Equal(c.Languages, i.Languages) || c.HostPort() != "127.0.0.1:8080" {
			t.Errorf("%q is read back as %+v, %v", name, c, err)
		}
	}
	if _, err := Render(Initial{BaseURL: "nonsense"}); err == nil {
		t.Error("nonsense was written")
	}
}

// FuzzParse: whatever stands in the file, the answer is a usable configuration
// or one line.
func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("a: [b"))
	f.Add([]byte("actor: {name: 3}"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse(text)
		var field *FieldError
		switch {
		case err == nil && (c.BaseURL == "" || c.Zone == nil || len(c.Languages) == 0 || c.Actor.Name == ""):
			t.Errorf("%q was taken as %+v", text, c)
		case errors.As(err, &field) && field.Field == "":
			t.Errorf("%q: %v names no field", text, err)
		}
	})
}
