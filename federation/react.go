package federation

import (
	"context"
	"errors"
	"time"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
	"communique/storage/richtext"
)

// maxEmoji is how many characters of a reaction are kept: an emoji may consist of
// several, and a custom one is a name.
const maxEmoji = 40

// interaction reads a Like, an EmojiReact or an Announce of one of our articles;
// false if it is none. Misskey and Pleroma send a Like with the emoji as content.
func (s *Server) interaction(a vocab.Incoming) (audience.Interaction, bool) {
	object, ok := a.Object()
	if !ok {
		return audience.Interaction{}, false
	}
	article, ok := s.article(object.ID)
	i := audience.Interaction{Article: article, Actor: a.Actor, Activity: ownID(a)}
	switch {
	case a.Type == vocab.TypeAnnounce:
		i.Kind = audience.KindAnnounce
	case a.Type == vocab.TypeLike && a.Content == "":
		i.Kind = audience.KindLike
	case a.Type == vocab.TypeLike || a.Type == vocab.TypeEmojiReact:
		i.Kind = audience.KindReaction
		emoji := []rune(richtext.CleanText(a.Content))
		i.Content = string(emoji[:min(len(emoji), maxEmoji)])
	default:
		return i, false
	}
	return i, ok
}

// react counts a reaction to an article.
func (s *Server) react(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	i, ok := s.interaction(a)
	if !ok {
		return nil
	}
	by := s.holderOf(ctx, a.Actor)
	return s.effectOnAll(ctx, []string{a.Actor}, func(tx *storage.Tx) error {
		taken, err := tx.AddInteraction(i, signed)
		if !taken && !withdrawn(err) {
			return err
		}
		return s.noteHolder(tx, by, i.Article)
	})
}

// undoReaction takes back the reaction that is embedded in an Undo.
func (s *Server) undoReaction(ctx context.Context, undone vocab.Incoming, signed time.Time) error {
	i, ok := s.interaction(undone)
	if !ok {
		return nil
	}
	loose, err := s.undoesLoosely(ctx, undone)
	if err != nil {
		return err
	}
	return s.effect(ctx, undone.Actor, func(tx *audience.Tx) error {
		if loose {
			return tx.RemoveInteractionOfLooseID(i, signed)
		}
		return tx.RemoveInteraction(i, signed)
	})
}

// undoReactionByID takes back the reaction that an Undo names by its id. One that is
// unknown has been overtaken, and is over when it comes, as what is embedded would be:
// Pleroma (lib/pleroma/web/activity_pub/builder.ex#undo) and Mitra
// (mitra_activitypub/src/builders/undo_announce.rs) name likes and announces so.
func (s *Server) undoReactionByID(ctx context.Context, actor, activity string, signed time.Time) error {
	var i audience.Interaction
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		i, err = tx.InteractionOf(actor, activity)
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		if !vocab.SameOrigin(activity, actor) {
			return nil
		}
		return s.effect(ctx, actor, func(tx *audience.Tx) error { return tx.EndUnknown(actor, activity, signed) })
	}
	if err != nil {
		return err
	}
	return s.effect(ctx, actor, func(tx *audience.Tx) error { return tx.RemoveInteraction(i, signed) })
}
