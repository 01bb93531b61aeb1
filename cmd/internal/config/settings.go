package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Settings are digests of what the file says, by the names that its settings have there:
// by them a program knows whether another one was started with the same configuration,
// and in what it differs. Where the server listens and with which certificate, how it finds
// the database, what it logs, where its journal is, where it is watched and what it lets
// clients take are left out: a flag, the environment and a signal may say otherwise, and
// nothing else depends on them.
func (c Config) Settings() map[string]string {
	all := map[string]string{}
	for name, values := range map[string][]any{
		"base_url": {c.BaseURL}, "timezone": {c.Zone.String()}, "languages": {c.Languages}, "name": {c.Name}, "names": {c.Names}, "kinds": {c.Kinds},
		"accent": {c.Accent}, "contact": {c.Contact}, "imprint": {c.Imprint}, "corrections_policy": {c.CorrectionsPolicy},
		"security_contact": {c.SecurityContact}, "max_file_size": {fmt.Sprint(c.MaxFileSize)},
		"actor": {c.Actor, c.Saying, c.HandleDomain, c.RelMe}, "actors": {c.Announcers}, "replies": {c.Replies},
		"websub": {c.Signature}, "trusted_proxies": {c.TrustedProxies}, "private_networks": {c.PrivateNetworks}, "paused": {c.Paused}, "purge": {c.Purge}, "identities": {c.Identities}, "keys": {c.PassphraseFile}, "signer": {c.Signer},
		"mail": {c.Mail}, "duty": {c.Duty},
		"backup": {c.Backup.Folder, fmt.Sprint(c.Backup.Every, c.Backup.Keep), c.Backup.Recipients},
	} {
		sum := sha256.Sum256(fmt.Appendf(nil, "%q", values)) // quoted, so that no two texts run together
		all[name] = hex.EncodeToString(sum[:8])
	}
	return all
}
