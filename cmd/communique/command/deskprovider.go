package command

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/desk"
	"communique/storage/delivery/outbound"
	"communique/storage/people"
)

// provider is by whom people sign in on the desk, too; nil if the configuration names nobody.
func (in *installation) provider() (*desk.ProviderOptions, error) {
	p := in.config.Identities
	if p.Issuer == "" {
		return nil, nil
	}
	for said, roles := range p.Roles {
		for _, text := range roles {
			if role, _, _ := strings.Cut(text, ":"); !slices.Contains(people.Roles(), people.Role(role)) {
				return nil, fmt.Errorf("%s: identities.roles: %s: %q is no role: write ROLE[:SECTION[:LANGUAGE]] with one of %v", filepath.Join(in.config.Data, config.File), said, text, people.Roles())
			}
		}
	}
	where := filepath.Join(in.config.Data, config.File) + ": identities.secret_file"
	content, err := os.ReadFile(in.config.InData(p.SecretFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	secret := strings.TrimRight(string(content), "\r\n")
	if secret == "" {
		return nil, fmt.Errorf("%s: %s is empty: write the secret into it", where, p.SecretFile)
	}
	u, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("identities.issuer: %w", err)
	}
	rules := outbound.NewRules(u.Scheme == "http") // which the configuration lets through on this machine alone
	rules.Private = in.config.PrivateNetworks
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		rules.Port = uint16(port)
	}
	return &desk.ProviderOptions{
		Issuer: p.Issuer, ClientID: p.ClientID, Secret: secret, Name: p.Name, Claim: p.Claim, Roles: p.Roles,
		Client: &http.Client{
			Transport: rules.Transport(outbound.TransportOptions{}), Timeout: 10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}
