package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"communique/cmd/internal/newsroom"
	"communique/federation/moderation"
	"communique/storage/people"
	"communique/storage/press"
)

// ProviderOptions say by which provider of identities people sign in, too.
type ProviderOptions struct {
	Issuer, ClientID, Secret string
	// Name is what people call it.
	Name string
	// Claim is where it says which roles somebody has, and Roles the grants for each, as people
	// write them. What it says and is not there counts for nothing.
	Claim string
	Roles map[string][]string
	// Client connects where it may.
	Client *http.Client
}

const (
	// askFor is how long the provider may take for an answer.
	askFor = 10 * time.Second
	// awayFor is how long somebody may stay with the provider.
	awayFor = 10 * time.Minute
)

// provider is a provider, once it has said where what is.
type provider struct {
	ProviderOptions

	mu    sync.Mutex // guards found
	found *oidc.Provider
}

// errProvider is that the provider did not answer as it should.
var errProvider = errors.New("the provider of identities does not answer as it should")

// discovered asks the provider where what is, once.
func (p *provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		found, err := oidc.NewProvider(ctx, p.Issuer)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errProvider, err)
		}
		p.found = found
	}
	return p.found, nil
}

// within bounds what the provider is asked.
func (p *provider) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(oidc.ClientContext(ctx, p.Client), askFor)
}

func (d *Desk) client(found *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID: d.provider.ClientID, ClientSecret: d.provider.Secret, Endpoint: found.Endpoint(),
		RedirectURL: d.URL + "/sign-in/provider/return", Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// journey is what the answer of the provider is held against.
type journey struct{ State, Nonce, Verifier, Then string }

// toProvider sends somebody to the provider, who has to show anew who they are.
func (d *Desk) toProvider(w http.ResponseWriter, r *http.Request) error {
	if err := d.attempts.begin(challengesOf(r)); err != nil {
		return err
	}
	ctx, cancel := d.provider.within(r.Context())
	defer cancel()
	found, err := d.provider.discovered(ctx)
	if err != nil {
		return d.notProvided(w, r, err)
	}
	j := journey{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Then: localPath(r.FormValue("then"))}
	kept, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("keep a journey: %w", err)
	}
	d.sessions.Put(r.Context(), keyJourney, string(kept))
	if visitOf(r) == nil {
		d.sessions.SetDeadline(r.Context(), time.Now().Add(awayFor))
	}
	client := d.client(found)
	at := client.AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier), oauth2.SetAuthURLParam("prompt", "login"))
	http.Redirect(w, r, at, http.StatusSeeOther)
	return nil
}

