package feeds

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"communique/feeds/site"
	"communique/storage/accept"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// Visitors finds the pages at readers' own servers on which they follow and share.
// Both methods return soon; ok is false if that server does not name a page.
type Visitors interface {
	FollowAt(ctx context.Context, user, host, actor string) (address string, ok bool)
	ShareAt(ctx context.Context, user, host, title, page string) (address string, ok bool)
}

// longestForm bounds the body of a visitor's form, in bytes.
const longestForm = 4096

// visitor is a reader with an account at another server. The user name is empty if
// they gave only the server.
type visitor struct{ user, host string }

// visitor parses the form in which readers name their own server. Only forms on our
// own pages are accepted: a link from elsewhere would make this site an open
// redirector.
func (s *Server) visitor(w http.ResponseWriter, r *http.Request) (visitor, error) {
	if err := s.origin.Check(r); err != nil {
		return visitor{}, fmt.Errorf("%w form: it was not sent from a page of this site", press.ErrInvalid)
	}
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		return visitor{}, fmt.Errorf("%w form: %w", press.ErrInvalid, err)
	}
	v, err := parseVisitor(r.PostForm.Get("server"), s.loopback())
	scheme, _, _ := strings.Cut(s.id.Site.Base, ":")
	if err == nil && (press.HostOf(scheme+"://"+v.host) == press.HostOf(s.id.Site.Base) || v.host == s.id.Handle()[strings.LastIndexByte(s.id.Handle(), '@')+1:]) {
		err = &inputError{fault: site.InputOurs, text: strings.TrimSpace(r.PostForm.Get("server"))}
	}
	return v, err
}

// inputError is what is wrong with what a reader entered. To a browser it is answered
// with the form.
type inputError struct {
	fault site.InputFault
	text  string
}

func (e *inputError) Error() string {
	return fmt.Sprintf("%v server: %q is %s", press.ErrInvalid, e.text, e.fault)
}

func (e *inputError) Unwrap() error { return press.ErrInvalid }

// askAgain answers a form that cannot be used with the form and what is wrong with it;
// other errors are returned.
func (s *Server) askAgain(w http.ResponseWriter, r *http.Request, err error) error {
	wrong, ok := errors.AsType[*inputError](err)
	if !ok || !accept.Page(r.Header.Get("Accept")) {
		return err
	}
	view := site.Input{
		Language: s.languageOf(r), Fault: wrong.fault, Text: wrong.text,
		Action: r.URL.Path, Entered: r.PostForm.Get("server"), Article: r.PostForm.Get("article"),
	}
	if lang, err := parseLanguage(r.PostForm.Get("lang")); err == nil && s.configured(lang) {
		view.Language = lang
	}
	var page bytes.Buffer
	if err := s.site.Input(&page, view); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	AddVary(w.Header(), "Accept")
	WritePage(w, r, http.StatusBadRequest, page.Bytes())
	return nil
}

// loopback reports whether the site, and so every peer, is on this machine.
func (s *Server) loopback() bool { return strings.HasPrefix(s.id.Site.Base, "http://") }

// addressAt is an address at the visitor's own server.
func (s *Server) addressAt(v visitor, path, parameter, value string) string {
	scheme := "https://"
	if s.loopback() {
		scheme = "http://"
	}
	return scheme + v.host + path + "?" + parameter + "=" + url.QueryEscape(value)
}

// redirectAway redirects a visitor to their own server.
func redirectAway(w http.ResponseWriter, r *http.Request, address string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

var (
	hostName = lazyregexp.New(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
	userName = lazyregexp.New(`^[A-Za-z0-9_.-]{1,100}$`)
)

// parseVisitor parses what people may enter as their server: a host name, an address
// there, or their own handle. The host of the result is a DNS name, or in loopback
// mode an address of this machine with its port.
func parseVisitor(text string, loopback bool) (visitor, error) {
	text = strings.TrimSpace(text)
	entered := text
	for _, scheme := range []string{"acct:", "https://", "http://"} {
		text = strings.TrimPrefix(text, scheme)
	}
	name, path, _ := strings.Cut(text, "/")
	var v visitor
	if i := strings.LastIndexByte(name, '@'); i >= 0 {
		if v.user = strings.TrimPrefix(name[:i], "@"); v.user != "" && !userName.MatchString(v.user) {
			return visitor{}, &inputError{fault: site.InputUser, text: text}
		}
		name = name[i+1:]
	} else if profile, ok := strings.CutPrefix(path, "@"); ok {
		if v.user, _, _ = strings.Cut(profile, "/"); !userName.MatchString(v.user) {
			v.user = "" // the page there of somebody from elsewhere
		}
	}
	if text == "" {
		return visitor{}, &inputError{fault: site.InputEmpty}
	}
	if loopback && onThisMachine(name) {
		v.host = name
		return v, nil
	}
	host, err := idna.Lookup.ToASCII(name)
	if _, isIP := netip.ParseAddr(host); err != nil || isIP == nil || len(host) > 253 || !hostName.MatchString(host) {
		return visitor{}, &inputError{fault: site.InputServer, text: cmp.Or(name, entered)}
	}
	v.host = host
	return v, nil
}

func onThisMachine(host string) bool {
	addr, err := netip.ParseAddrPort(host)
	return err == nil && addr.Addr().IsLoopback() && net.JoinHostPort(addr.Addr().String(), fmt.Sprint(addr.Port())) == host
}
