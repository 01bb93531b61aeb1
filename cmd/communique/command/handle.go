package command

import (
	"context"
	"errors"
	"log/slog"

	"communique/storage"
	"communique/storage/press"
)

// factHandles is the domain of the handles under which the site was served last.
const factHandles = "handle_domain"

// warnOfNewHandles warns when the actors are known under another domain than before.
// No follower is lost, because servers know an actor by its id; but many show the
// handle that they learnt first.
func (in *installation) warnOfNewHandles(ctx context.Context, log *slog.Logger) error {
	domain, before := in.site.HandleDomain(), ""
	err := in.store.Update(ctx, func(tx *storage.Tx) (err error) {
		before, err = tx.Fact(factHandles)
		if errors.Is(err, press.ErrNotFound) {
			before, err = domain, nil
		} else if before == domain {
			return err
		}
		if err != nil {
			return err
		}
		return tx.SetFact(factHandles, domain)
	})
	if err == nil && before != domain {
		name := in.config.Actor.Name
		log.Warn("the handles have another domain now: followers stay and are told, but other servers may show the old handle for a long time, and mentions of it no longer arrive",
			"was", "@"+name+"@"+before, "is", "@"+in.site.Handle(name))
	}
	return err
}
