package federation

import (
	"context"
	"errors"
	"html"
	"regexp"
	"slices"
	"time"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
)

// What is kept of a reply, in characters; more of its text than that is not
// shown in any case.
const (
	maxAuthor = 100
	maxReply  = 10_000
)

// create takes a post that answers an article, mentions us or quotes an
// article. Other posts are nothing to us.
func (s *Server) create(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	note, ok, err := s.noteOf(ctx, a)
	if err != nil || !ok {
		return err
	}
	return s.note(ctx, note, signed)
}

// noteOf reads the post that an activity is about, if its actor wrote it.
func (s *Server) noteOf(ctx context.Context, a vocab.Incoming) (note vocab.IncomingNote, ok bool, err error) {
	object, one := a.Object()
	if !one {
		return note, false, nil
	}
	return s.noteBy(ctx, a.Actor, object)
}

// noteBy reads a post that an actor names, if he wrote it. What is embedded is
// believed of the actor's own origin only; a post of which only the id is said is
// fetched there, and one of any other origin is nothing to us.
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
			return note, false, nil // another kind of object, which we have no use for
		}
	} else if note, err = s.remote.FetchNote(ctx, object.ID); err != nil {
		if errors.Is(err, remote.ErrUnavailable) {
			return note, false, err
		}
		return note, false, nil
	}
	return note, note.AttributedTo == actor, nil
}

// note stores a post, or its newer text.
func (s *Server) note(ctx context.Context, note vocab.IncomingNote, signed time.Time) error {
	quoted, quotes := s.article(note.Quotes)
	parent, answers, err := s.answered(ctx, note)
	if err != nil {
		return err
	}
	keep := answers && s.Replies != moderation.RepliesOff
	var reply storage.Reply
	if keep {
		if reply, err = s.readReply(ctx, note, parent, signed); err != nil {
			return err
		}
	}
	if !keep && !quotes {
		return nil
	}
	by := s.teller(ctx, note.AttributedTo)
	return s.effect(ctx, note.AttributedTo, func(tx *storage.Tx) error {
		if err := s.told(tx, by, parent, quoted); err != nil {
			return err
		}
		if quotes {
			i := storage.Interaction{Article: quoted, Kind: storage.KindQuote, Actor: note.AttributedTo, Object: note.ID}
			if _, err := tx.AddInteraction(i, signed); err != nil && !nothingThere(err) {
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

// answered finds what of ours a post speaks to: the article that it answers, be
// it by way of another reply, or none if it only mentions us. A post that is
// known stays where it is.
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
		_, ours := s.ours(id)
		return ours
	}), nil
}

// readReply makes of a post what is kept and shown: clean, cut, and with links
// to its own server only.
func (s *Server) readReply(ctx context.Context, note vocab.IncomingNote, article press.ArticleID, signed time.Time) (storage.Reply, error) {
	author, err := s.account(ctx, note.AttributedTo)
	if err != nil {
		return storage.Reply{}, err
	}
	content := replyText(note.Content)
	language, err := press.ParseLanguage(note.Language)
	if err != nil {
		language = ""
	}
	r := storage.Reply{
		ID: note.ID, Article: article, Parent: note.InReplyTo, Actor: author.ID,
		Name: short(author.Name), Handle: shownHandle(author),
		AuthorURL: s.linkOr(author.URL, author.ID), URL: s.linkOr(note.URL, note.ID),
		Content: content, Language: language, Public: note.Public(),
		Published: notAfter(note.Published, signed), Version: notAfter(latest(note.Published, note.Updated), signed),
	}
	if r.Name == "" {
		r.Name = r.Handle
	}
	return r, nil
}

// shownName is a user name, in any script, that does not look like more than that.
var shownName = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_.-]+$`)

// shownHandle is what tells whose a post is, whatever he calls himself: his
// handle, or if his user name could be taken for that of another server, his host.
func shownHandle(author vocab.RemoteActor) string {
	host := "@" + hostOf(author.ID)
	if name := short(author.PreferredUsername); shownName.MatchString(name) {
		return "@" + name + host
	}
	return host
}

// replyText cleans what a stranger wrote. Pictures go: they would be loaded
// from his server by everybody who reads the page.
func replyText(raw string) press.HTML {
	content := richtext.CleanForeign(raw)
	if len([]rune(richtext.Text(content))) > maxReply {
		content = richtext.CleanForeign("<p>" + html.EscapeString(richtext.Excerpt(content, maxReply)) + "</p>")
	}
	return content
}

// firstState is where a reply begins.
func (s *Server) firstState(r storage.Reply) storage.ReplyState {
	if s.Replies == moderation.RepliesOpen && r.Public && r.Article != "" {
		return storage.ReplyApproved
	}
	return storage.ReplyPending
}

// short makes one short line of a name.
func short(name string) string {
	runes := []rune(richtext.CleanText(name))
	return string(runes[:min(len(runes), maxAuthor)])
}

// linkOr is an address of the origin of an id that can be linked to, or the id.
func (s *Server) linkOr(address, id string) string {
	if _, err := s.remote.CheckURL(address); err == nil && vocab.SameOrigin(address, id) {
		return address
	}
	return id
}

// notAfter is the time that an author gives, if it has come; one that is not
// said, or lies ahead, is the time of the signature.
func notAfter(said, signed time.Time) time.Time {
	if said.IsZero() || said.After(signed) {
		return signed
	}
	return said
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
