package desk

import (
	"context"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// laggards is how many servers are named that are behind or have refused.
const laggards = 50

// reached is how far an entry of an article has got, with the followers of one actor.
type reached struct {
	Seq                                 press.Seq
	Kind, Actor                         string
	When                                instant
	Servers, Reached, Followers, Behind int
	Refused, Gone                       int
	Half, Most                          string // within which half of the servers, and 99 of 100, had it
	Laggards                            []laggard
	Refusals                            []refusal
	Plot                                *plot // nil if no server is to have it
}

type laggard struct {
	Inbox, Host, Reason string
	Next                instant
}

type refusal struct {
	Inbox, Answer string
	Status        int
}

// reach reads how far the entries of an article have got, the newest first.
func (d *Desk) reach(ctx context.Context, tx *storage.Tx, id press.ArticleID) (all []reached, err error) {
	entries, err := pushedEntries(tx, id)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(entries) {
		sources, err := tx.SourcesOf(e)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			one, err := d.reachOf(ctx, tx, s.Name, e)
			if err != nil {
				return nil, err
			}
			one.Actor = s.Actor()
			all = append(all, one)
		}
	}
	return all, nil
}

func (d *Desk) reachOf(ctx context.Context, tx *storage.Tx, source string, e press.Entry) (reached, error) {
	r, err := tx.Reach(source, e)
	if err != nil {
		return reached{}, err
	}
	one := reached{
		Seq: e.Seq, Kind: string(e.Kind), When: d.instant(ctx, e.At), Servers: r.Servers, Reached: r.Reached, Followers: r.FollowersReached,
		Behind: r.Behind, Refused: r.Refused, Gone: r.Gone, Half: within(r.Within(50)), Most: within(r.Within(99)),
		Plot: plotOf(r, d.Store.Now()),
	}
	behind, err := tx.Behind(source, e, laggards)
	if err != nil {
		return one, err
	}
	for _, b := range behind {
		one.Laggards = append(one.Laggards, laggard{b.URL, b.Host, reasonOf(b), d.instant(ctx, b.NextAttempt)})
	}
	refused, err := tx.RefusalsOf(source, e, laggards)
	for _, f := range refused {
		one.Refusals = append(one.Refusals, refusal{f.URL, f.Detail, f.Status})
	}
	return one, err
}

func within(took time.Duration, ok bool) string {
	if !ok {
		return ""
	}
	return took.Round(100 * time.Millisecond).String()
}

// reasonOf is why a server has not accepted something.
func reasonOf(d deliveries.Destination) string {
	if d.State == deliveries.StateActive || d.LastError == "" {
		return d.LastError
	}
	return string(d.State) + "; " + d.LastError
}
