package federation

import (
	"fmt"
	"net/http"
	"strings"

	"communique/federation/vocab"
	"communique/storage/press"
)

// webfinger answers who an account is (RFC 7033 §4.2). It knows our exact names
// and nothing else. An unknown one is 404 and never 410, on which other servers
// would delete the account (INTEROP W6).
func (s *Server) webfinger(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Access-Control-Allow-Origin", "*") // RFC 7033 §5
	resource := r.URL.Query().Get("resource")
	if resource == "" {
		return fmt.Errorf("%w: WebFinger needs a resource", ErrMalformed)
	}
	jrd, ok := s.jrdOf(resource)
	if !ok {
		return fmt.Errorf("%w: account %s", press.ErrNotFound, resource)
	}
	body, err := jrd.Marshal()
	if err != nil {
		return err
	}
	return writeBody(w, r, http.StatusOK, vocab.MediaTypeJRD, body)
}

func (s *Server) jrdOf(resource string) (vocab.JRD, bool) {
	if strings.TrimSuffix(resource, "/") == s.Site.Base {
		jrd := vocab.JRD{Subject: s.Site.Base + "/"}
		jrd.Links = []vocab.Link{{Rel: vocab.RelService, Type: vocab.MediaType, Href: s.instanceActor().id}}
		return jrd, true
	}
	for _, of := range s.actors {
		if strings.TrimSuffix(resource, "/") == of.id {
			return s.actorJRD(of), true
		}
	}
	if of, ok := s.actorByPage(resource); ok {
		return s.actorJRD(of), true
	}
	user, host, ok := vocab.ParseHandle(resource)
	// Hosts and user names are compared without regard to case; the answer has the
	// canonical one (INTEROP W2).
	of, err := s.actorNamed(strings.ToLower(user))
	if !ok || !s.hasHandlesOf(host) || err != nil {
		return vocab.JRD{}, false
	}
	return s.actorJRD(of), true
}

// hasHandlesOf reports whether a domain is one that our actors are known under:
// that of their handles, or the host of their ids. Both answer with the same
// subject (INTEROP W4).
func (s *Server) hasHandlesOf(domain string) bool {
	return strings.EqualFold(domain, s.Site.HandleDomain()) || strings.EqualFold(domain, s.Site.Host())
}

func (s *Server) actorJRD(of localActor) vocab.JRD {
	page := of.Home
	if !of.canBeFollowed() {
		page = ""
	}
	return vocab.NewActorJRD(s.Site.Handle(of.Name), of.id, page)
}

// hostMeta points old clients to WebFinger (RFC 6415 §3).
func (s *Server) hostMeta(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	body, err := vocab.HostMeta(s.Site.Base)
	if err != nil {
		return err
	}
	return writeBody(w, r, http.StatusOK, vocab.MediaTypeXRD, body)
}
