package federation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// Mastodon compares the dates of two Updates before it takes its lock, so that one of
// its workers may put the older text over the newer one when its queue has stood
// (process_status_update_service.rb; seen with 4.7.0-alpha.2, 5 of 18). The newer one,
// once more when the queue must have gone on, puts that right. Its activity and body
// are the same, so whoever has it has nothing to do.
const (
	corrigendaWithin = 10 * time.Minute
	repeatAfter      = 30 * time.Minute
)

// correctedTwice reports whether an entry corrects an article that was corrected
// shortly before.
func (d *Sender) correctedTwice(ctx context.Context, e press.Entry) (twice bool, err error) {
	if e.Kind != press.KindCorrected {
		return false, nil
	}
	err = d.server.Store.View(ctx, func(tx *storage.Tx) error {
		all, err := tx.EntriesOf(e.Article)
		for _, before := range slices.Backward(all) {
			if before.Seq < e.Seq && before.Kind == press.KindCorrected && !before.Silent {
				twice = e.At.Sub(before.At) <= corrigendaWithin
				break
			}
		}
		return err
	})
	return twice, err
}

// repeatLater has an Update sent once more to a destination that has taken it.
func (d *Sender) repeatLater(ctx context.Context, by localActor, to deliveries.Destination, e press.Entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), learnWithin)
	defer cancel()
	id := fmt.Sprintf("%s#again-%d", d.server.Site.Activity(e.Seq, string(delivery.Update)), to.ID)
	err := d.server.Store.Update(ctx, func(tx *storage.Tx) error {
		return tx.RepeatLater(deliveries.Directed{ID: id, Source: publog.ActorSource(by.Name), Inbox: to.URL, Entry: e.Seq}, tx.Now().Add(repeatAfter))
	})
	if err != nil { // it has arrived, and in most places that is enough
		d.server.Log.Warn("an Update will not be sent once more", "to", to.URL, "seq", e.Seq, "error", err)
	}
}

// repeat sends an Update once more, unless something else was said of the article
// since.
func (d *Sender) repeat(ctx context.Context, by localActor, m deliveries.Directed) error {
	var e press.Entry
	over := false
	err := d.server.Store.View(ctx, func(tx *storage.Tx) (err error) {
		if e, err = tx.Entry(m.Entry); err != nil {
			return err
		}
		all, err := tx.EntriesOf(e.Article)
		over = len(all) > 0 && all[len(all)-1].Seq != e.Seq
		return err
	})
	if err != nil || over {
		return err
	}
	b, err := d.rendered(ctx, by, delivery.Step{Verb: delivery.Update, Entry: e})
	if err != nil {
		return err
	}
	return d.post(ctx, by, parcel{inbox: m.Inbox, text: b.text, digest: b.digest, seq: besideTheLog, failures: m.Failures})
}
