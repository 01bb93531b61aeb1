package main

import (
	"context"
	"fmt"
	"time"

	"communique/storage"
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
			bar = newProgress(a.stderr, "servers", r.Servers)
		}
		bar.at(r.Reached)
		if r.Behind == 0 {
			bar.end()
			return nil
		}
		select {
		case <-ctx.Done():
			bar.end()
			return fmt.Errorf("interrupted while %d servers are behind; the delivery goes on", r.Behind)
		case <-tick.C:
		}
	}
}

func (in *installation) newestReach(ctx context.Context, id press.ArticleID) (r storage.Reach, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		entries, err := pushedEntries(tx, id)
		if err != nil || len(entries) == 0 {
			return err
		}
		r, err = tx.Reach(in.source(), entries[len(entries)-1])
		return err
	})
	return r, err
}
