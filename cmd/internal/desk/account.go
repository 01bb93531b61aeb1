package desk

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
)

// accountView is what somebody sees of themselves.
type accountView struct {
	May         []string
	Factor      bool // they have an app
	Passkeys    int
	FactorSince instant
	NeedsFactor bool
	Wrong       string
	Changed     bool
	Least       int
	Zone        string // where they are, as typed
	Zones       []string
	Ministry    string // its zone
	Now         instant
	WrongZone   string
	Moved       bool // they have just said where they are
}

func (d *Desk) accountPage(w http.ResponseWriter, r *http.Request) error {
	return d.showAccount(w, r, http.StatusOK, accountView{Zone: visitOf(r).Zone})
}

func (d *Desk) showAccount(w http.ResponseWriter, r *http.Request, status int, view accountView) error {
	v := visitOf(r)
	tree, err := d.tree(r.Context())
	if err != nil {
		return err
	}
	view.May, view.Factor, view.Passkeys, view.NeedsFactor = d.may(tree, v.Grants), v.TOTP.Secret != "", len(v.Passkeys), v.needsFactor()
	view.Changed, view.Moved, view.Least = r.URL.Query().Has("changed"), r.URL.Query().Has("zone"), leastPassword
	view.Zones, view.Ministry, view.Now = strings.Fields(zoneNames), d.Room.Zone.String(), d.instant(r.Context(), d.Store.Now())
	if view.Factor {
		view.FactorSince = d.instant(r.Context(), v.TOTP.Added)
	}
	return d.show(w, r, status, "account", "Your account", view)
}

// again tells whether somebody who has signed in has typed their password, which asks of
// whoever sits at their machine, or has their cookie, that they know it.
func (d *Desk) again(r *http.Request) (bool, error) {
	against := d.ofSession(r)
	if err := d.attempts.begin(against); err != nil {
		return false, err
	}
	fits, err := d.hashes.fits(r.Context(), "", r.PostForm.Get("present"), visitOf(r).Password.Secret)
	if err != nil || fits {
		d.attempts.forgive(against)
	}
	return fits, err
}

// ofSession is what counts what somebody who has signed in tries.
func (d *Desk) ofSession(r *http.Request) counted {
	return counted{"session " + newsroom.HashSecret(d.sessions.Token(r.Context())), ownPace}
}

const wrongPassword = "Your present password is not right."

func (d *Desk) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v := visitOf(r)
	if wrong := chosen(r, v.Login); wrong != "" {
		return d.showAccount(w, r, http.StatusUnprocessableEntity, accountView{Zone: v.Zone, Wrong: wrong})
	}
	if fits, err := d.again(r); err != nil {
		return err
	} else if !fits {
		return d.showAccount(w, r, http.StatusUnprocessableEntity, accountView{Zone: v.Zone, Wrong: wrongPassword})
	}
	hash, err := d.hashes.make(r.Context(), r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	p, err := v.Room.ChangePassword(r.Context(), v.Known, hash)
	if err != nil {
		return err
	}
	if err := d.goOn(r, p.Epoch, v.factor); err != nil {
		return err
	}
	d.rememberBrowser(w, hash)
	http.Redirect(w, r, "/account?changed", http.StatusSeeOther)
	return nil
}

// goOn goes on with the session in which somebody has ended all of theirs.
func (d *Desk) goOn(r *http.Request, epoch int64, factor time.Time) error {
	return d.begin(r.Context(), visitOf(r).ID, epoch, factor)
}

// factorView is the page on which a second factor is set up.
type factorView struct {
	offer
	Replaces, Needed bool
	Wrong            string
}

func (d *Desk) factorPage(w http.ResponseWriter, r *http.Request) error {
	return d.showFactor(w, r, http.StatusOK, "")
}

