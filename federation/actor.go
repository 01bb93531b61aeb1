package federation

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/press"
)

// actor answers an actor's id with its document, or a browser with the page
// that it speaks for.
func (s *Server) actor(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "actor")
	if !s.known(name) {
		return fmt.Errorf("%w: actor %s", press.ErrNotFound, name)
	}
	w.Header().Add("Vary", "Accept")
	if wantsPage(r) {
		http.Redirect(w, r, s.Profile.Home, http.StatusSeeOther)
		return nil
	}
	document, err := s.actorDocument(name)
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, document)
}

// wantsPage tells a browser from everything else. Only a client that names
// HTML and prefers it is sent to a page.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "text/html") && !vocab.WantsActivity(accept)
}

func (s *Server) actorDocument(name string) (vocab.Actor, error) {
	if name == InstanceName {
		return s.instanceActor()
	}
	return s.ministryActor()
}

// frame is what both actors have: addresses on one host, and a key (INTEROP
// A5, A6, A8).
func (s *Server) frame(name string, key signature.Key) (vocab.Actor, error) {
	pem, err := signature.EncodePublicKey(key.Private.Public())
	if err != nil {
		return vocab.Actor{}, err
	}
	id := s.Site.Actor(name)
	return vocab.Actor{
		ID: id, PreferredUsername: name, Webfinger: s.handleOf(name),
		Inbox: id + "/inbox", Outbox: id + "/outbox", Followers: id + "/followers", Following: id + "/following",
		Endpoints: vocab.Endpoints{SharedInbox: s.Site.SharedInbox()},
		PublicKey: vocab.ActorKey{ID: key.ID, Owner: id, PEM: pem},
	}, nil
}

func (s *Server) ministryActor() (vocab.Actor, error) {
	a, err := s.frame(s.Profile.Name, s.key)
	if err != nil {
		return a, err
	}
	p := s.Profile
	a.Type, a.Name, a.URL = vocab.TypeOrganization, p.DisplayName, p.Home
	a.Summary = paragraphs(p.Summary)
	a.Published = vocab.Time(p.Published)
	a.Discoverable, a.Indexable = true, true
	a.Icon, a.Image = p.Icon, p.Header
	for _, f := range p.Fields {
		a.Attachment = append(a.Attachment, vocab.PropertyValue{Name: f.Name, Value: fieldValue(f.Value)})
	}
	a.AttributionDomains = []string{hostname(s.Site.Base)}
	return a, nil
}

func (s *Server) instanceActor() (vocab.Actor, error) {
	a, err := s.frame(InstanceName, s.instance)
	if err != nil {
		return a, err
	}
	a.Type, a.Name, a.URL = vocab.TypeApplication, s.Site.Host(), s.Profile.Home
	a.ManuallyApprovesFollowers = true // it says nothing, there is nothing to follow
	return a, nil
}

func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}

// fieldValue links a web address and nothing else: the link is verified only
// if it is the whole value and its text is the address (INTEROP A12).
func fieldValue(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return html.EscapeString(value)
	}
	escaped := html.EscapeString(value)
	return `<a href="` + escaped + `" rel="me">` + escaped + `</a>`
}

func hostname(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
