package federation

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/accept"
	"communique/storage/richtext"
)

// actor answers an actor's id with its document; a browser is sent to its page. The
// document has the keys without which nothing that we send is believed, so it goes
// before what we send, and is answered as it was last if the database cannot be read.
func (s *Server) actor(w http.ResponseWriter, r *http.Request) error {
	of, err := s.actorNamed(chi.URLParam(r, "actor"))
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	if wantsPage(r) {
		http.Redirect(w, r, of.Home, http.StatusSeeOther)
		return nil
	}
	defer s.remote.AnswerFirst()()
	document, _, err := s.currentDocument(r.Context(), of)
	if err == nil {
		s.shown.Store(of.Name, document)
		return s.write(w, r, http.StatusOK, document)
	}
	if last, ok := s.shown.Load(of.Name); ok && r.Context().Err() == nil {
		s.Log.Error("an actor is answered as it was last", "actor", of.Name, "error", err)
		return s.write(w, r, http.StatusOK, last.(vocab.Actor))
	}
	return err
}

// wantsPage tells browsers from everything else: only a client that names HTML and
// prefers it is sent to a page.
func wantsPage(r *http.Request) bool {
	header := r.Header.Get("Accept")
	return accept.Page(header) && !accept.Activity(header)
}

// actorDocument is an actor's document as far as the configuration has it: its
// addresses, all on one host, its keys and its profile (INTEROP A3, A5, A6, A8, A9,
// A14).
func (s *Server) actorDocument(ctx context.Context, of localActor) (vocab.Actor, error) {
	main, further, err := s.keys.now(ctx, of.Name)
	if err != nil {
		return vocab.Actor{}, err
	}
	key := newestOf(main)
	pem, err := signature.EncodePublicKey(key.Private.Public())
	if err != nil {
		return vocab.Actor{}, err
	}
	methods, err := multikeys(of.id, key, main, further)
	if err != nil {
		return vocab.Actor{}, err
	}
	a := vocab.Actor{
		ID: of.id, Type: of.kind, PreferredUsername: of.Name, Webfinger: s.Site.Handle(of.Name),
		Name: richtext.Shorten(of.DisplayName, maxActorName), Summary: fitted(of.Summary), URL: of.Home, Published: vocab.Time(of.Published),
		Inbox: of.id + "/inbox", Outbox: of.id + "/outbox", Followers: of.followers(), Following: of.id + "/following",
		Endpoints:       vocab.Endpoints{SharedInbox: s.Site.SharedInbox()},
		PublicKey:       vocab.ActorKey{ID: key.ID, Owner: of.id, PEM: pem},
		AssertionMethod: methods,
		Icon:            of.Icon, Image: of.Header,
	}
	if !of.canBeFollowed() {
		a.ManuallyApprovesFollowers = true // it publishes nothing, there is nothing to follow
		return a, nil
	}
	a.Discoverable, a.Indexable = true, true
	policy := s.featurePolicy(of)
	a.InteractionPolicy = &policy
	for _, f := range of.Fields {
		a.Attachment = append(a.Attachment, vocab.PropertyValue{Name: f.Name, Value: fieldValue(f.Value)})
	}
	a.AttributionDomains = append([]string{s.Site.Hostname()}, of.Domains...)
	a.Featured, a.FeaturedTags = a.ID+"/featured", a.ID+"/tags"
	return a, nil
}

// multikeys are an actor's keys beside the one that signs, the newest first: Ed25519,
// and what was replaced for as long as it is kept (INTEROP S9). Keys of before they
// had ids of their own are left out where their id is in use.
func multikeys(actor string, main signature.Key, all ...[]agedKey) ([]vocab.Multikey, error) {
	used := map[string]bool{main.ID: true}
	var methods []vocab.Multikey
	for _, keys := range slices.Backward(all) {
		for _, k := range slices.Backward(keys) {
			if used[k.key.ID] {
				continue
			}
			used[k.key.ID] = true
			text, err := signature.EncodeMultikey(k.key.Private.Public())
			if err != nil {
				return nil, err
			}
			methods = append(methods, vocab.Multikey{ID: k.key.ID, Controller: actor, Multibase: text})
		}
	}
	return methods, nil
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

// fieldValue is a field's value as HTML, a web address as a link: receivers verify
// a link only if it is the whole value and its text is the address (INTEROP A12).
func fieldValue(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return html.EscapeString(value)
	}
	escaped := html.EscapeString(value)
	return `<a href="` + escaped + `" rel="me">` + escaped + `</a>`
}
