package federation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
)

// TestABlockTakesPermissionsBack for good, and says so to who had them and, of quotes, to
// whoever may have seen them.
func TestABlockTakesPermissionsBack(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, func(o *federation.Options) { o.Collections = federation.QuotesAnyone })
	p, other := s.NewPeer(), s.NewPeer()
	other.MustSend(s.Inbox(), other.Follow(s.Actor("ministry")))
	a, _ := s.Publish("Quoted")
	const many = 30
	granted := map[string]bool{} // and whose
	for n := range many {
		id := fmt.Sprint(n)
		keepsCollection(p, id)
		_, feature := answered(t, s, p, featureRequest(s, p, id))
		_, quote := answered(t, s, p, p.QuoteRequest(objectID(a), p.Note(id, "<p>Look</p>", "")))
		granted[feature], granted[quote] = true, true
	}
	keepsCollection(other, "1")
	_, others := answered(t, s, other, featureRequest(s, other, "1"))
	var done audience.Applied
	s.Update(func(tx *storage.Tx) (err error) {
		if _, err = tx.AddBlock(audience.Block{Kind: audience.BlockDomain, Subject: p.Host()}); err != nil {
			return err
		}
		done, err = federation.ApplyBlocks(tx, s.Options.Site, "ministry")
		return err
	})
	same(t, "taken back", []int{len(done.Features), len(done.Quotes)}, []int{many, many})
	told := map[string]int{}
	for range 3 { // a hundred at a time
		for _, m := range s.Directed() {
			object, _ := m.Fields["object"].(map[string]any)
			if path, _ := object["id"].(string); m.Fields["type"] == "Delete" && granted[strings.TrimPrefix(path, federationtest.Base)] {
				told[fmt.Sprint(strings.HasPrefix(m.Inbox, p.URL()), " ", object["type"])]++
			}
		}
	}
	same(t, "who is told of what", told, map[string]int{
		"true FeatureAuthorization": 20, "true QuoteAuthorization": 20, "false QuoteAuthorization": 20,
	})
	s.Update(func(tx *storage.Tx) error { return tx.RemoveBlock(p.Host()) })
	for path := range granted {
		if s.Get(path).Err == nil {
			t.Errorf("%s answers after the block", path)
		}
	}
	if err := s.Get(others).Err; err != nil {
		t.Errorf("another's permission: %v", err)
	}
	kind, _ := answered(t, s, p, featureRequest(s, p, "1"))
	same(t, "asked again for a collection", kind, any("Reject"))
	kind, _ = answered(t, s, p, p.QuoteRequest(objectID(a), p.Note("1", "<p>Look</p>", "")))
	same(t, "asked again for a quote", kind, any("Reject"))
	s.View(func(tx *storage.Tx) error {
		features, err := tx.Features("", 2*many)
		same(t, "collections that are listed", len(features), 1)
		if err != nil {
			return err
		}
		quotes, err := tx.Quoting(audience.ReplyRejected, audience.Reply{}, 2*many)
		same(t, "quotes that are listed as rejected", len(quotes), many)
		same(t, "of the blocked one", slices.ContainsFunc(quotes, func(q audience.Reply) bool { return q.Actor != p.Actor() }), false)
		return err
	})
}
