package federation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
)

// currentDocument is an actor's document, complete with what the database knows:
// its other accounts, where it has moved to, and when that or its profile last
// changed. Receivers ignore an Update that is not later than what they have.
func (s *Server) currentDocument(ctx context.Context, of localActor) (vocab.Actor, actors.State, error) {
	var state actors.State
	a, err := s.actorDocument(ctx, of)
	if err != nil {
		return a, state, err
	}
	err = s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		state, err = tx.ActorState(of.Name)
		return err
	})
	a.AlsoKnownAs, a.MovedTo, a.Updated = state.AliasIDs(), state.MovedTo, vocab.Time(state.Updated)
	return a, state, err
}

// factProfile names, with the actor's name, the digest of the profile that its
// followers were last told.
const factProfile = "profile:"

// TellProfiles appends an entry for each actor whose profile differs from what its
// followers were last told: their servers fetch it of their own accord once a week
// at best (INTEROP C4). Call it at the start, before anything is delivered. The
// very first profile is news to nobody; keys, aliases and moves append entries of
// their own when they change.
func (s *Server) TellProfiles(ctx context.Context) error {
	for _, of := range s.followable() {
		a, err := s.actorDocument(ctx, of)
		if err != nil {
			return err
		}
		a.PublicKey, a.AssertionMethod = vocab.ActorKey{}, nil
		text, err := vocab.Marshal(a)
		if err != nil {
			return err
		}
		// The tags are in a collection that receivers look at on every Update.
		sum := sha256.Sum256(append(text, strings.Join(of.Tags, "\n")...))
		if err := s.tellProfile(ctx, of, hex.EncodeToString(sum[:])); err != nil {
			return fmt.Errorf("tell the followers of @%s of its profile: %w", of.Name, err)
		}
	}
	return nil
}

func (s *Server) tellProfile(ctx context.Context, of localActor, digest string) error {
	return s.Store.Update(ctx, func(tx *storage.Tx) error {
		told, err := tx.Fact(factProfile + of.Name)
		first := errors.Is(err, press.ErrNotFound)
		if err != nil && !first || told == digest {
			return err
		}
		if !first {
			if _, err := tx.AppendActor(of.Name); err != nil {
				return err
			}
		}
		return tx.SetFact(factProfile+of.Name, digest)
	})
}
