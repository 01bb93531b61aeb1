package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
	"communique/storage/press"
)

// statusTimeout is how long a look at the status may take.
const statusTimeout = time.Minute

// statusReport is how a site stands, as status prints it with --json.
type statusReport struct {
	// Well is set if nothing is wrong and nothing wants attention.
	Well       bool             `json:"well"`
	Troubles   []trouble        `json:"troubles"`
	Database   string           `json:"database"` // "sqlite" or "postgres"
	Served     bool             `json:"served"`
	Servers    []serverLine     `json:"servers"`
	Unheld     int              `json:"parts_without_server"`
	Log        logLine          `json:"log"`
	Deliveries deliveriesStatus `json:"deliveries"`
	Embargoes  embargoesStatus  `json:"embargoes"`
	Backups    backupsStatus    `json:"backups"`
	// Certificate is that of a server with TLS of its own.
	Certificate *certificateStatus `json:"certificate,omitempty"`
	// Upgrade is set while the database is brought up to date; then nothing else is known.
	Upgrade *upgradeLine `json:"upgrade,omitempty"`
}

// trouble is something that is wrong, or wants attention.
type trouble struct {
	Verdict check.Verdict `json:"verdict"`
	What    string        `json:"what"`
}

// serverLine is one of the programs that serve the site.
type serverLine struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Since   string      `json:"since,omitempty"`
	State   serverState `json:"state"`
	// Renewed is when it last said that it is there; empty where there can be no other.
	Renewed string `json:"renewed,omitempty"`
	// Parts is how many of the parts of the deliveries are its own.
	Parts int      `json:"parts"`
	Tasks []string `json:"tasks"`

	since, renewed time.Time
}

// serverState is what is known of a server.
type serverState string

const (
	serverRuns   serverState = "runs"
	serverEnds   serverState = "ends"   // it was told to, and finishes what is under way
	serverSilent serverState = "silent" // it said nothing until its leases were over
)

// logLine is the head of the log.
type logLine struct {
	Seq press.Seq `json:"seq"`
	At  string    `json:"at,omitempty"`
	Age float64   `json:"age_seconds,omitempty"`

	at time.Time
}

// deliveriesStatus is how deliveries stand.
type deliveriesStatus struct {
	Servers     int `json:"servers"`
	Behind      int `json:"behind"`
	Failing     int `json:"failing"`
	Unreachable int `json:"unreachable"`
	Paused      int `json:"paused"`
	// Longest is the server that lacks an entry for the longest, of those that are neither
	// paused nor unreachable.
	Longest string `json:"longest,omitempty"`
	Since   string `json:"since,omitempty"`

	since time.Time
}

// embargoesStatus is what is under embargo.
type embargoesStatus struct {
	Drafts int    `json:"drafts"`
	Next   string `json:"next,omitempty"` // when the next one ends
	Held   string `json:"held,omitempty"` // why none ends

	next time.Time
}

func newStatusCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Tell which servers run, and whether all is well",
		Long: `Tell whether all is well, from what is in the database and without asking the site:
which servers run and share the work, since when, when they last said so, and how
many of the 64 parts of the deliveries and which tasks each has; how far the log is;
how many servers lack something, and which one for the longest; when the next embargo
ends, or why none does; with TLS of its own, when the certificate ends, or why there is
none; when the last backup was made, and whether its trial went well. While the database is
brought up to date for a new version, only how far that is, and how long it still takes.
communique check asks the site as others do.

It ends with 0 if all is well, with 1 if something wants attention, and with 2 if
something is wrong: no server runs, a part of the work is nobody's, what is due is not
sent, an embargo is held or overdue, the certificate ends within a week, or a backup is
missing or not to be relied on.`,
		Example: `  communique status
  communique status --json`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), statusTimeout)
			defer cancel()
			if c, err := config.Load(a.data, a.Env); err == nil {
				if line := underWay(c.Data); line != nil {
					return a.printUpgrade(line)
				}
			}
			in, err := a.openToCheck(ctx)
			if err != nil {
				return incompleteCheckError{err}
			}
			defer in.Close()
			r, err := in.status(ctx)
			if err != nil {
				return incompleteCheckError{err}
			}
			if err := a.printStatus(in, r); err != nil {
				return err
			}
			return r.verdict()
		},
	}
}

// verdict is the error that tells monitoring of troubles; nil without any.
func (r *statusReport) verdict() error {
	found := foundError{says: "what is wrong: %d, what wants attention: %d"}
	for _, t := range r.Troubles {
		found.count(t.Verdict)
	}
	return found.orNil()
}

func (a *app) printStatus(in *installation, r *statusReport) error {
	if a.json {
		return a.object(r)
	}
	a.say("%s", r.headline())
	for _, t := range r.Troubles {
		a.say("%-4s  %s", t.Verdict, plain(t.What))
	}
	a.say("")
	if len(r.Servers) > 0 {
		t := newTable("SERVER", "VERSION", "STATE", "SINCE", "LAST RENEWAL", "PARTS", "TASKS")
		for _, s := range r.Servers {
			t.row(plain(s.Name), orDash(plain(s.Version)), string(s.State), in.moment(s.since), in.moment(s.renewed), fmt.Sprint(s.Parts), orDash(strings.Join(s.Tasks, ", ")))
		}
		if err := t.print(a.Stdout); err != nil {
			return err
		}
		a.say("")
	}
	a.say("Log: %s", r.Log.text(in))
	a.say("Deliveries: %s", r.Deliveries.text(in))
	a.say("Embargoes: %s", r.Embargoes.text(in))
	a.say("Backups: %s", r.Backups.text(in))
	if r.Certificate != nil {
		a.say("Certificate: %s", r.Certificate.text(in))
	}
	return nil
}

// headline says whether all is well.
func (r *statusReport) headline() string {
	running := 0
	for _, s := range r.Servers {
		if s.State == serverRuns {
			running++
		}
	}
	servers := "No server runs."
	switch {
	case r.Served && running == 1:
		servers = "One server runs."
	case r.Served && running > 1:
		servers = fmt.Sprintf("%d servers share the work.", running)
	case r.Served:
		servers = "Something works on the database."
	}
	switch r.worst() {
	case check.Fail:
		return "Something is wrong. " + servers
	case check.Warn:
		return "It works, but something wants attention. " + servers
	default:
		return "All is well. " + servers
	}
}

func (r *statusReport) worst() check.Verdict {
	worst := check.OK
	for _, t := range r.Troubles {
		if worst != check.Fail {
			worst = t.Verdict
		}
	}
	return worst
}

func (l logLine) text(in *installation) string {
	if l.at.IsZero() {
		return "nothing was said yet."
	}
	return fmt.Sprintf("number %d, of %s.", l.Seq, in.second(l.at))
}

func (d deliveriesStatus) text(in *installation) string {
	text := fmt.Sprintf("servers %d, behind %d, failing %d, unreachable %d, paused %d.", d.Servers, d.Behind, d.Failing, d.Unreachable, d.Paused)
	if d.Longest != "" {
		text += fmt.Sprintf(" %s lacks something since %s.", plain(d.Longest), in.second(d.since))
	}
	return text
}

func (e embargoesStatus) text(in *installation) string {
	switch {
	case e.Drafts == 0:
		return "none."
	case e.Held != "":
		return fmt.Sprintf("%d, which are held.", e.Drafts)
	case e.next.IsZero():
		return fmt.Sprintf("%d, none of which ends by itself: communique list --state embargoed tells why.", e.Drafts)
	}
	return fmt.Sprintf("%d; the next one ends at %s.", e.Drafts, in.second(e.next))
}