// showFactor shows a secret, the same until it is taken: who reloads the page has scanned it
// already.
func (d *Desk) showFactor(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	v, ctx := visitOf(r), r.Context()
	if v.HasFactor() && !v.fresh(d.Store.Now()) {
		return d.lead(w, r, "/confirm")
	}
	secret := d.sessions.GetString(ctx, keyOffer)
	if secret == "" {
		var err error
		if secret, err = newSecret(d.Ministry, v.Login); err != nil {
			return err
		}
		d.sessions.Put(ctx, keyOffer, secret)
	}
	o, err := offerOf(d.Ministry, v.Login, secret)
	if err != nil {
		return err
	}
	return d.show(w, r, status, "factor", "Second factor", factorView{offer: o, Replaces: v.TOTP.Secret != "", Needed: v.needsFactor(), Wrong: wrong})
}

func (d *Desk) setFactor(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, now := visitOf(r), d.Store.Now()
	secret := d.sessions.GetString(r.Context(), keyOffer)
	if secret == "" || v.HasFactor() && !v.fresh(now) {
		return d.showFactor(w, r, http.StatusOK, "")
	}
	step, fits := stepOf(secret, r.PostForm.Get("code"), now)
	if !fits {
		return d.showFactor(w, r, http.StatusUnprocessableEntity, "The code is not right. Enter the one that your app shows now, and look whether the clock of the device is right.")
	}
	if v.Password.Secret == "" { // they came by the provider
	} else if fits, err := d.again(r); err != nil {
		return err
	} else if !fits {
		return d.showFactor(w, r, http.StatusUnprocessableEntity, wrongPassword)
	}
	p, err := v.Room.SetSecondFactor(r.Context(), v.Known, secret, step)
	if err != nil {
		return err
	}
	if err := d.goOn(r, p.Epoch, now); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// confirmView is the page that asks for a second factor.
type confirmView struct {
	passkeyForm
	App         bool   // they have one
	Provider    string // who has let them in, if that is somebody else
	Then, Wrong string
}

func (d *Desk) confirmPage(w http.ResponseWriter, r *http.Request) error {
	return d.showConfirm(w, r, http.StatusOK, confirmView{Then: localPath(r.FormValue("then"))})
}

func (d *Desk) showConfirm(w http.ResponseWriter, r *http.Request, status int, view confirmView) (err error) {
	v := visitOf(r)
	if d.provider != nil && v.Password.Secret == "" {
		view.Provider = d.provider.Name
	}
	if !v.HasFactor() && (view.Provider == "" || v.factor.IsZero()) {
		http.Redirect(w, r, "/account/second-factor", http.StatusSeeOther)
		return nil
	}
	view.App = v.TOTP.Secret != ""
	if view.passkeyForm, err = d.confirmForm(r); err != nil {
		return err
	}
	return d.show(w, r, status, "confirm", "Confirm that it's you", view)
}

func (d *Desk) confirm(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, now, then := visitOf(r), d.Store.Now(), localPath(r.PostForm.Get("then"))
	if v.TOTP.Secret == "" {
		return d.confirmPage(w, r)
	}
	against := d.ofSession(r)
	if err := d.attempts.begin(against); err != nil {
		return err
	}
	step, fits := stepOf(v.TOTP.Secret, r.PostForm.Get("code"), now)
	err := newsroom.ErrUsed
	if fits {
		err = v.Room.Confirm(r.Context(), v.Known, step)
	}
	switch {
	case errors.Is(err, newsroom.ErrUsed):
		return d.showConfirm(w, r, http.StatusUnprocessableEntity, confirmView{Then: then, Wrong: "This code is not right, or was used. Each works once: wait for the next one."})
	case err != nil:
		return err
	}
	d.attempts.forgive(against)
	return d.confirmed(w, r, then)
}

// confirmed leads on who has shown their second factor.
func (d *Desk) confirmed(w http.ResponseWriter, r *http.Request, then string) error {
	if err := d.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	d.sessions.Put(r.Context(), keyFactor, d.Store.Now().Unix())
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}
