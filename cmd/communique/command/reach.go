package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// entryReach is how far an entry has got, as reach prints it with --json.
type entryReach struct {
	Seq       press.Seq  `json:"seq"`
	Actor     string     `json:"actor"` // whose followers they are
	Kind      press.Kind `json:"kind"`
	At        string     `json:"at"`
	Servers   counts     `json:"servers"`
	Followers counts     `json:"followers"`
	// SecondsTo is how long after the entry a share (percent) of the servers had it.
	SecondsTo map[string]float64 `json:"seconds_to"`
	Behind    []behindLine       `json:"behind"`
	Refused   []refusedLine      `json:"refused"`
	Progress  []progressLine     `json:"progress"`

	reach deliveries.Reach
}

type counts struct {
	Total   int `json:"total"`
	Reached int `json:"reached"`
	Behind  int `json:"behind,omitempty"`
	Refused int `json:"refused,omitempty"`
	Gone    int `json:"gone,omitempty"`
}

type behindLine struct {
	Inbox       string `json:"inbox"`
	Since       string `json:"since"`
	Error       string `json:"error,omitempty"`
	NextAttempt string `json:"next_attempt,omitempty"`
}

type refusedLine struct {
	Inbox  string `json:"inbox"`
	At     string `json:"at"`
	Status int    `json:"status"`
	Answer string `json:"answer"`
}

type progressLine struct {
	At        string `json:"at"`
	Servers   int    `json:"servers"`
	Followers int    `json:"followers"`
}

// maxListed is how many servers are listed that are behind or have refused.
const maxListed = 100

