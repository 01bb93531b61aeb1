package command

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/deliveries"
)

// subscriberLine is a subscriber as subscribers prints it with --json.
type subscriberLine struct {
	ID          int64                       `json:"id"`
	Topic       string                      `json:"topic"`
	Callback    string                      `json:"callback"`
	Signed      bool                        `json:"signed"`
	Since       string                      `json:"since"`
	Expires     string                      `json:"expires"`
	State       deliveries.DestinationState `json:"state"`
	Behind      bool                        `json:"behind"`
	LastSuccess string                      `json:"last_success,omitempty"`
	LastError   string                      `json:"last_error,omitempty"`
}

func newSubscribersCommand(a *app) *cobra.Command {
	var after int64
	limit := listLength
	c := &cobra.Command{
		Use:   "subscribers",
		Short: "List the subscribers to feeds at the hub",
		Long: `List the subscribers to feeds at the hub (WebSub): to which feed, at which callback,
until when, and the state of deliveries. A subscriber renews before the lease
expires; those that do not are forgotten.

A callback is the subscriber's secret: keep the list as one. The servers of callbacks
are paused, retried and dropped like all others, by communique destinations.`,
		Example: `  communique subscribers
  communique subscribers --after 120 --limit 500
  communique subscribers --json`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			in, err := a.openToLook(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			var all []deliveries.Subscriber
			err = in.store.View(cmd.Context(), func(tx *storage.Tx) error {
				all, err = tx.Subscribers(after, limit)
				return err
			})
			if err != nil {
				return err
			}
			return a.printSubscribers(in, all, limit)
		},
	}
	c.Flags().Int64Var(&after, "after", 0, "begin after this id")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	return c
}

func (a *app) printSubscribers(in *installation, all []deliveries.Subscriber, limit int) error {
	if a.json {
		for _, s := range all {
			err := a.object(subscriberLine{
				ID: s.Destination, Topic: s.Address, Callback: s.Callback, Signed: s.Secret != "",
				Since: stamp(s.Since), Expires: stamp(s.Expires.Truncate(time.Second)), State: s.State, Behind: s.Behind,
				LastSuccess: stamp(s.LastSuccess), LastError: s.LastError,
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable("TOPIC", "CALLBACK", "SINCE", "EXPIRES", "STATE", "LAST SUCCESS", "LAST ERROR")
	for _, s := range all {
		t.row(s.Address, s.Callback, in.moment(s.Since), in.moment(s.Expires), string(s.State), in.moment(s.LastSuccess), orDash(s.LastError))
	}
	last := ""
	if len(all) > 0 {
		last = strconv.FormatInt(all[len(all)-1].Destination, 10)
	}
	return a.printPage(t, len(all) == limit, last)
}
