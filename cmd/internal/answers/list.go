package answers

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/people"
	"communique/storage/press"
)

// Answer is a reply or a quote, with what it is about.
type Answer struct {
	audience.Reply
	// Article is what it answers or quotes; its title is empty if it only mentions us.
	Article press.Article
	// Before is what was said before it, the first first: the replies that it answers.
	Before []audience.Reply
}

const (
	// maxBefore is how far back a conversation is read.
	maxBefore = 5
	// maxLooked is how many are looked at for a page of those that somebody may decide on.
	maxLooked = 2000
	// pageRead is how many are read at a time.
	pageRead = 100
)

// States are what can be decided.
func States() []audience.ReplyState {
	return []audience.ReplyState{audience.ReplyPending, audience.ReplyApproved, audience.ReplyRejected}
}

// Find reads a reply or a quote by what it is listed under; press.ErrNotFound if it was
// edited since, or taken away.
func Find(tx *storage.Tx, token string) (audience.Reply, error) {
	r, err := tx.ReplyByToken(token)
	if errors.Is(err, press.ErrNotFound) {
		return tx.QuotingByToken(token)
	}
	return r, err
}

// Page reads replies and quotes in the order of their arrival.
func Page(tx *storage.Tx, state audience.ReplyState, after audience.Reply, limit int) ([]audience.Reply, error) {
	all, err := tx.Replies(state, after, limit)
	if err != nil {
		return nil, err
	}
	quotes, err := tx.Quoting(state, after, limit)
	all = append(all, quotes...)
	slices.SortFunc(all, func(a, b audience.Reply) int { return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID)) })
	return all[:min(len(all), limit)], err
}

// List reads up to limit of those that the desk's person may decide on, after one; after is
// empty at the start. on is what the next page begins after, empty if there is none. One
// that is gone meanwhile is the start again.
func List(ctx context.Context, d newsroom.Desk, state audience.ReplyState, after string, limit int) (all []Answer, on string, err error) {
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		var last audience.Reply
		if after != "" {
			if last, err = Find(tx, after); err != nil && !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		for looked := 0; looked < maxLooked; looked += pageRead {
			page, err := Page(tx, state, last, pageRead)
			if err != nil {
				return err
			}
			for _, r := range page {
				if len(all) == limit {
					on = last.Token
					return nil
				}
				last = r
				answer, err := about(tx, d, tree, r)
				if errors.Is(err, newsroom.ErrMayNot) {
					continue
				}
				if err != nil {
					return err
				}
				all = append(all, answer)
			}
			if len(page) < pageRead {
				return nil
			}
		}
		on = last.Token
		return nil
	})
	return all, on, err
}

// Look reads one that the desk's person may decide on, with what was said before it. Who may
// not is told that there is none.
func Look(ctx context.Context, d newsroom.Desk, token string) (a Answer, err error) {
	err = d.Store.View(ctx, func(tx *storage.Tx) (err error) {
		a, err = named(tx, d, token)
		return err
	})
	return a, asNone(err, "reply or quote "+token)
}

// named reads one by its token, if the desk's person may decide on it.
func named(tx *storage.Tx, d newsroom.Desk, token string) (Answer, error) {
	tree, err := tx.Tree()
	if err != nil {
		return Answer{}, err
	}
	r, err := Find(tx, token)
	if err != nil {
		return Answer{}, err
	}
	return about(tx, d, tree, r)
}

// about reads what an answer is about, if the desk's person may decide on it.
func about(tx *storage.Tx, d newsroom.Desk, tree press.Tree, r audience.Reply) (a Answer, err error) {
	a.Reply = r
	if r.Article != "" {
		if a.Article, err = tx.Article(r.Article); err != nil {
			return a, err
		}
	}
	if !may(d, tree, a.Article) {
		return a, newsroom.ErrMayNot
	}
	seen := map[string]bool{r.ID: true}
	for parent := r.Parent; parent != "" && !seen[parent] && len(a.Before) < maxBefore; {
		seen[parent] = true
		said, err := tx.Reply(parent)
		if errors.Is(err, press.ErrNotFound) {
			break // it is the article, or nothing that we know
		}
		if err != nil {
			return a, err
		}
		a.Before = append(a.Before, said)
		parent = said.Parent
	}
	slices.Reverse(a.Before)
	return a, nil
}

// Decides are the roles whose holders decide on answers in their place.
func Decides() []people.Role { return []people.Role{people.Editor, people.Approver} }

// may tells whether the desk's person decides on what answers an article; on what answers
// none, who does so everywhere. Who works on the machine of the site may.
func may(d newsroom.Desk, tree press.Tree, a press.Article) bool {
	switch {
	case d.Person.ID == "" && d.Author.Via == newsroom.CommandLine:
		return true
	case a.ID == "":
		return d.Person.May(nil, "", Decides()...)
	}
	return newsroom.May(d.Person, tree, a, Decides()...)
}
