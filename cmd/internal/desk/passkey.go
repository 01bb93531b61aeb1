package desk

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"communique/cmd/internal/newsroom"
	"communique/federation/moderation"
	"communique/storage/people"
)

// challengeFor is how long somebody has to answer a challenge.
const challengeFor = 5 * time.Minute

// passkeyHost is the host that a first passkey would be bound to; empty where a browser knows
// of none: an IP address, or a page that came in the clear.
func passkeyHost(address *url.URL) string {
	host := address.Hostname()
	if net.ParseIP(host) != nil || address.Scheme != "https" && host != "localhost" {
		return ""
	}
	return host
}

// relying is who challenges: the desk, by the host that passkeys are bound to; nil where there
// can be none.
func (d *Desk) relying(ctx context.Context) (*webauthn.WebAuthn, error) {
	if d.passkeyHost == "" {
		return nil, nil
	}
	rp, err := d.Room.PasskeyHost(ctx, d.passkeyHost)
	if err != nil {
		return nil, err
	}
	timeout := webauthn.TimeoutConfig{Enforce: true, Timeout: challengeFor, TimeoutUVD: challengeFor}
	party, err := webauthn.New(&webauthn.Config{
		RPID: rp, RPDisplayName: d.Ministry, RPOrigins: []string{d.origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: timeout, Registration: timeout},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys for %s: %w", rp, err)
	}
	return party, nil
}

// holder is somebody as passkeys know them.
type holder struct{ newsroom.Known }

var _ webauthn.User = holder{}

func (h holder) WebAuthnID() []byte          { return []byte(h.ID) }
func (h holder) WebAuthnName() string        { return h.Login }
func (h holder) WebAuthnDisplayName() string { return h.Login }

func (h holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, key := range h.Passkeys {
		var c webauthn.Credential
		if json.Unmarshal(key.Credential, &c) == nil { // the desk has written it
			all = append(all, c)
		}
	}
	return all
}

// keyID is the id of a credential as the store has it.
func keyID(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

// passkeyForm is a form by which a browser is asked for a passkey; nothing where there can be none.
type passkeyForm struct {
	Script  string
	Options string // JSON, of WebAuthn
}

// challenge keeps in the session what an answer is held against, and shows what the browser is
// asked. of is what for: an answer to another question is none.
func (d *Desk) challenge(ctx context.Context, of string, session *webauthn.SessionData, options any) (passkeyForm, error) {
	kept, err := json.Marshal(session)
	if err != nil {
		return passkeyForm{}, fmt.Errorf("keep a challenge: %w", err)
	}
	asked, err := json.Marshal(options)
	if err != nil {
		return passkeyForm{}, fmt.Errorf("write a challenge: %w", err)
	}
	d.sessions.Put(ctx, keyChallenge, of+" "+string(kept))
	return passkeyForm{Script: d.pages.passkeyURL, Options: string(asked)}, nil
}

// challenged takes what an answer is held against, once.
func (d *Desk) challenged(ctx context.Context, of string) (session webauthn.SessionData, err error) {
	kept, ok := strings.CutPrefix(d.sessions.PopString(ctx, keyChallenge), of+" ")
	if !ok {
		return session, errWrong
	}
	if err := json.Unmarshal([]byte(kept), &session); err != nil {
		return session, fmt.Errorf("read a challenge: %w", err)
	}
	return session, nil
}

// What challenges are for.
const (
	toSignIn  = "sign-in"
	toConfirm = "confirm"
	toAdd     = "add"
)

// answered is what a browser has answered to a challenge of somebody who is known already.
func (d *Desk) answeredBy(r *http.Request, k newsroom.Known, of string) (key people.Passkey, err error) {
	party, err := d.relying(r.Context())
	if err != nil {
		return key, err
	}
	session, err := d.challenged(r.Context(), of)
	if err != nil || party == nil {
		return key, errors.Join(err, errWrong)
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.PostForm.Get("credential")))
	if err != nil {
		return key, d.notTaken(r, k.Login, err)
	}
	c, err := party.ValidateLogin(holder{k}, session, answer)
	if err != nil {
		return key, d.notTaken(r, k.Login, err)
	}
	return d.used(r, k, c)
}

// used is a passkey after it was used, unless there are two of it.
func (d *Desk) used(r *http.Request, k newsroom.Known, c *webauthn.Credential) (key people.Passkey, err error) {
	if c.Authenticator.CloneWarning {
		return key, d.notTaken(r, k.Login, errors.New("its counter went back: there may be a copy of it"))
	}
	kept, err := json.Marshal(c)
	if err != nil {
		return key, fmt.Errorf("keep a passkey: %w", err)
	}
	return people.Passkey{ID: keyID(c.ID), Credential: kept}, nil
}

// notTaken tells the log why an answer to a challenge was not taken. People are told that it is
// not right.
func (d *Desk) notTaken(r *http.Request, login string, err error) error {
	d.hearsay.Log(slog.LevelWarn, moderation.ClientKey(r.RemoteAddr)+" passkey", "passkey refused", "login", login, "error", err)
	return errWrong
}

// signInKeyView is the page on which somebody signs in by a passkey.
type signInKeyView struct {
	passkeyForm
	Then, Wrong string
}

// challengesOf is what asking for challenges counts against.
func challengesOf(r *http.Request) counted {
	return counted{"challenges " + moderation.SiteKey(r.RemoteAddr), networkPace}
}

func (d *Desk) signInKeyPage(w http.ResponseWriter, r *http.Request) error {
	return d.showSignInKey(w, r, http.StatusOK, localPath(r.FormValue("then")), "")
}

func (d *Desk) showSignInKey(w http.ResponseWriter, r *http.Request, status int, then, wrong string) error {
	if visitOf(r) != nil {
		http.Redirect(w, r, then, http.StatusSeeOther)
		return nil
	}
	party, err := d.relying(r.Context())
	if err != nil {
		return err
	}
	view := signInKeyView{Then: then, Wrong: wrong}
	if party != nil {
		if err := d.attempts.begin(challengesOf(r)); err != nil {
			return err
		}
		options, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return fmt.Errorf("challenge somebody: %w", err)
		}
		if view.passkeyForm, err = d.challenge(r.Context(), toSignIn, session, options); err != nil {
			return err
		}
		d.sessions.SetDeadline(r.Context(), time.Now().Add(challengeFor))
	}
	return d.show(w, r, status, "signinkey", "Sign in with a passkey", view)
}

