package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"communique/storage/people"
)

// handler answers a request, and leaves errors to [Desk.fail].
type handler func(http.ResponseWriter, *http.Request) error

// rule is who may have a route.
type rule int

// The rules: each asks for more than the one before it.
const (
	anybody   rule = iota // also who has not signed in
	halfway               // who has signed in by a password at least
	known                 // who has shown their second factor, too, if they have one
	reader                // who has set up a second factor, if their roles need one
	confirmed             // who has shown their second factor a short while ago
	operator              // who is one, too
)

// freshFor is for how long a second factor lets people do what cannot be taken back.
const freshFor = 15 * time.Minute

// allowed answers who may have a route, and leads others to where they get what they lack.
func (d *Desk) allowed(who rule, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		switch {
		case who == anybody:
		case v == nil:
			return d.leadIn(w, r)
		case who == halfway:
		case !v.whole():
			return d.lead(w, r, "/confirm")
		case who == known:
		case v.lacksFactor():
			http.Redirect(w, r, "/account/second-factor", http.StatusSeeOther)
			return nil
		case who == reader:
		case who == operator && !v.MayAnywhere(people.Operator):
			return errForbidden
		case !v.fresh(d.Store.Now()):
			return d.lead(w, r, "/confirm")
		}
		return h(w, r)
	}
}

// leadIn has somebody sign in first. What they have written by a form that was shown to them
// while they were signed in is kept, and they are led to where they find it; if it is not kept
// they are shown it.
func (d *Desk) leadIn(w http.ResponseWriter, r *http.Request) error {
	f, err := d.kept(r)
	switch {
	case err != nil:
		return err
	case f.why != "":
		return d.showLost(w, r, f)
	case !f.kept:
		return d.lead(w, r, "/sign-in")
	}
	id, _ := manuscriptIn(r.URL.Path)
	http.Redirect(w, r, "/sign-in?"+url.Values{"then": {editing(id)}, "kept": {"yes"}}.Encode(), http.StatusSeeOther)
	return nil
}

// lead has somebody go by another page first, and then to the one that they asked for: what
// was to be done there has not been done.
func (d *Desk) lead(w http.ResponseWriter, r *http.Request, by string) error {
	then := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		then = backFrom(r.URL.Path)
	}
	if then != "/" {
		by += "?" + url.Values{"then": {then}}.Encode()
	}
	http.Redirect(w, r, by, http.StatusSeeOther)
	return nil
}

// backFrom is the page that has the form which is sent to an address.
func backFrom(path string) string {
	if login, ok := strings.CutPrefix(path, "/people/"); ok && login != "invite" {
		login, _, _ = strings.Cut(login, "/")
		return "/people/" + login
	}
	if id, ok := strings.CutPrefix(path, "/manuscripts/"); ok && id != "new" {
		id, _, _ = strings.Cut(id, "/")
		return "/manuscripts/" + id
	}
	if strings.HasPrefix(path, "/rights/") || strings.HasPrefix(path, "/rules/") {
		return "/rights"
	}
	if token, ok := strings.CutPrefix(path, "/answers/"); ok {
		token, _, _ = strings.Cut(token, "/")
		return "/answers/" + token
	}
	if strings.HasPrefix(path, "/reports/") {
		return "/reports"
	}
	if strings.HasPrefix(path, "/blocks/") {
		return "/blocks"
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(path, "/correction"), "/removal"), "/review")
}

// localPath is an address of the desk's own that somebody is to be led to, or the first
// page: whatever a link says, nobody is led elsewhere (SECURITY A43).
func localPath(then string) string {
	u, err := url.Parse(then)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(then, "/") || strings.HasPrefix(then, "//") || strings.ContainsAny(then, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}
