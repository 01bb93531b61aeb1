package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/goccy/go-yaml"
)

// Lines are what the file says, by where it stands there, as in "actor.summary". Machines
// that serve one site are held to the same lines, and told apart by them in words. Those
// of [Config.Settings] that are left out are left out here, too, but for the address of the
// desk, and so are empty values:
// a version that has a setting more says the same as one that does not, until it is used.
// What may be secret is a digest.
func (c Config) Lines() (map[string]string, error) {
	all := lines{}
	header := ""
	if len(c.Purge.Header) > 0 {
		text, err := json.Marshal(c.Purge.Header) // its keys are in order
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		header = "secret, digest " + hex.EncodeToString(sum[:8])
	}
	deskURL := c.Desk.URL
	if deskURL == ownURL(c.Desk.Listen) { // and so nobody's but this machine's
		deskURL = ""
	}
	for _, part := range []struct {
		at    string
		value any
	}{
		{"", map[string]any{
			"base_url": c.BaseURL, "timezone": c.Zone.String(), "languages": c.Languages, "name": c.Name, "names": c.Names, "kinds": c.Kinds, "accent": c.Accent,
			"contact": c.Contact, "imprint": c.Imprint, "corrections_policy": c.CorrectionsPolicy, "security_contact": c.SecurityContact,
			"max_file_size": c.MaxFileSize >> 20, "replies": c.Replies, "trusted_proxies": Texts(c.TrustedProxies), "private_networks": Texts(c.PrivateNetworks), "paused": c.Paused, "signer": c.Signer,
		}},
		{"actor", c.Actor},
		{"actor", c.Saying},
		{"actor", map[string]any{"handle_domain": c.HandleDomain, "rel_me": c.RelMe}},
		{"actors", c.Announcers},
		{"websub", map[string]any{"signature": c.Signature}},
		{"purge", map[string]any{"url": c.Purge.URL, "method": c.Purge.Method, "header": header}},
		{"desk", map[string]any{"url": deskURL}}, // letters lead there, and passkeys are for its host
		{"identities", c.Identities},
		{"mail", c.Mail},
		{"duty", c.Duty},
		{"backup", c.Backup.lines()},
		{"keys", map[string]any{"passphrase_file": c.PassphraseFile}},
	} {
		text, err := yaml.Marshal(part.value)
		var value any
		if err == nil {
			err = yaml.Unmarshal(text, &value)
		}
		if err != nil {
			return nil, fmt.Errorf("write down the settings: %w", err)
		}
		all.add(part.at, value)
	}
	return all, nil
}

// Texts writes networks as they stand in the file.
func Texts(networks []netip.Prefix) []string {
	all := make([]string, 0, len(networks))
	for _, n := range networks {
		all = append(all, n.String())
	}
	return all
}

type lines map[string]string

func (l lines) add(at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, one := range v {
			if at != "" {
				name = at + "." + name
			}
			if one != nil && one != "" && one != false && one != uint64(0) {
				l.add(name, one)
			}
		}
	case []any:
		for i, one := range v {
			l.add(fmt.Sprintf("%s[%d]", at, i), one)
		}
	case nil:
	default:
		l[at] = fmt.Sprint(v)
	}
}
