package command

import (
	"context"
	"errors"

	"communique/storage"
	"communique/storage/press"
)

// factHandles is the domain of the handles under which the site was served last.
const factHandles = "handle_domain"

// handlesBefore is the domain under which the actors were known when the site was served
// last, if it is another one than now; else nothing. No follower is lost by the change,
// because servers know an actor by its id; but many show the handle that they learnt first.
func (in *installation) handlesBefore(ctx context.Context) (before string, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		before, err = tx.Fact(factHandles)
		return err
	})
	if errors.Is(err, press.ErrNotFound) || before == in.site.HandleDomain() {
		return "", nil
	}
	return before, err
}

// rememberHandles notes under which domain the site is served.
func (in *installation) rememberHandles(ctx context.Context) error {
	domain := in.site.HandleDomain()
	return in.store.Update(ctx, func(tx *storage.Tx) error { return tx.SetFact(factHandles, domain) })
}
