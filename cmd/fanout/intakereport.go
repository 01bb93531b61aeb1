package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"communique/cmd/internal/bench"
)

// intakeReport is what came of the measure of an inbox. Rates are by second,
// one for each round.
type intakeReport struct {
	Hosts   int  `json:"hosts"`
	Follows int  `json:"follows"` // in a round
	Shared  bool `json:"shared"`
	AtOnce  int  `json:"at_once"`

	Rounds   []intakeRound `json:"rounds"`
	Answered []float64     `json:"answered"` // until the last Accept was there

	Storm        int     `json:"storm"`
	StormRate    float64 `json:"storm_rate"`
	StormFetches int     `json:"storm_fetches"`

	// KilledAfter is how many Follows of the last round were answered before
	// the server was killed; all of them were there afterwards.
	KilledAfter int `json:"killed_after"`
}

// intakeRound is one barrage to the inbox and to the bare one.
type intakeRound struct {
	Taken    float64 `json:"taken"` // a second
	Bare     float64 `json:"bare"`
	Cost     float64 `json:"cost"` // microseconds of processor time for a request; 0 if not known
	BareCost float64 `json:"bare_cost"`
}

func (r intakeRound) taken() float64    { return r.Taken }
func (r intakeRound) bare() float64     { return r.Bare }
func (r intakeRound) share() float64    { return r.Taken / r.Bare }
func (r intakeRound) cost() float64     { return r.Cost }
func (r intakeRound) bareCost() float64 { return r.BareCost }

// median is that of a figure over the rounds.
func (r intakeReport) median(figure func(intakeRound) float64) float64 {
	var all []float64
	for _, one := range r.Rounds {
		all = append(all, figure(one))
	}
	return bench.Median(all)
}

func (r intakeReport) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	row := func(what, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", what, fmt.Sprintf(format, args...)) }
	row("servers, connections", "%d, %d", r.Hosts, r.AtOnce)
	row("rounds (medians of), Follows in each", "%d, %d", len(r.Rounds), r.Follows)
	row("Follows a second, delivery paused", "%.0f", r.median(intakeRound.taken))
	row("a bare inbox", "%.0f", r.median(intakeRound.bare))
	row("share of that", "%.2f", r.median(intakeRound.share))
	if r.median(intakeRound.cost) > 0 {
		row("processor time for a Follow", "%.0f µs, bare %.0f µs", r.median(intakeRound.cost), r.median(intakeRound.bareCost))
	}
	row("Follows a second, with Accepts", "%.0f", bench.Median(r.Answered))
	if r.Storm > 0 {
		row("Deletes by unknown actors", "%d, %.0f a second, %d fetches", r.Storm, r.StormRate, r.StormFetches)
	}
	row("killed after", "%d Follows that were answered, none lost", r.KilledAfter)
	return t.Flush()
}
