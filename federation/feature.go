package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/federation/remote"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// featurePolicy tells servers before they ask whose collections of accounts may list an
// actor (FEP-7aa9, INTEROP K1). Without it Mastodon 4.6 and later let nobody
// (services/activitypub/process_account_service.rb#feature_approval_policy).
func (s *Server) featurePolicy(of localActor) vocab.FeaturePolicy {
	return vocab.FeaturePolicy{CanFeature: s.Collections.approval(of.id, of.followers())}
}

// featureRequest answers a request to list one of our actors in a collection, in the
// asker's own inbox (Mastodon, activity/feature_request.rb). The asker must keep the
// collection, as that says itself: a permission that another account of the same server
// held would not end when its keeper is blocked (INTEROP K2). Whoever does not keep it is
// refused, rather than left to wait.
func (s *Server) featureRequest(ctx context.Context, a vocab.Incoming) error {
	q, ok := vocab.FeatureRequestOf(a)
	if !ok {
		return fmt.Errorf("%w: a FeatureRequest must have an id of its own server and name an actor and a collection", ErrMalformed)
	}
	of, ok := s.actorByID(q.Object)
	if !ok {
		return nil
	}
	keeps, err := s.keeps(ctx, a.Actor, a.Instrument)
	if err != nil {
		return err
	}
	asker, err := s.account(ctx, a.Actor)
	if err != nil {
		return err
	}
	inbox, _, err := s.inboxes(asker)
	if err != nil {
		return err
	}
	return s.effectOnAll(ctx, []string{a.Actor, inbox}, func(tx *storage.Tx) error {
		answer, err := s.answerFeature(tx, of, q, inbox, keeps)
		if err != nil {
			return err
		}
		d, err := directed(answer, deliveries.Directed{Source: of.source, Recipient: q.Actor, Inbox: inbox})
		if err != nil {
			return err
		}
		return tx.Direct(d)
	})
}

// keeps reports whether an actor keeps a collection that they name. It must be of
// their own origin: an embedded one is believed, one that is named by its id alone is
// fetched. An error says that it should be tried again later.
func (s *Server) keeps(ctx context.Context, actor string, collection vocab.Reference) (bool, error) {
	if !vocab.SameOrigin(collection.ID, actor) {
		return false, nil
	}
	if collection.Raw != nil {
		embedded, err := collection.Collection()
		return err == nil && embedded.AttributedTo == actor, nil
	}
	keeper, err := s.remote.FetchKeeper(ctx, collection.ID)
	if errors.Is(err, remote.ErrUnavailable) {
		return false, err
	}
	return err == nil && keeper == actor, nil
}

// answerFeature decides on a request. A repeated one gets the same permission.
func (s *Server) answerFeature(tx *storage.Tx, of localActor, q vocab.FeatureRequest, inbox string, keeps bool) (vocab.Activity, error) {
	reject := vocab.NewRejectFeature(s.Site.Base+"/ap/rejects/"+press.RandomToken(), q)
	if !keeps {
		return reject, nil
	}
	may, err := s.Collections.allow(tx, of.source, q.Actor)
	if err != nil {
		return vocab.Activity{}, err
	}
	if !may {
		return reject, nil
	}
	granted, err := tx.GrantFeature(audience.Feature{Source: of.source, Collection: q.Instrument, Actor: q.Actor, Inbox: inbox})
	if errors.Is(err, press.ErrConflict) {
		return reject, nil
	}
	if err != nil {
		return vocab.Activity{}, err
	}
	return vocab.NewAcceptFeature(s.Site.Base+"/ap/accepts/"+press.RandomToken(), q, s.Site.Feature(granted.Token)), nil
}

// feature answers the address of a permission while it stands: that is how other
// servers know that the actor may be listed.
func (s *Server) feature(w http.ResponseWriter, r *http.Request) error {
	var f audience.Feature
	err := s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		if f, err = tx.Feature(chi.URLParam(r, "token")); err != nil {
			return err
		}
		blocked, err := tx.Blocked(f.Actor, f.Collection)
		if err == nil && blocked {
			err = fmt.Errorf("%w: %s is blocked", press.ErrNotFound, f.Actor)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("permission to list: %w", err)
	}
	return s.write(w, r, http.StatusOK, vocab.FeatureAuthorization{
		ID: s.Site.Feature(f.Token), InteractingObject: f.Collection, InteractionTarget: actorOf(s.Site, f.Source),
	})
}

// TakeBackFeature ends the permission of a collection and tells who keeps it.
func TakeBackFeature(tx *storage.Tx, site press.Site, token string) (audience.Feature, error) {
	f, err := tx.RevokeFeature(token)
	if err != nil {
		return f, err
	}
	return f, tellRevoked(tx, site, f)
}

// tellRevoked tells who keeps a collection that its permission has ended.
func tellRevoked(tx *storage.Tx, site press.Site, f audience.Feature) error {
	d, err := directed(vocab.NewDeleteFeature(site.Feature(f.Token), actorOf(site, f.Source)),
		deliveries.Directed{Source: f.Source, Recipient: f.Actor, Inbox: f.Inbox})
	if err != nil {
		return fmt.Errorf("take back what %s may list: %w", f.Collection, err)
	}
	return tx.Direct(d)
}
