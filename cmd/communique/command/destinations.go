package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"communique/federation"
	"communique/storage"
	"communique/storage/deliveries"
)

// hostLine is a host as destinations prints it with --json.
type hostLine struct {
	Host        string               `json:"host"`
	Software    string               `json:"software,omitempty"`
	Signature   string               `json:"signature,omitempty"`
	State       deliveries.HostState `json:"state"`
	Inboxes     int                  `json:"inboxes"`
	Callbacks   int                  `json:"callbacks"`
	Followers   int                  `json:"followers"`
	Behind      int                  `json:"behind"`
	Backlog     int                  `json:"backlog"`
	LastSuccess string               `json:"last_success,omitempty"`
	LastError   string               `json:"last_error,omitempty"`
	NextAttempt string               `json:"next_attempt,omitempty"`
}

func newDestinationsCommand(a *app) *cobra.Command {
	var after string
	var behind bool
	limit := listLength
	c := &cobra.Command{
		Use:   "destinations",
		Short: "List the servers that are delivered to, pause or retry them",
		Long: `List the servers that entries are delivered to, by name: what they say that they run
(they are asked within minutes, and once a week), which signature they get (Ed25519 if
that is known to verify it, and RSA for a day where that was refused), the state of deliveries,
how many inboxes and callbacks lack an entry and how many entries that is, when the
last delivery succeeded, the last error, and when the next attempt is due. The
callbacks are listed by communique subscribers.

The subcommands pause, resume, retry and drop take a server as it is listed. They
work while the site is served. A server that is dropped is told nothing, and goes on
believing that its people follow: drop what no longer exists, and block what does.`,
		Example: `  communique destinations
  communique destinations --behind
  communique destinations --after social.example --limit 500
  communique destinations pause social.example`,
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
			var hosts []deliveries.Host
			var known knownHosts
			err = in.store.View(cmd.Context(), func(tx *storage.Tx) error {
				if hosts, err = tx.Hosts(deliveries.HostFilter{Behind: behind}, after, limit); err != nil {
					return err
				}
				known, err = readKnownHosts(tx, in.store.Now())
				return err
			})
			if err != nil {
				return err
			}
			return a.printHosts(in, hosts, known, limit)
		},
	}
	c.Flags().StringVar(&after, "after", "", "begin after this server")
	c.Flags().BoolVar(&behind, "behind", false, "only those that lack an entry")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	c.AddCommand(
		a.hostCommand("pause", "Stop deliveries to a server for a while; nothing is lost", "Paused", (*storage.Tx).PauseHost),
		a.hostCommand("resume", "End a pause", "Resumed", (*storage.Tx).ResumeHost),
		a.hostCommand("retry", "Try at once what is due later or was given up", "Trying again", (*storage.Tx).RetryHost),
		a.hostCommand("drop", "End all deliveries to a server and forget its followers and subscribers", "Dropped", (*storage.Tx).DropHost),
	)
	return c
}

// knownHosts is what is known of hosts besides their deliveries.
type knownHosts struct {
	runs    map[string]deliveries.Software
	refused map[string]time.Time // Ed25519
	schemes map[string]string
	now     time.Time
}

func readKnownHosts(tx *storage.Tx, now time.Time) (k knownHosts, err error) {
	k.now = now
	if k.runs, err = tx.SoftwareByHost(); err != nil {
		return k, err
	}
	if k.refused, err = tx.Ed25519Refusals(); err != nil {
		return k, err
	}
	k.schemes, err = tx.Schemes()
	return k, err
}

// signature says how deliveries to a host are signed, empty if none are.
func (k knownHosts) signature(h deliveries.Host) string {
	if h.Inboxes == 0 {
		return ""
	}
	return federation.SignatureOf(k.runs[h.Name], k.refused[h.Name], k.schemes[h.Name], k.now)
}

// hostCommand makes a subcommand that does one thing to one host.
func (a *app) hostCommand(name, short, done string, act func(*storage.Tx, string) error) *cobra.Command {
	return &cobra.Command{
		Use:     name + " HOST",
		Short:   short,
		Example: "  communique destinations " + name + " social.example",
		Args:    arguments("HOST"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			err := a.desk(in).Act(ctx, name+" deliveries", args[0], func(tx *storage.Tx) error { return act(tx, args[0]) })
			if err != nil {
				return fmt.Errorf("%w; communique destinations lists the servers", err)
			}
			return a.acted(ctx, in, takesHold, map[string]string{"host": args[0], "did": name}, "%s: %s", done, args[0])
		}),
	}
}

func (a *app) printHosts(in *installation, hosts []deliveries.Host, known knownHosts, limit int) error {
	t := newTable("SERVER", "SOFTWARE", "SIGNATURE", "STATE", "FOLLOWERS", "INBOXES", "CALLBACKS", "BEHIND", "BACKLOG", "LAST SUCCESS", "NEXT ATTEMPT", "LAST ERROR")
	for _, h := range hosts {
		if a.json {
			line := hostLine{
				Host: h.Name, Software: known.runs[h.Name].String(), Signature: known.signature(h), State: h.State, Inboxes: h.Inboxes, Callbacks: h.Callbacks, Followers: h.Followers, Behind: h.Behind, Backlog: h.Backlog,
				LastSuccess: stamp(h.LastSuccess), LastError: h.LastError, NextAttempt: stamp(h.NextAttempt),
			}
			if err := a.object(line); err != nil {
				return err
			}
			continue
		}
		t.row(h.Name, orDash(plain(known.runs[h.Name].String())), orDash(known.signature(h)), string(h.State), fmt.Sprint(h.Followers), fmt.Sprint(h.Inboxes), fmt.Sprint(h.Callbacks), fmt.Sprint(h.Behind), fmt.Sprint(h.Backlog),
			in.moment(h.LastSuccess), in.moment(h.NextAttempt), orDash(h.LastError))
	}
	if a.json {
		return nil
	}
	last := ""
	if len(hosts) > 0 {
		last = hosts[len(hosts)-1].Name
	}
	return a.printPage(t, len(hosts) == limit, last)
}

// stamp is an instant for machines, empty if there is none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// moment is an instant for people, in the zone of the site.
func (in *installation) moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(in.config.Zone).Format("2006-01-02 15:04:05")
}
