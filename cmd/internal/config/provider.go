package config

import (
	"fmt"
	"net/url"
)

// DefaultClaim is the claim of roles if nothing else is said.
const DefaultClaim = "roles"

// Provider is a provider of identities (OpenID Connect) by which people sign in on the desk.
type Provider struct {
	// Issuer is its address; empty if there is none.
	Issuer   string `yaml:"issuer"`
	ClientID string `yaml:"client_id"`
	// SecretFile holds the secret of the client, in the data folder unless it is absolute.
	SecretFile string `yaml:"secret_file"`
	// Name is what people call it.
	Name string `yaml:"name"`
	// Claim is where it says which roles somebody has; Roles are the grants for each that it
	// may say, as communique people writes them.
	Claim string              `yaml:"claim"`
	Roles map[string][]string `yaml:"roles"`
}

func (f file) checkProvider(c *Config) error {
	p := f.Identities
	if p.Issuer == "" {
		if p.ClientID != "" || p.SecretFile != "" || len(p.Roles) > 0 {
			return &FieldError{Field: "identities.issuer", Text: "it is empty: write the address of the provider, or leave out what else is said of it"}
		}
		return nil
	}
	wrong := func(field, format string, args ...any) error {
		return &FieldError{Field: "identities." + field, Text: fmt.Sprintf(format, args...)}
	}
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())):
		return wrong("issuer", "%q is not the address of a provider: write one like https://login.mfa.example/realms/press", p.Issuer)
	case p.ClientID == "":
		return wrong("client_id", "it is empty: write the name that the provider has given the desk")
	case p.SecretFile == "":
		return wrong("secret_file", "it is empty: name the file with the secret that the provider has given the desk")
	case len(p.Roles) == 0:
		return wrong("roles", "it is empty: nobody could do anything; map what the provider says to roles")
	}
	if p.Name == "" {
		p.Name = u.Hostname()
	}
	if p.Claim == "" {
		p.Claim = DefaultClaim
	}
	c.Identities = p
	return nil
}
