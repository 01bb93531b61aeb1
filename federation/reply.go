package federation

import (
	"context"
	"errors"
	"html"
	"slices"
	"time"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// How much of a reply is kept, in characters. Longer texts are cut.
const (
	maxAuthor = 100
	maxReply  = 10_000
)

// create accepts a post that answers an article, mentions us or quotes an article.
// Other posts are ignored.
func (s *Server) create(ctx context.Context, a vocab.Incoming, signed signature.Signature) error {
	note, original, ok, err := s.noteOf(ctx, a, signed)
	if err != nil || !ok {
		return err
	}
	return s.note(ctx, note, signed.Signed, original)
}

// noteOf reads the post that an activity is about, if its actor wrote it, with the request
// that brought it.
func (s *Server) noteOf(ctx context.Context, a vocab.Incoming, signed signature.Signature) (note vocab.IncomingNote, original audience.Original, ok bool, err error) {
	object, one := a.Object()
	if !one {
		return note, audience.Original{}, false, nil
	}
	note, ok, err = s.noteBy(ctx, a.Actor, object)
	return note, originalOf(object, signed), ok, err
}

// noteBy reads a post that an actor names, if they wrote it. Only posts of the
// actor's own origin count: an embedded one is believed, one that is named by its
// id alone is fetched. An error says that it should be tried again later.
func (s *Server) noteBy(ctx context.Context, actor string, object vocab.Reference) (note vocab.IncomingNote, ok bool, err error) {
	if !vocab.SameOrigin(object.ID, actor) {
		return note, false, nil
	}
	if _, err := s.remote.CheckURL(object.ID); err != nil {
		return note, false, nil
	}
	if object.Raw != nil {
		note, err = object.Note()
		if err != nil {
			return note, false, nil // another kind of object, or malformed
		}
	} else if note, err = s.remote.FetchNote(ctx, object.ID); err != nil {
		if errors.Is(err, remote.ErrUnavailable) {
			return note, false, err
		}
		return note, false, nil
	}
	return note, note.AttributedTo == actor, nil
}

// note stores a post, or its newer text, with the request that brought it; nothing if it was
// fetched.
func (s *Server) note(ctx context.Context, note vocab.IncomingNote, signed time.Time, original audience.Original) error {
	quoted, quotes := s.article(note.Quotes)
	parent, answers, err := s.answered(ctx, note)
	if err != nil {
		return err
	}
	keep := answers && s.Replies != moderation.RepliesOff
	var reply audience.Reply
	if keep {
		if reply, err = s.readReply(ctx, note, parent, signed); err != nil {
			return err
		}
		reply.Original = original
	}
	if !keep && !quotes {
		return nil
	}
	by := s.holderOf(ctx, note.AttributedTo)
	var quoter vocab.RemoteActor
	if quotes {
		if quoter, err = s.account(ctx, note.AttributedTo); err != nil {
			quoter = vocab.RemoteActor{ID: note.AttributedTo} // it counts all the same
		}
	}
	return s.effectOnAll(ctx, []string{note.AttributedTo}, func(tx *storage.Tx) error {
		if err := s.noteHolder(tx, by, parent, quoted); err != nil {
			return err
		}
		if quotes {
			i := audience.Interaction{Article: quoted, Kind: audience.KindQuote, Actor: note.AttributedTo, Object: note.ID}
			taken, err := tx.AddInteraction(i, signed)
			if err == nil && taken {
				err = tx.AddQuoting(s.quoting(note, quoter, quoted, original))
			}
			if err != nil && !nothingThere(err) {
				return err
			}
		}
		if !keep {
			return nil
		}
		if _, err := tx.AddReply(reply, signed, s.firstState(reply)); err != nil && !nothingThere(err) {
			return err
		}
		return nil
	})
}

// answered finds the article that a post answers, directly or by way of another
// reply; it is empty if the post only mentions us. false: neither. A post that is
// known stays with its article.
func (s *Server) answered(ctx context.Context, note vocab.IncomingNote) (article press.ArticleID, ok bool, err error) {
	if article, ok = s.article(note.InReplyTo); ok {
		return article, true, nil
	}
	err = s.Store.View(ctx, func(tx *storage.Tx) error {
		for _, id := range []string{note.ID, note.InReplyTo} {
			known, err := tx.Reply(id)
			if err == nil {
				article, ok = known.Article, true
				return nil
			}
			if !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil || ok {
		return article, ok, err
	}
	return "", slices.ContainsFunc(slices.Concat(note.Mentions, note.To, note.CC), func(id string) bool {
		_, ours := s.actorByID(id)
		return ours
	}), nil
}

// readReply turns a post into the reply that is kept and shown: cleaned, cut, and
// with links to its own server only.
func (s *Server) readReply(ctx context.Context, note vocab.IncomingNote, article press.ArticleID, signed time.Time) (audience.Reply, error) {
	author, err := s.account(ctx, note.AttributedTo)
	if err != nil {
		return audience.Reply{}, err
	}
	content := replyText(note.Content)
	language, err := press.ParseLanguage(note.Language)
	if err != nil {
		language = ""
	}
	// A signature may be dated ahead of our clock. Of two edits the later signature
	// counts all the same.
	arrived := signed
	if now := s.Store.Now(); now.Before(arrived) {
		arrived = now
	}
	r := audience.Reply{
		ID: note.ID, Article: article, Parent: note.InReplyTo, Actor: author.ID,
		Name: short(author.Name), Handle: shownHandle(author),
		AuthorURL: s.linkOr(author.URL, author.ID), URL: s.linkOr(note.URL, note.ID),
		Content: content, Language: language, Public: note.Public(),
		Published: notAfter(note.Published, arrived), Version: notAfter(latest(note.Published, note.Updated), signed),
	}
	if r.Name == "" {
		r.Name = r.Handle
	}
	return r, nil
}

// shownName matches a user name, in any script, that can't be mistaken for a handle.
var shownName = lazyregexp.New(`^[\p{L}\p{M}\p{N}_.-]+$`)

// shownHandle tells whose a post is, whatever its author's display name: their
// handle, or just their host if the user name could pass for another server's.
func shownHandle(author vocab.RemoteActor) string {
	host := "@" + press.HostOf(author.ID)
	if name := short(author.PreferredUsername); shownName.MatchString(name) {
		return "@" + name + host
	}
	return host
}

// replyText cleans a stranger's text. Pictures go: they would be loaded from the
// stranger's server by everybody who reads the page.
func replyText(raw string) press.HTML {
	content := richtext.CleanForeign(raw)
	if len([]rune(richtext.Text(content))) > maxReply {
		content = richtext.CleanForeign("<p>" + html.EscapeString(richtext.Excerpt(content, maxReply)) + "</p>")
	}
	return content
}

// firstState is the state that a new reply is stored in.
func (s *Server) firstState(r audience.Reply) audience.ReplyState {
	if s.Replies == moderation.RepliesOpen && r.Public && r.Article != "" {
		return audience.ReplyApproved
	}
	return audience.ReplyPending
}

// short turns a name into one short line.
func short(name string) string {
	runes := []rune(richtext.CleanText(name))
	return string(runes[:min(len(runes), maxAuthor)])
}

// linkOr is an address, if it can be linked to and is of the same origin as an id,
// else the id.
func (s *Server) linkOr(address, id string) string {
	if _, err := s.remote.CheckURL(address); err == nil && vocab.SameOrigin(address, id) {
		return address
	}
	return id
}

// notAfter is the time that an author gives; if there is none, or it lies ahead,
// that of its arrival.
func notAfter(said, arrived time.Time) time.Time {
	if said.IsZero() || said.After(arrived) {
		return arrived
	}
	return said
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