// fromProvider signs in whom the provider sends back.
func (d *Desk) fromProvider(w http.ResponseWriter, r *http.Request) error {
	then, i, said, err := d.provided(r)
	if err != nil {
		return d.notProvided(w, r, err)
	}
	var grants []people.Grant
	for _, text := range d.provider.granted(said) {
		g, err := d.Room.ParseGrant(r.Context(), text)
		if err != nil {
			return d.notProvided(w, r, fmt.Errorf("identities.roles: %s: %w", text, err))
		}
		grants = append(grants, g)
	}
	p, err := d.roomOf(r, "").SignInProvided(r.Context(), i, grants)
	if errors.Is(err, press.ErrConflict) || errors.Is(err, press.ErrInvalid) {
		return d.notProvided(w, r, err)
	}
	if err != nil {
		return err
	}
	d.attempts.forgive(challengesOf(r))
	var factor time.Time
	if i.Factor {
		factor = d.Store.Now()
	}
	if err := d.begin(r.Context(), p.ID, p.Epoch, factor); err != nil {
		return err
	}
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// notProvided tells somebody that the provider did not let them in, and the log why.
func (d *Desk) notProvided(w http.ResponseWriter, r *http.Request, err error) error {
	d.hearsay.Log(slog.LevelWarn, moderation.ClientKey(r.RemoteAddr)+" provider", "sign-in by the provider refused", "error", err)
	wrong := "You were not signed in by " + d.provider.Name + ". Try again; if that does not help, ask an operator, for the server's log says why."
	if errors.Is(err, newsroom.ErrMayNot) {
		wrong = d.provider.Name + " says of no role that you have here, or you were taken from the desk."
	}
	return d.showSignIn(w, r, http.StatusForbidden, signInView{Wrong: wrong})
}

// provided reads who the provider says that somebody is, and what it says of their roles.
func (d *Desk) provided(r *http.Request) (then string, i newsroom.Identity, said []string, err error) {
	var j journey
	if kept := d.sessions.PopString(r.Context(), keyJourney); kept == "" {
		return "", i, nil, fmt.Errorf("%w: nobody has been sent there, or too long ago", errProvider)
	} else if err := json.Unmarshal([]byte(kept), &j); err != nil {
		return "", i, nil, fmt.Errorf("read a journey: %w", err)
	}
	asked := r.URL.Query()
	switch {
	case subtle.ConstantTimeCompare([]byte(asked.Get("state")), []byte(j.State)) != 1:
		return "", i, nil, fmt.Errorf("%w: it answers to another question", errProvider)
	case asked.Has("iss") && asked.Get("iss") != d.provider.Issuer: // RFC 9207
		return "", i, nil, fmt.Errorf("%w: another one has answered", errProvider)
	case asked.Get("code") == "":
		return "", i, nil, fmt.Errorf("%w: it says %q", errProvider, asked.Get("error"))
	}
	ctx, cancel := d.provider.within(r.Context())
	defer cancel()
	i, said, err = d.exchanged(ctx, asked, j)
	return j.Then, i, said, err
}

// exchanged reads what a code of the provider is worth.
func (d *Desk) exchanged(ctx context.Context, asked url.Values, j journey) (i newsroom.Identity, said []string, err error) {
	found, err := d.provider.discovered(ctx)
	if err != nil {
		return i, nil, err
	}
	client := d.client(found)
	token, err := client.Exchange(ctx, asked.Get("code"), oauth2.VerifierOption(j.Verifier))
	if err != nil {
		return i, nil, fmt.Errorf("%w: exchange a code: %w", errProvider, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: d.provider.ClientID}).Verify(ctx, raw)
	if err != nil {
		return i, nil, fmt.Errorf("%w: %w", errProvider, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(j.Nonce)) != 1 {
		return i, nil, fmt.Errorf("%w: its token was made for another question", errProvider)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return i, nil, fmt.Errorf("%w: %w", errProvider, err)
	}
	if _, there := claims[d.provider.Claim]; !there && found.UserInfoEndpoint() != "" {
		if err := moreOf(ctx, found, client.TokenSource(ctx, token), id.Subject, claims); err != nil {
			return i, nil, err
		}
	}
	i = newsroom.Identity{Issuer: id.Issuer, Subject: id.Subject, Login: textOf(claims, "preferred_username"), Name: textOf(claims, "name"), Email: textOf(claims, "email")}
	if i.Login == "" {
		i.Login = i.Email
	}
	i.Factor = slices.ContainsFunc(textsOf(claims["amr"]), func(method string) bool { return slices.Contains(strongMethods(), method) })
	return i, textsOf(claims[d.provider.Claim]), nil
}

// moreOf asks the provider for what its token does not say, of the same person.
func moreOf(ctx context.Context, found *oidc.Provider, source oauth2.TokenSource, subject string, claims map[string]any) error {
	info, err := found.UserInfo(ctx, source)
	if err != nil {
		return fmt.Errorf("%w: %w", errProvider, err)
	}
	if info.Subject != subject {
		return fmt.Errorf("%w: it tells of another person", errProvider)
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("%w: %w", errProvider, err)
	}
	for name, value := range more {
		if _, there := claims[name]; !there { // what it has signed counts
			claims[name] = value
		}
	}
	return nil
}

// strongMethods are those of RFC 8176 that take more than a password.
func strongMethods() []string { return []string{"mfa", "otp", "hwk", "sc", "fpt", "face", "pop"} }

// granted are the grants for what the provider says of somebody's roles: no other than those
// that the configuration names.
func (p *provider) granted(said []string) (all []string) {
	for _, role := range said {
		for _, text := range p.Roles[role] {
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

func textOf(claims map[string]any, name string) string {
	text, _ := claims[name].(string)
	return text
}

// textsOf reads a claim that is a text or a list of texts.
func textsOf(claim any) (all []string) {
	switch v := claim.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}