func newReachCommand(a *app) *cobra.Command {
	var watch bool
	c := &cobra.Command{
		Use:   "reach ID",
		Short: "Show which servers have an article",
		Long: `Show how many servers and followers have an article, its corrections and its
withdrawal, how many servers may hold it without having been sent it, as their
requests showed (they are told of corrections and of a withdrawal), how long that took, which servers are behind and since when, and
which have refused it and what they answered. "Have" is what they answered: servers
that run Misskey take corrections and show none, and are named. Each actor that announced it has a
line of its own: one server can follow several. Of the subscribers to feeds,
including those of the sections above, the number that has the newest state is shown.

ID is the article's id, its page's address or its ActivityPub id. --watch shows
the progress of a delivery that is under way, until all have it.`,
		Example: `  communique reach k3tq5m2zr7ab4cde
  communique reach --watch k3tq5m2zr7ab4cde
  communique reach --json https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, id, err := a.lookAtArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			if watch {
				if err := a.watchReach(cmd.Context(), in, id); err != nil {
					return err
				}
			}
			entries, err := in.reach(cmd.Context(), id)
			if err != nil {
				return err
			}
			subscribers, err := in.reachOfTopics(cmd.Context(), id)
			if err != nil {
				return err
			}
			passing, err := in.passing(cmd.Context(), id)
			if err != nil {
				return err
			}
			held, err := in.heldUnsent(cmd.Context(), id)
			if err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"id": id, "entries": entries, "subscribers": subscribers, "pass_over_corrections": passing, "may_hold_unsent": held})
			}
			if err := a.printReach(in, entries); err != nil {
				return err
			}
			if last := len(entries) - 1; last >= 0 && entries[last].Kind == press.KindCorrected {
				if text := passing.text("Not every server that has it shows it:"); text != "" {
					a.say("%s", text)
				}
			}
			if held > 0 {
				a.say("Servers that may hold it and were not sent it: %d. Corrections and a withdrawal go there too.", held)
			}
			if subscribers.Total > 0 {
				a.say("Of the subscribers to feeds %d of %d have its newest state.", subscribers.Reached, subscribers.Total)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&watch, "watch", false, "show progress until every server that answers has it")
	return c
}

// reach reads how far the pushed entries of an article have got, actor by actor.
func (in *installation) reach(ctx context.Context, id press.ArticleID) (all []entryReach, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		all = []entryReach{}
		entries, err := pushedEntries(tx, id)
		if err != nil {
			return err
		}
		for _, e := range entries {
			sources, err := tx.SourcesOf(e)
			if err != nil {
				return err
			}
			for _, s := range sources {
				one, err := in.entryReach(tx, s, e)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
		}
		return nil
	})
	return all, err
}

// reachOfTopics counts the subscribers that have the newest entry of an article.
func (in *installation) reachOfTopics(ctx context.Context, id press.ArticleID) (c counts, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		entries, err := tx.EntriesOf(id)
		if err != nil || len(entries) == 0 {
			return err
		}
		r, err := tx.ReachOfTopics(entries[len(entries)-1])
		c = counts{Total: r.Servers, Reached: r.Reached, Behind: r.Behind}
		return err
	})
	return c, err
}

// heldUnsent counts the servers that may hold an article that they were not sent. Once
// it is withdrawn, they are among those that the withdrawal is for.
func (in *installation) heldUnsent(ctx context.Context, id press.ArticleID) (servers int, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		entries, err := tx.EntriesOf(id)
		if err != nil || len(entries) == 0 || entries[len(entries)-1].Kind == press.KindWithdrawn {
			return err
		}
		servers, err = tx.HeldUnsent(entries[0])
		return err
	})
	return servers, err
}

// pushedEntries are the entries of an article that servers are told of.
func pushedEntries(tx *storage.Tx, id press.ArticleID) ([]press.Entry, error) {
	if _, err := tx.Article(id); err != nil {
		return nil, err
	}
	entries, err := tx.EntriesOf(id)
	if err != nil {
		return nil, err
	}
	var pushed []press.Entry
	for _, e := range entries {
		if !e.Silent {
			pushed = append(pushed, e)
		}
	}
	return pushed, nil
}

func (in *installation) entryReach(tx *storage.Tx, of publog.Source, e press.Entry) (entryReach, error) {
	r, err := tx.Reach(of.Name, e)
	if err != nil {
		return entryReach{}, err
	}
	one := entryReach{
		Seq: e.Seq, Actor: of.Actor(), Kind: e.Kind, At: e.At.Format(time.RFC3339), reach: r,
		Servers:   counts{Total: r.Servers, Reached: r.Reached, Behind: r.Behind, Refused: r.Refused, Gone: r.Gone},
		Followers: counts{Total: r.Followers, Reached: r.FollowersReached},
		SecondsTo: map[string]float64{}, Behind: []behindLine{}, Refused: []refusedLine{}, Progress: []progressLine{},
	}
	for _, percent := range reachPercents {
		if within, ok := r.Within(percent); ok {
			one.SecondsTo[fmt.Sprint(percent)] = within.Seconds()
		}
	}
	for _, m := range r.Progress {
		one.Progress = append(one.Progress, progressLine{m.At.Format(time.RFC3339Nano), m.Servers, m.Followers})
	}
	return one, in.stragglers(tx, of, &one, e)
}

var reachPercents = []int{50, 90, 99, 100}

// stragglers fills in which servers are behind and which have refused.
func (in *installation) stragglers(tx *storage.Tx, of publog.Source, one *entryReach, e press.Entry) error {
	behind, err := tx.Behind(of.Name, e, maxListed)
	if err != nil {
		return err
	}
	for _, d := range behind {
		line := behindLine{Inbox: d.URL, Since: e.At.Format(time.RFC3339), Error: d.LastError, NextAttempt: stamp(d.NextAttempt)}
		if d.FailingSince.After(e.At) {
			line.Since = d.FailingSince.Format(time.RFC3339)
		}
		one.Behind = append(one.Behind, line)
	}
	refused, err := tx.RefusalsOf(of.Name, e, maxListed)
	if err != nil {
		return err
	}
	for _, r := range refused {
		one.Refused = append(one.Refused, refusedLine{r.URL, r.At.Format(time.RFC3339), r.Status, r.Detail})
	}
	return nil
}
