package federation

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/richtext"
)

// Quotes says who may quote the ministry's articles in their own posts.
type Quotes string

// Who may quote.
const (
	QuotesAnyone    Quotes = "anyone"
	QuotesFollowers Quotes = "followers"
	QuotesNobody    Quotes = "nobody"
)

// quotePolicy tells servers who may quote before they ask. Without it nobody
// could; "nobody" is expressed as the author alone (INTEROP O17).
func (a author) quotePolicy() vocab.InteractionPolicy {
	return vocab.InteractionPolicy{CanQuote: a.quotes.approval(a.id(), a.followers())}
}

// approval is how an actor tells other servers whom it allows.
func (q Quotes) approval(actor, followers string) vocab.Approval {
	may := actor
	switch q {
	case QuotesAnyone:
		may = vocab.Public
	case QuotesFollowers:
		may = followers
	}
	return vocab.Approval{AutomaticApproval: []string{may}}
}

// allow reports whether somebody is allowed what he asks a source's actor for.
func (q Quotes) allow(tx *storage.Tx, source, asker string) (bool, error) {
	switch q {
	case QuotesAnyone:
		return true, nil
	case QuotesFollowers:
		_, err := tx.Follower(source, asker)
		if errors.Is(err, press.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	return false, nil
}

// quoteRequest answers a request to quote, in the asker's own inbox. Only the
// author of a post can ask: a permission that another account of the same server
// held would neither end with the post nor depend on who wrote it.
func (s *Server) quoteRequest(ctx context.Context, a vocab.Incoming, signed signature.Signature) error {
	q, ok := vocab.QuoteRequestOf(a)
	if !ok {
		return fmt.Errorf("%w: a QuoteRequest must name what it quotes and in which post", ErrMalformed)
	}
	article, ours := s.article(q.Object)
	if !ours {
		return nil
	}
	note, wrote, err := s.noteBy(ctx, a.Actor, a.Instrument)
	if err != nil || !wrote {
		return err
	}
	asker, err := s.account(ctx, a.Actor)
	if err != nil {
		return err
	}
	inbox, delivery, err := s.inboxes(asker)
	if err != nil {
		return err
	}
	return s.effectOnAll(ctx, []string{a.Actor, inbox}, func(tx *storage.Tx) error {
		if err := s.noteHolder(tx, holder{q.Actor, inbox, delivery}, article); err != nil {
			return err
		}
		answer, answered, err := s.answerQuote(tx, q, signed.Signed)
		if err != nil || !answered {
			return err
		}
		if answer.Type == vocab.TypeAccept {
			if err := tx.AddQuoting(s.quoting(note, asker, article, originalOf(a.Instrument, signed))); err != nil {
				return err
			}
		}
		d, err := directed(answer, deliveries.Directed{Source: s.authorActor().source, Recipient: q.Actor, Inbox: inbox})
		if err != nil {
			return err
		}
		return tx.Direct(d)
	})
}

// maxQuoting is how much of a quoting post is kept for operators, in characters.
const maxQuoting = 500

// quoting is a post that quotes an article as operators see it, with the request that brought it.
func (s *Server) quoting(note vocab.IncomingNote, author vocab.RemoteActor, article press.ArticleID, original audience.Original) audience.Reply {
	q := audience.Reply{
		ID: note.ID, Article: article, Actor: note.AttributedTo, Name: short(author.Name), Handle: shownHandle(author),
		URL: s.linkOr(note.URL, note.ID), Public: note.Public(), Original: original,
		Content: press.HTML("<p>" + html.EscapeString(richtext.Excerpt(richtext.CleanForeign(note.Content), maxQuoting)) + "</p>"),
	}
	if q.Name == "" {
		q.Name = q.Handle
	}
	return q
}

// TakeBackQuote tells everybody that a permission to quote has ended: the server of
// the post, which hides the quote (Mastodon, activity/delete.rb), and those that may
// have seen it.
func TakeBackQuote(tx *storage.Tx, site press.Site, author string, q audience.Quote) error {
	d, err := endQuote(site, author, q)
	if err != nil {
		return err
	}
	return tx.DirectToServers(d)
}

// endQuote is the message that a permission to quote has ended.
func endQuote(site press.Site, author string, q audience.Quote) (deliveries.Directed, error) {
	d, err := directed(vocab.NewDeleteQuote(site.Quote(q.Token), site.Actor(author)), deliveries.Directed{Source: publog.ActorSource(author)})
	if err != nil {
		return d, fmt.Errorf("take back the permission of %s: %w", q.Post, err)
	}
	return d, nil
}

// answerQuote decides on a request to quote an article and returns the answer for
// the asker's own inbox (INTEROP O18). A repeated request is answered again, with
// the same permission. false: the request is about nothing that is public here,
// and gets no answer.
func (s *Server) answerQuote(tx *storage.Tx, q vocab.QuoteRequest, signed time.Time) (vocab.Activity, bool, error) {
	id, ours := s.article(q.Object)
	if !ours {
		return vocab.Activity{}, false, nil
	}
	var withdrawn *press.WithdrawnError
	_, err := tx.PublicArticle(id)
	switch {
	case errors.As(err, &withdrawn):
		return s.rejectQuote(q), true, nil
	case errors.Is(err, press.ErrNotFound):
		return vocab.Activity{}, false, nil
	case err != nil:
		return vocab.Activity{}, false, err
	}
	may, err := s.Quotes.allow(tx, s.authorActor().source, q.Actor)
	if err != nil {
		return vocab.Activity{}, false, err
	}
	if !may {
		return s.rejectQuote(q), true, nil
	}
	granted, err := tx.GrantQuote(id, q.Instrument, q.Actor, signed)
	switch {
	case errors.Is(err, press.ErrConflict):
		return s.rejectQuote(q), true, nil
	case err != nil:
		return vocab.Activity{}, false, err
	}
	accept := s.Site.Base + "/ap/accepts/" + press.RandomToken()
	return vocab.NewAcceptQuote(accept, s.author().id(), q, s.Site.Quote(granted.Token)), true, nil
}

func (s *Server) rejectQuote(q vocab.QuoteRequest) vocab.Activity {
	return vocab.NewRejectQuote(s.Site.Base+"/ap/rejects/"+press.RandomToken(), s.author().id(), q)
}

// quote answers the address of a permission while it and the article stand: that
// is how other servers know that the quote was permitted.
func (s *Server) quote(w http.ResponseWriter, r *http.Request) error {
	var q audience.Quote
	err := s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		if q, err = tx.Quote(chi.URLParam(r, "token")); err != nil {
			return err
		}
		blocked, err := tx.Blocked(q.Actor)
		if err == nil && blocked {
			err = fmt.Errorf("%w: %s is blocked", press.ErrNotFound, q.Actor)
		}
		if err != nil {
			return err
		}
		_, err = tx.PublicArticle(q.Article)
		return err
	})
	if err != nil {
		return fmt.Errorf("permission to quote: %w", err)
	}
	return s.write(w, r, http.StatusOK, vocab.QuoteAuthorization{
		ID: s.Site.Quote(q.Token), AttributedTo: s.author().id(),
		InteractingObject: q.Post, InteractionTarget: s.Site.Object(q.Article),
	})
}