// signInByKey signs somebody in by a passkey, which is two factors in one: what they have, and
// what opens it.
func (d *Desk) signInByKey(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	then := localPath(r.PostForm.Get("then"))
	k, key, err := d.knownByKey(r)
	if err == nil {
		err = d.roomOf(r, k.Login).SignInByPasskey(r.Context(), k, key)
	}
	switch {
	case errors.Is(err, errWrong), errors.Is(err, newsroom.ErrChanged):
		return d.showSignInKey(w, r, http.StatusUnprocessableEntity, then, "The passkey was not taken. Try again, or sign in by your password.")
	case err != nil:
		return err
	}
	d.attempts.forgive(challengesOf(r))
	if err := d.begin(r.Context(), k.ID, k.Epoch, d.Store.Now()); err != nil {
		return err
	}
	if k.Password.Secret != "" {
		d.rememberBrowser(w, k.Password.Secret)
	}
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// knownByKey finds who has answered a challenge.
func (d *Desk) knownByKey(r *http.Request) (k newsroom.Known, key people.Passkey, err error) {
	ctx := r.Context()
	party, err := d.relying(ctx)
	if err != nil {
		return k, key, err
	}
	session, err := d.challenged(ctx, toSignIn)
	if err != nil || party == nil {
		return k, key, errors.Join(err, errWrong)
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.PostForm.Get("credential")))
	if err != nil {
		return k, key, d.notTaken(r, "", err)
	}
	_, c, err := party.ValidatePasskeyLogin(func(_, id []byte) (webauthn.User, error) {
		var err error
		k, err = d.Room.KnownByID(ctx, string(id))
		return holder{k}, err
	}, session, answer)
	if err != nil {
		return k, key, d.notTaken(r, k.Login, err)
	}
	key, err = d.used(r, k, c)
	return k, key, err
}

// passkeysView is the page of somebody's passkeys.
type passkeysView struct {
	passkeyForm
	Keys   []passkeyLine
	Wrong  string
	Host   string // that a passkey is bound to
	Other  bool   // it is another one than the desk's: none works here
	Fresh  bool   // they may add and remove
	Needed bool
}

type passkeyLine struct {
	ID, Name    string
	Added, Used instant
}

func (d *Desk) passkeysPage(w http.ResponseWriter, r *http.Request) error {
	return d.showPasskeys(w, r, http.StatusOK, "")
}

func (d *Desk) showPasskeys(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	v, ctx := visitOf(r), r.Context()
	if v.HasFactor() && !v.fresh(d.Store.Now()) {
		return d.lead(w, r, "/confirm")
	}
	view := passkeysView{Wrong: wrong, Needed: v.needsFactor()}
	for _, key := range v.Passkeys {
		line := passkeyLine{ID: key.ID, Name: key.Name, Added: d.instant(ctx, key.Added)}
		if !key.Used.IsZero() {
			line.Used = d.instant(ctx, key.Used)
		}
		view.Keys = append(view.Keys, line)
	}
	party, err := d.relying(ctx)
	if err != nil {
		return err
	}
	if party != nil {
		view.Host = party.Config.RPID
		view.Other = view.Host != d.passkeyHost && !strings.HasSuffix(d.passkeyHost, "."+view.Host)
		var known []protocol.CredentialDescriptor
		for _, c := range (holder{v.Known}).WebAuthnCredentials() {
			known = append(known, c.Descriptor())
		}
		options, session, err := party.BeginRegistration(holder{v.Known}, webauthn.WithExclusions(known))
		if err != nil {
			return fmt.Errorf("offer a passkey: %w", err)
		}
		if view.passkeyForm, err = d.challenge(ctx, toAdd, session, options); err != nil {
			return err
		}
	}
	return d.show(w, r, status, "passkeys", "Passkeys", view)
}

