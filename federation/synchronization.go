package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// Servers that believe in a follow which ended here, or in none that stands here, find
// out by themselves (FEP-8fcf, INTEROP S10): each delivery says by a digest which
// followers are of the server it goes to. Where that is not what the server has, it
// fetches the list of them, ends the follows that are not in it, and undoes those in it
// that it does not know (Mastodon, services/activitypub/synchronize_followers_service.rb).

// synchronizationPath is the part of an actor's followers that the server which asks
// has, behind the actor's id.
const synchronizationPath = "followers_synchronization"

// maxPartial bounds that list, in bytes: receivers read no more than 1 MiB. It has no
// pages, because Mastodon up to 4.3 reads the first only and ends all other follows.
const maxPartial = 1_000_000

// fits reports whether followers can be listed in one document.
func fits(h audience.HostFollowers) bool {
	const envelope, quotes = 4096, 3
	return envelope+h.Size+quotes*h.Count <= maxPartial
}

// listable reads what is kept of an actor's followers at a host, and whether they may be
// listed: all must be known, and fit into one document.
func listable(tx *storage.Tx, of localActor, host string) (at audience.HostFollowers, listed bool, err error) {
	at, err = tx.FollowersAt(of.source, host)
	return at, mayBeListed(at), err
}

func mayBeListed(at audience.HostFollowers) bool { return !at.InDoubt && fits(at) }

// synchronization is the header of what an actor's followers at a host are sent; none
// if there are none there, or none that may be listed.
func (d *Sender) synchronization(ctx context.Context, by localActor, host string) (header string, err error) {
	at, err := d.followers.ask(ctx, by.source, host)
	if err != nil || at.Count == 0 || !mayBeListed(at) {
		return "", err
	}
	return fmt.Sprintf(`collectionId="%s", url="%s/%s", digest="%s"`, by.followers(), by.id, synchronizationPath, at.Digest), nil
}

// followersAtAsker lists the followers of an actor that are of the server which asks,
// and signed that: who follows is nobody else's business. Unlike the readers of
// articles, who does not sign or can't be verified gets nothing.
func (s *Server) followersAtAsker(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.collectionOf(r, synchronizationPath)
	if err != nil {
		return err
	}
	asker, err := s.asker(r)
	if err != nil {
		return err
	}
	list := vocab.OrderedCollection{ID: id, Items: vocab.Items{}}
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		_, listed, err := listable(tx, of, asker)
		if err == nil && !listed {
			err = fmt.Errorf("%w: the followers at %s are not listed", press.ErrNotFound, asker)
		}
		if err != nil {
			return err
		}
		ids, err := tx.ListFollowersAt(of.source, asker)
		for _, id := range ids {
			list.Items = append(list.Items, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	list.TotalItems = len(list.Items)
	body, err := vocab.Marshal(list)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return writeContent(w, r, http.StatusOK, vocab.MediaType, body)
}

// errAsker is one answer for all who do not prove whose they are: another one for the
// blocked, or for those whose key cannot be had, would let anybody ask in others' names
// who is blocked.
var errAsker = fmt.Errorf("%w: followers are listed to whoever signs as an account of their server", signature.ErrInvalid)

// asker is the host of the actor that signed a request.
func (s *Server) asker(r *http.Request) (host string, err error) {
	signed, err := signature.Parse(r, nil, s.Site.Base, s.Store.Now())
	if err != nil {
		return "", s.countFailure(r, errAsker)
	}
	owner, err := s.signer(s.onBehalfOf(r), r, signed)
	if errors.Is(err, errBlocked) {
		err = s.countFailure(r, errAsker) // the others have been counted
	}
	if throttled := s.limits.Suspect(r.RemoteAddr); err != nil && throttled != nil {
		return "", throttled
	}
	if err != nil {
		s.Log.Debug("followers are not listed", "key", signed.KeyID, "error", err)
		return "", errAsker
	}
	host = press.HostOf(owner)
	return host, s.limits.Verified(host)
}
