package command

import (
	"context"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// watchEvery is the pace of --watch.
const watchEvery = 200 * time.Millisecond

// watchReach shows the progress of an article's newest entry until every
// server that is not failing has it.
func (a *app) watchReach(ctx context.Context, in *installation, id press.ArticleID) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var bar *progress
	for {
		r, err := in.newestReach(ctx, id)
		if err != nil {
			return err
		}
		if bar == nil {
			bar = newProgress(a.Stderr, a.Clock, "servers", r.Servers)
		}
		bar.at(r.Reached)
		if r.Behind == 0 {
			bar.end()
			return nil
		}
		select {
		case <-ctx.Done():
			bar.end()
			return fmt.Errorf("interrupted while %d servers are behind; the delivery continues", r.Behind)
		case <-tick.C:
		}
	}
}

// newestReach sums up the reach of an article's newest entry over all actors.
func (in *installation) newestReach(ctx context.Context, id press.ArticleID) (sum deliveries.Reach, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		entries, err := pushedEntries(tx, id)
		if err != nil || len(entries) == 0 {
			return err
		}
		newest := entries[len(entries)-1]
		sources, err := tx.SourcesOf(newest)
		for _, s := range sources {
			var r deliveries.Reach
			if r, err = tx.Reach(s.Name, newest); err != nil {
				return err
			}
			sum.Servers, sum.Reached, sum.Behind = sum.Servers+r.Servers, sum.Reached+r.Reached, sum.Behind+r.Behind
		}
		return err
	})
	return sum, err
}
