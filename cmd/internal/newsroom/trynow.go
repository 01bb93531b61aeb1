package newsroom

import (
	"context"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// TryNow has a server that is behind with an article be tried at once, also if it was given
// up: by somebody who may correct, release or withdraw the article, or an operator. It is
// press.ErrNotFound if nothing is delivered to the server.
func (d Desk) TryNow(ctx context.Context, id press.ArticleID, host string) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		if err := d.mayTry(tx, a); err != nil {
			return err
		}
		if err := tx.RetryHost(host); err != nil {
			return err
		}
		return d.Note(tx, "retry deliveries", host, facts("article", string(id)))
	})
}

func (d Desk) mayTry(tx *storage.Tx, a press.Article) error {
	there, err := tx.HasPeople()
	if err != nil || !there || d.Person.MayAnywhere(people.Operator) {
		return err
	}
	return d.mayIn(tx, []press.Article{a}, Releases()...)
}

// Releases are the roles whose holders change what is public, alone or together.
func Releases() []people.Role { return []people.Role{people.Editor, people.Approver, people.Alone} }
