package desk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/federation/moderation"
	"communique/storage/press"
)

// signInView is the page for signing in.
type signInView struct {
	Login, Then string
	Wrong       string
	Invented    []invented
	Kept        bool   // what they have written is kept for them
	Passkeys    bool   // there can be some
	Provider    string // by whom people sign in, too; empty if there is nobody
}

const wrongSignIn = "The login, the password or the code is not right. If you have set up a second factor, each code works once."

func (d *Desk) signInPage(w http.ResponseWriter, r *http.Request) error {
	then := localPath(r.FormValue("then"))
	if visitOf(r) != nil {
		http.Redirect(w, r, then, http.StatusSeeOther)
		return nil
	}
	return d.showSignIn(w, r, http.StatusOK, signInView{Then: then, Kept: r.FormValue("kept") != ""})
}

func (d *Desk) showSignIn(w http.ResponseWriter, r *http.Request, status int, view signInView) (err error) {
	view.Passkeys = d.passkeyHost != ""
	if d.provider != nil {
		view.Provider = d.provider.Name
	}
	if view.Invented, err = d.invented(r); err != nil {
		return err
	}
	return d.show(w, r, status, "signin", "Sign in", view)
}

func (d *Desk) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	login := strings.ToLower(strings.TrimSpace(r.PostForm.Get("login")))
	then := localPath(r.PostForm.Get("then"))
	k, err := d.Room.KnownByLogin(r.Context(), login)
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	step, err := d.shown(r, login, k)
	if err == nil {
		err = d.roomOf(r, k.Login).SignIn(r.Context(), k, step)
	}
	switch {
	case errors.Is(err, errWrong), errors.Is(err, newsroom.ErrUsed), errors.Is(err, newsroom.ErrChanged):
		d.tellRefused(r, k)
		return d.showSignIn(w, r, http.StatusUnprocessableEntity, signInView{Login: login, Then: then, Wrong: wrongSignIn})
	case err != nil:
		return err
	}
	var factor time.Time
	if step != newsroom.NoStep {
		factor = d.Store.Now()
	}
	if err := d.begin(r.Context(), k.ID, k.Epoch, factor); err != nil {
		return err
	}
	d.rememberBrowser(w, k.Password.Secret)
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// errWrong is that somebody has not shown who they are.
var errWrong = errors.New("not right")

// shown finds out whether somebody has shown that they are who they say they are, and by
// which step of a one-time password. k is the zero value if there is no such one, for whom
// it takes as long.
func (d *Desk) shown(r *http.Request, login string, k newsroom.Known) (step int64, err error) {
	against, stranger := d.countedOf(r, login, k)
	if err := d.attempts.begin(against...); err != nil {
		return 0, err
	}
	fits, err := d.hashes.fits(r.Context(), stranger, r.PostForm.Get("password"), k.Password.Secret)
	if err != nil {
		d.attempts.forgive(against...) // nothing was learnt
		return 0, err
	}
	if !fits {
		return 0, errWrong
	}
	if k.TOTP.Secret != "" {
		// Only who knows the password comes here, from however many networks.
		code := counted{"code of " + k.ID, ownPace}
		if err := d.attempts.begin(code); err != nil {
			return 0, err
		}
		if step, fits = stepOf(k.TOTP.Secret, r.PostForm.Get("code"), d.Store.Now()); !fits {
			return 0, errWrong
		}
		d.attempts.forgive(code)
	}
	d.attempts.forgive(against...)
	return step, nil
}

// countedOf is what an attempt to sign in counts against: the login with the network, the
// network, and the site that has it; and from which site a stranger comes. With a browser by
// which somebody has signed in before, who is no stranger, it is that browser: what others try
// in their name, or from their network, does not keep them out.
func (d *Desk) countedOf(r *http.Request, login string, k newsroom.Known) (against []counted, stranger string) {
	if browser, ok := d.knownBrowser(r, k.Password.Secret); ok {
		return []counted{{"browser " + browser, ownPace}}, ""
	}
	network, site := moderation.ClientKey(r.RemoteAddr), moderation.SiteKey(r.RemoteAddr)
	against = []counted{{"login " + network + " " + login[:min(len(login), 100)], ownPace}, {"network " + network, networkPace}}
	if site != network {
		against = append(against, counted{"site " + site, sitePace})
	}
	return against, site
}

// tellRefused writes into the log that somebody was not let in. A login that nobody has is
// left out: it may be a password in the wrong field.
func (d *Desk) tellRefused(r *http.Request, k newsroom.Known) {
	login := k.Login
	if login == "" {
		login = "(nobody's)"
	}
	d.hearsay.Log(slog.LevelWarn, moderation.ClientKey(r.RemoteAddr)+" "+login, "sign-in refused", "login", login, "client", web.ClientOf(r.RemoteAddr, d.Access), "request", web.RequestID(r))
}

// browserFor is how long a browser is remembered.
const browserFor = 180 * 24 * time.Hour

// rememberBrowser gives a browser what it is known by, until the password changes: a number
// and its MAC under the hash of the password.
func (d *Desk) rememberBrowser(w http.ResponseWriter, hash string) {
	number := rand.Text()
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // it is Secure wherever people come by https
		Name: d.cookieName("browser"), Value: number + "." + browserMAC(hash, number), Path: d.base + "/", MaxAge: int(browserFor / time.Second),
		HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
}

// knownBrowser is the number of a browser by which somebody has signed in.
func (d *Desk) knownBrowser(r *http.Request, hash string) (number string, ok bool) {
	c, err := r.Cookie(d.cookieName("browser"))
	if err != nil || hash == "" {
		return "", false
	}
	number, mac, _ := strings.Cut(c.Value, ".")
	return number, hmac.Equal([]byte(mac), []byte(browserMAC(hash, number)))
}

func browserMAC(hash, number string) string {
	mac := hmac.New(sha256.New, []byte(hash))
	mac.Write([]byte("browser " + number))
	return hex.EncodeToString(mac.Sum(nil))
}

func (d *Desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if v := visitOf(r); v != nil {
		if err := v.Room.SignOut(r.Context(), v.Login); err != nil {
			return err
		}
		if err := d.sessions.Destroy(r.Context()); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// readForm reads what was sent, which is a form of ours or nothing.
func readForm(r *http.Request) error {
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return errForm
	}
	return err
}
