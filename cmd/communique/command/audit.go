package command

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/audit"
	"communique/storage/press"
)

// auditLine is a line of the audit as audit prints it with --json and exports it.
type auditLine struct {
	Seq     int64             `json:"seq"`
	At      string            `json:"at"`
	Who     string            `json:"who"`
	Via     string            `json:"via"`
	Network string            `json:"network,omitempty"`
	Did     string            `json:"did"`
	Subject string            `json:"subject,omitempty"`
	Facts   map[string]string `json:"facts,omitempty"`
	Why     string            `json:"why,omitempty"`
	Entry   press.Seq         `json:"entry,omitempty"`
	Hash    string            `json:"hash"`
}

func newAuditCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "Tell who did what",
		Long: `Tell who did what, on the command line and on the desk: every publication, correction
and withdrawal, every section, block, decision and key, in the order in which they were
done. A line is written in the transaction that does what it tells of, and nobody takes one
out: verify reads the whole and finds a line that was changed or is missing. Lines have the
names of fields and digests, and no words of an article.`,
		Example: `  communique audit list
  communique audit list --subject k3tq5m2zr7ab4cde
  communique audit verify
  communique audit export > audit.jsonl`,
	}
	c.AddCommand(a.auditListCommand(), a.auditVerifyCommand(), a.auditExportCommand())
	return c
}

// auditAsked is which lines are listed, as it was typed.
type auditAsked struct{ who, did, subject, since, until string }

func (a *app) auditListCommand() *cobra.Command {
	limit := listLength
	var asked auditAsked
	c := &cobra.Command{
		Use:   "list",
		Short: "List what was done, the last first",
		Example: `  communique audit list --who a.silva --since 2026-11-01
  communique audit list --did withdrawn --limit 1000
  communique audit list --subject k3tq5m2zr7ab4cde --json`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			lines, err := in.audited(ctx, asked, limit)
			if err != nil {
				return err
			}
			return a.printAudit(in, lines)
		}),
	}
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	c.Flags().StringVar(&asked.who, "who", "", "only what somebody did")
	c.Flags().StringVar(&asked.did, "did", "", "only what was done in this way, as in withdrawn")
	c.Flags().StringVar(&asked.subject, "subject", "", "only what was done to this: an article's id, a section's path, a server")
	c.Flags().StringVar(&asked.since, "since", "", "only what was done on a day or later, as in 2026-11-01")
	c.Flags().StringVar(&asked.until, "until", "", "only what was done on a day or earlier")
	return c
}

// audited reads the last lines that are asked for, up to a limit.
func (in *installation) audited(ctx context.Context, asked auditAsked, limit int) (found []audit.Line, err error) {
	since, before, err := in.days(asked.since, asked.until)
	if err != nil {
		return nil, err
	}
	return found, in.store.View(ctx, func(tx *storage.Tx) error {
		next := int64(math.MaxInt64)
		for {
			page, err := tx.AuditBefore(next, auditPage)
			if err != nil {
				return err
			}
			for _, l := range page {
				if len(found) == limit || l.At.Before(since) {
					return tx.Explain(found)
				}
				if asked.fits(l) && (before.IsZero() || l.At.Before(before)) {
					found = append(found, l)
				}
				next = l.Seq
			}
			if len(page) < auditPage {
				return tx.Explain(found)
			}
		}
	})
}

func (asked auditAsked) fits(l audit.Line) bool {
	return (asked.who == "" || asked.who == l.Who) && (asked.did == "" || asked.did == l.Did) && (asked.subject == "" || asked.subject == l.Subject)
}

// auditPage is how many lines are read at a time.
const auditPage = 1000

func (a *app) printAudit(in *installation, lines []audit.Line) error {
	t := newTable("LINE", "WHEN", "WHO", "VIA", "DID", "TO", "MORE")
	for _, l := range lines {
		if a.json {
			if err := a.object(newAuditLine(l)); err != nil {
				return err
			}
			continue
		}
		var more []string
		for _, name := range slices.Sorted(maps.Keys(l.Facts)) {
			if value := l.Facts[name]; len(value) != 64 { // a digest is for machines
				more = append(more, name+": "+value)
			}
		}
		if l.Why != "" {
			more = append(more, "why: "+l.Why)
		}
		t.row(strconv.FormatInt(l.Seq, 10), in.moment(l.At), orDash(plain(l.Who)), orDash(plain(l.Via)), plain(l.Did), orDash(plain(l.Subject)), plain(strings.Join(more, "; ")))
	}
	if a.json {
		return nil
	}
	return t.print(a.Stdout)
}

func newAuditLine(l audit.Line) auditLine {
	return auditLine{
		Seq: l.Seq, At: l.At.Format("2006-01-02T15:04:05.000000Z07:00"), Who: l.Who, Via: l.Via, Network: l.Network,
		Did: l.Did, Subject: l.Subject, Facts: l.Facts, Why: l.Why, Entry: l.Entry, Hash: l.Hash,
	}
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var last string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Find out whether a line was changed or taken out",
		Long: `Read all lines and hold each against the one before it, and the log against the lines.
The hash of the last line is printed: keep it elsewhere, and give it with --last the next
time, to see also that nobody has made all of it anew. If something does not fit, the exit
status is 1.`,
		Example: `  communique audit verify
  communique audit verify --last 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			v, err := in.verifyAudit(ctx, last)
			if err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"lines": v.Lines, "hash": v.Hash})
			}
			if v.Lines == 0 {
				a.say("Nothing was done yet.")
				return nil
			}
			a.say("%d lines, and each is as it was written. The last one has the hash %s", v.Lines, v.Hash)
			return nil
		}),
	}
	c.Flags().StringVar(&last, "last", "", "the hash that was the last one at an earlier time")
	return c
}

// verifyAudit reads the audit whole, in which there must be a line with a hash, if one is
// given.
func (in *installation) verifyAudit(ctx context.Context, last string) (v audit.Verified, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		if v, err = tx.VerifyAudit(); err != nil || last == "" {
			return err
		}
		_, err := tx.AuditLine(strings.ToLower(strings.TrimSpace(last)))
		if errors.Is(err, press.ErrNotFound) {
			return errors.New("--last: no line has this hash: those from then on were taken out, or all were made anew")
		}
		return err
	})
	return v, err
}

func (a *app) auditExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "export",
		Short:   "Write all lines, the oldest first, as JSON Lines",
		Example: `  communique audit export > audit.jsonl`,
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			out := json.NewEncoder(a.Stdout)
			return in.store.View(ctx, func(tx *storage.Tx) error {
				var after int64
				for {
					page, err := tx.Audit(after, auditPage)
					if err != nil {
						return err
					}
					for _, l := range page {
						if err := out.Encode(newAuditLine(l)); err != nil {
							return err
						}
						after = l.Seq
					}
					if len(page) < auditPage {
						return nil
					}
				}
			})
		}),
	}
}
