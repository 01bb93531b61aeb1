package command

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
)

// checkTimeout is how long a whole check may take.
const checkTimeout = 2 * time.Minute

// foundError counts what a check or a status has found. For monitoring it exits with
// 1 if something wants attention, with 2 if something fails.
type foundError struct {
	says         string // with a verb for each number
	fails, warns int
}

func (e *foundError) Error() string { return fmt.Sprintf(e.says, e.fails, e.warns) }

// count counts a verdict, and tells whether it is a bad one.
func (e *foundError) count(v check.Verdict) (bad bool) {
	switch v {
	case check.Fail:
		e.fails++
	case check.Warn:
		e.warns++
	default:
		return false
	}
	return true
}

// orNil is the error, or nil if nothing was found.
func (e *foundError) orNil() error {
	if e.fails+e.warns == 0 {
		return nil
	}
	return e
}

// incompleteCheckError is why a check could not be finished, which is no better
// than a rule that fails.
type incompleteCheckError struct{ error }

func (e incompleteCheckError) Unwrap() error { return e.error }

func newCheckCommand(a *app) *cobra.Command {
	var address string
	var clocks, resolve []string
	var shown filter
	c := &cobra.Command{
		Use:   "check",
		Short: "Prove to yourself that other servers and readers get what they need",
		Long: `Ask the running site what other servers and readers ask it, through the DNS, TLS
and the web server in front, and judge the answers by the rules of the fediverse:
one line for each rule, with its id, what was observed, and what to do if it does
not hold. Nothing is changed: the message that is sent to the inboxes means nothing.

With --url the site is asked there, in the name of its own address: behind the web
server in front, to tell where a fault is.

In a network with a DNS of its own --resolve host=address asks a host at that address,
as if its name led there. What the DNS says outside is not seen then, and the line of
rule DNS tells what is to be looked at from there.

--quiet prints only what does not hold, and --only judges by the rules that it names.

It ends with 0 if everything holds, with 1 if something wants attention (warn),
and with 2 if a rule fails (FAIL) or the check could not be made.`,
		Example: `  communique check
  communique check --url http://127.0.0.1:8080
  communique check --resolve press.mfa.example=10.0.0.5
  communique check --clock-by www.example.org --json
  communique check --quiet
  communique check --only DNS,TLS`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			at, err := parseAt(address)
			if err != nil {
				return err
			}
			named, err := parseResolve(resolve)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), checkTimeout)
			defer cancel()
			in, err := a.openToCheck(ctx)
			if err != nil {
				return a.cannotLook(err)
			}
			defer in.Close()
			return a.check(ctx, in, check.Options{At: at, Resolve: named, ClockBy: clocks}, shown)
		},
	}
	c.Flags().StringVar(&address, "url", "", "ask here instead of at the site's own address")
	c.Flags().StringArrayVar(&resolve, "resolve", nil, "host=address: ask this host at this address")
	c.Flags().BoolVar(&shown.quiet, "quiet", false, "print only what does not hold")
	c.Flags().StringSliceVar(&shown.only, "only", nil, "judge by these rules only, by their ids")
	c.Flags().StringSliceVar(&clocks, "clock-by", nil, "hosts whose clocks this machine's is compared with, by https")
	return c
}

// filter says which findings count, and which of them are printed.
type filter struct {
	quiet bool
	only  []string // rules; empty for all
}

func (f filter) counts(rule string) bool {
	return len(f.only) == 0 || slices.ContainsFunc(f.only, func(one string) bool { return strings.EqualFold(one, rule) })
}

func parseAt(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		return nil, usagef("--url: %q is not the address of a server: write it like http://127.0.0.1:8080", address)
	}
	return u, nil
}

// check inspects the site and prints each finding when it is known.
func (a *app) check(ctx context.Context, in *installation, o check.Options, shown filter) error {
	passphrase, _ := a.passphrase(in.config) // why there is none is one of the hurdles
	found := foundError{says: "rules that fail: %d, that want attention: %d"}
	var failed error
	holding := 0
	report := func(findings ...check.Finding) {
		for _, f := range findings {
			if !shown.counts(f.Rule) {
				continue
			}
			if !found.count(f.Verdict) {
				holding++
				if shown.quiet {
					continue
				}
			}
			if err := a.finding(f); err != nil && failed == nil {
				failed = fmt.Errorf("print: %w", err)
			}
		}
	}
	s := checkedSite{a: a, in: in, passphrase: passphrase}
	o.Site, o.Installation, o.Report = s.site(), s, report
	if err := asks(o); err != nil {
		return err
	}
	err := check.Inspect(ctx, o)
	switch {
	case err != nil:
		return incompleteCheckError{withKeyHint(err)}
	case failed != nil:
		return failed
	case found.orNil() != nil:
		return &found
	case holding == 0:
		return incompleteCheckError{errors.New("--only: no rule of that name was looked at; communique check without it tells their ids")}
	case !a.json && !shown.quiet:
		a.say("Rules that hold: %d. None fails.", holding)
	}
	return nil
}

// cannotLook says why the site cannot be opened. If there is one, that keeps the server
// from its next start, too, and is a finding for those who read findings only.
func (a *app) cannotLook(err error) error {
	if _, missing := os.Stat(filepath.Join(a.data, config.File)); missing != nil {
		return incompleteCheckError{err}
	}
	hurdle := check.Hurdle{What: "its configuration and database", Observed: oneLine(err), Stops: true}
	for _, f := range check.Starts([]check.Hurdle{hurdle}) {
		if err := a.finding(f); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return incompleteCheckError{errors.New("nothing else can be asked before that is mended")}
}

// finding prints one line, or an object.
func (a *app) finding(f check.Finding) error {
	if a.json {
		return a.object(f)
	}
	line := fmt.Sprintf("%-4s  %-7s %s: %s", f.Verdict, f.Rule, plain(f.What), plain(shorten(f.Observed)))
	if f.Fix != "" {
		line += " -> " + plain(f.Fix)
	}
	_, err := fmt.Fprintln(a.Stdout, line)
	return err
}

// maxObserved is how much of what was observed a line shows, in characters.
const maxObserved = 400

func shorten(text string) string {
	if r := []rune(text); len(r) > maxObserved {
		return string(r[:maxObserved-1]) + "…"
	}
	return text
}