func (d *Desk) addPasskey(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, ctx := visitOf(r), r.Context()
	if v.HasFactor() && !v.fresh(d.Store.Now()) {
		return d.lead(w, r, "/confirm")
	}
	key, err := d.offeredKey(r, v)
	if errors.Is(err, errWrong) {
		return d.showPasskeys(w, r, http.StatusUnprocessableEntity, "The passkey was not taken. Try again.")
	}
	if err != nil {
		return err
	}
	if v.Password.Secret != "" {
		if fits, err := d.again(r); err != nil {
			return err
		} else if !fits {
			return d.showPasskeys(w, r, http.StatusUnprocessableEntity, wrongPassword)
		}
	}
	p, err := v.Room.AddPasskey(ctx, v.Known, key)
	if wrong := wrongPeople(err); wrong != "" && !errors.Is(err, newsroom.ErrChanged) {
		return d.showPasskeys(w, r, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	if err := d.goOn(r, p.Epoch, d.Store.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/account/passkeys", http.StatusSeeOther)
	return nil
}

// offeredKey is the passkey that a browser has made for somebody.
func (d *Desk) offeredKey(r *http.Request, v *visit) (key people.Passkey, err error) {
	party, err := d.relying(r.Context())
	if err != nil {
		return key, err
	}
	session, err := d.challenged(r.Context(), toAdd)
	if err != nil || party == nil {
		return key, errors.Join(err, errWrong)
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.PostForm.Get("credential")))
	if err != nil {
		return key, d.notTaken(r, v.Login, err)
	}
	c, err := party.CreateCredential(holder{v.Known}, session, answer)
	if err != nil {
		return key, d.notTaken(r, v.Login, err)
	}
	kept, err := json.Marshal(c)
	if err != nil {
		return key, fmt.Errorf("keep a passkey: %w", err)
	}
	name := strings.TrimSpace(r.PostForm.Get("name"))
	if name == "" {
		name = "Passkey"
	}
	return people.Passkey{ID: keyID(c.ID), RP: party.Config.RPID, Name: name, Credential: kept}, nil
}

func (d *Desk) removePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, id := visitOf(r), r.PostForm.Get("id")
	if v.HasFactor() && !v.fresh(d.Store.Now()) {
		return d.lead(w, r, "/confirm")
	}
	if !slices.ContainsFunc(v.Passkeys, func(k people.Passkey) bool { return k.ID == id }) {
		return d.showPasskeys(w, r, http.StatusUnprocessableEntity, "There is no such passkey of yours.")
	}
	p, err := v.Room.DropPasskey(r.Context(), v.Known, id)
	if errors.Is(err, newsroom.ErrLastFactor) {
		return d.showPasskeys(w, r, http.StatusUnprocessableEntity, "Your roles need a second factor. Set up another one first.")
	}
	if err != nil {
		return err
	}
	if err := d.goOn(r, p.Epoch, v.factor); err != nil {
		return err
	}
	http.Redirect(w, r, "/account/passkeys", http.StatusSeeOther)
	return nil
}

// confirmByKey takes a passkey by which somebody who has signed in shows again who they are.
func (d *Desk) confirmByKey(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, then := visitOf(r), localPath(r.PostForm.Get("then"))
	key, err := d.answeredBy(r, v.Known, toConfirm)
	if err == nil {
		err = v.Room.ConfirmByPasskey(r.Context(), v.Known, key)
	}
	switch {
	case errors.Is(err, errWrong):
		return d.showConfirm(w, r, http.StatusUnprocessableEntity, confirmView{Then: then, Wrong: "The passkey was not taken. Try again."})
	case err != nil:
		return err
	}
	return d.confirmed(w, r, then)
}

// confirmForm is how the page that asks for a second factor asks for a passkey.
func (d *Desk) confirmForm(r *http.Request) (f passkeyForm, err error) {
	v := visitOf(r)
	party, err := d.relying(r.Context())
	if err != nil || party == nil || len(v.Passkeys) == 0 {
		return f, err
	}
	options, session, err := party.BeginLogin(holder{v.Known}, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return f, fmt.Errorf("challenge somebody: %w", err)
	}
	return d.challenge(r.Context(), toConfirm, session, options)
}
