package federation_test

import (
	"net/http"
	"strings"
	"testing"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
)

// featureRequest asks to list an actor of the site in a collection, as Mastodon 4.6
// does (activity/feature_request.rb).
func featureRequest(s *federationtest.Site, p *federationtest.Peer, name string) map[string]any {
	return federationtest.With(p.Activity("FeatureRequest", name, s.Actor("ministry")), "instrument", p.URL()+"/collections/"+name)
}

// keepsCollection shows a collection of an account's as Mastodon does
// (serializers/activitypub/featured_collection_serializer.rb).
func keepsCollection(p *federationtest.Peer, name string, fields ...any) map[string]any {
	document := federationtest.With(map[string]any{
		"id": p.URL() + "/collections/" + name, "type": "FeaturedCollection", "name": "Ministries", "attributedTo": p.Actor(), "totalItems": 1,
		"orderedItems": []any{map[string]any{"id": p.URL() + "/items/1", "type": "FeaturedItem", "featuredObject": "https://elsewhere.example/x"}},
	}, fields...)
	p.Show("/collections/"+name, federationtest.MediaType, document)
	return document
}

// TestFeatureRequests: whose collections of accounts may list an actor (FEP-7aa9).
// Mastodon shows the account once the authorization answers for just this collection
// and account (verify_featured_item_service.rb), and takes it out when it is deleted.
func TestFeatureRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		collections federation.Quotes
		follows     bool
		want        string
		policy      func(s *federationtest.Site) string
	}{
		{"anyone", federation.QuotesAnyone, false, "Accept", func(*federationtest.Site) string { return "https://www.w3.org/ns/activitystreams#Public" }},
		{"a follower", federation.QuotesFollowers, true, "Accept", func(s *federationtest.Site) string { return s.Actor("ministry") + "/followers" }},
		{"who does not follow", federation.QuotesFollowers, false, "Reject", func(s *federationtest.Site) string { return s.Actor("ministry") + "/followers" }},
		{"nobody", federation.QuotesNobody, true, "Reject", func(s *federationtest.Site) string { return s.Actor("ministry") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t, func(o *federation.Options) { o.Collections = tt.collections })
			p := s.NewPeer()
			if tt.follows {
				p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
			}
			s.Directed()
			keepsCollection(p, "1")
			p.MustSend(s.Inbox(), featureRequest(s, p, "1"))
			all := s.Directed()
			if len(all) != 1 {
				t.Fatalf("%d answers", len(all))
			}
			m := all[0]
			same(t, "the answer", []any{m.Inbox, m.Fields["type"], m.Fields["actor"], m.Fields["object"]},
				[]any{p.Inbox(), tt.want, s.Actor("ministry"), featureRequest(s, p, "1")["id"]})
			same(t, "there is a permission", m.Fields["result"] != nil, tt.want == "Accept")
			policy := at(s.Get(s.Actor("ministry")).Fields(), "interactionPolicy", "canFeature", "automaticApproval")
			same(t, "what the actor says", policy, any([]any{tt.policy(s)}))
		})
	}
}

// TestFeatureAuthorizations answer while they stand, and not for who is blocked.
func TestFeatureAuthorizations(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, func(o *federation.Options) { o.Collections = federation.QuotesAnyone })
	p, other := s.NewPeer(), s.NewPeer()
	ask := func(p *federationtest.Peer, request map[string]any) (all []federationtest.Directed) {
		t.Helper()
		s.Directed()
		p.MustSend(s.Inbox(), request)
		return s.Directed()
	}
	keepsCollection(p, "1")
	keepsCollection(p, "2")
	address, _ := ask(p, featureRequest(s, p, "1"))[0].Fields["result"].(string)
	same(t, "a repeated request", ask(p, featureRequest(s, p, "1"))[0].Fields["result"], any(address))
	got := s.Get(address)
	same(t, "the authorization", []any{got.Status, got.Fields()["id"], got.Fields()["type"], got.Fields()["interactingObject"], got.Fields()["interactionTarget"]},
		[]any{http.StatusOK, address, "FeatureAuthorization", p.URL() + "/collections/1", s.Actor("ministry")})
	refused := func(what string, answers []federationtest.Directed) {
		t.Helper()
		same(t, "answers to a request for "+what, len(answers), 1)
		same(t, "the answer to a request for "+what, []any{answers[0].Fields["type"], answers[0].Fields["result"]}, []any{"Reject", nil})
	}
	refused("another server's collection", ask(other, federationtest.With(featureRequest(s, other, "1"), "instrument", p.URL()+"/collections/1")))
	same(t, "answers to a request for nobody", len(ask(p, federationtest.With(featureRequest(s, p, "2"), "object", s.Actor(federation.InstanceName)))), 0)
	// The permission is the keeper's, as the collection says, embedded or not.
	another := p.As("another")
	request := federationtest.With(featureRequest(s, another, "1"), "id", p.URL()+"/x")
	refused("another account's collection", ask(another, request))
	refused("another's collection that is embedded", ask(another, federationtest.With(request, "instrument", keepsCollection(p, "3"))))
	for what, document := range map[string]map[string]any{
		"nobody's":            keepsCollection(p, "4", "attributedTo", nil),
		"another server's":    keepsCollection(p, "4", "attributedTo", other.Actor()),
		"under another id":    keepsCollection(p, "4", "id", p.URL()+"/collections/5"),
		"not a collection":    keepsCollection(p, "4", "type", "Note"),
		"of several accounts": keepsCollection(p, "4", "attributedTo", []any{p.Actor(), another.Actor()}),
	} {
		p.Show("/collections/4", federationtest.MediaType, document)
		refused("a collection that is "+what, ask(p, featureRequest(s, p, "4")))
	}
	refused("a collection that is not there", ask(p, featureRequest(s, p, "6")))
	p.Serve("/collections/7", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	if status, err := p.Send(s.Inbox(), featureRequest(s, p, "7")); err == nil {
		t.Errorf("a request for what cannot be fetched now is answered %d", status)
	}
	embedded := ask(p, federationtest.With(featureRequest(s, p, "8"), "instrument", keepsCollection(p, "8")))
	same(t, "the answer for one that is embedded", embedded[0].Fields["type"], any("Accept"))
	s.Update(func(tx *storage.Tx) error {
		_, err := federation.TakeBackFeature(tx, s.Options.Site, strings.TrimPrefix(embedded[0].Fields["result"].(string), federationtest.Base+"/ap/features/"))
		return err
	})

	block(s, audience.BlockDomain, p.Host())
	if s.Get(address).Err == nil {
		t.Error("the authorization of who is blocked answers")
	}
	s.Update(func(tx *storage.Tx) error { return tx.RemoveBlock(p.Host()) })
	same(t, "after the block", s.Get(address).Status, http.StatusOK)
	s.Directed()
	s.Update(func(tx *storage.Tx) error {
		all, err := tx.Features("", 10)
		if err != nil {
			return err
		}
		same(t, "what is listed", len(all), 1)
		_, err = federation.TakeBackFeature(tx, s.Options.Site, all[0].Token)
		return err
	})
	if s.Get(address).Err == nil {
		t.Error("an authorization that was taken back answers")
	}
	told := s.Directed()[0]
	same(t, "who is told", []any{told.Inbox, told.Fields["type"], at(told.Fields, "object", "id"), at(told.Fields, "object", "type")},
		[]any{p.Inbox(), "Delete", address, "FeatureAuthorization"})
	same(t, "asked again", ask(p, featureRequest(s, p, "1"))[0].Fields["type"], any("Reject"))
	same(t, "its address is on this site", strings.HasPrefix(address, federationtest.Base+"/"), true)
}
