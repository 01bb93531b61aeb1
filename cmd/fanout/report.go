package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"communique/cmd/internal/bench"
)

// report is what came of the publications, and under which conditions.
type report struct {
	Hosts       int     `json:"hosts"`
	Followers   int     `json:"followers"`
	Inboxes     int     `json:"live_inboxes"`
	HTTPS       bool    `json:"https"`
	Bad         string  `json:"bad,omitempty"`
	Delay       string  `json:"delay,omitempty"`
	LimitAtOnce int     `json:"limit_at_once"`
	Rounds      []round `json:"rounds"`
}

// round is one publication. Times are in milliseconds from the return of the
// publishing command; what arrived before it is negative.
type round struct {
	Reached   int                `json:"reached"`
	PublishMS float64            `json:"publish_ms"`
	FirstMS   float64            `json:"first_ms"`
	ReachedMS map[string]float64 `json:"reached_ms"` // by percent
	Rate      float64            `json:"rate"`       // deliveries a second, first to last
	Limit     float64            `json:"limit"`
	Share     float64            `json:"share_of_limit"`
	Cost      float64            `json:"cost,omitempty"` // microseconds of the publisher's processor time for a delivery
	LimitCost float64            `json:"limit_cost,omitempty"`
	Repeated  int                `json:"repeated"` // activities that came a second time to an inbox

	times []float64
}

var percents = []int{50, 90, 99, 100}

func (f *fediverse) conditions(r *report, atOnce, live int) {
	r.Hosts, r.Followers, r.Inboxes, r.HTTPS = f.hosts, f.followers, live, f.certifier != nil
	r.Bad, r.LimitAtOnce = f.bad.String(), atOnce
	if f.delay > 0 {
		r.Delay = f.delay.String()
	}
}

// round reads one publication off the history.
func (f *fediverse) round(began, returned time.Time, limit float64) round {
	r := round{PublishMS: milliseconds(returned.Sub(began)), Limit: limit, ReachedMS: map[string]float64{}}
	for _, list := range f.Since(began) {
		r.times = append(r.times, milliseconds(list[0].At.Sub(returned)))
		for _, a := range list {
			if a.Repeated {
				r.Repeated++
			}
		}
	}
	if r.Reached = len(r.times); r.Reached == 0 {
		return r
	}
	slices.Sort(r.times)
	r.FirstMS = r.times[0]
	for _, percent := range percents {
		r.ReachedMS[fmt.Sprint(percent)] = r.times[(len(r.times)*percent+99)/100-1]
	}
	if span := r.times[len(r.times)-1] - r.FirstMS; span > 0 {
		r.Rate = float64(len(r.times)) / span * 1000
		r.Share = r.Rate / r.Limit
	}
	return r
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// median is that of a figure over the rounds.
func (r report) median(figure func(round) float64) float64 {
	var all []float64
	for _, one := range r.Rounds {
		all = append(all, figure(one))
	}
	return bench.Median(all)
}

// typical is the round with the median share, for the plot.
func (r report) typical() round {
	sorted := slices.SortedFunc(slices.Values(r.Rounds), func(a, b round) int { return cmp.Compare(a.Share, b.Share) })
	return sorted[len(sorted)/2]
}

func (r report) writeJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

func (r report) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	row := func(what, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", what, fmt.Sprintf(format, args...)) }
	least, repeated := r.Inboxes, 0
	for _, one := range r.Rounds {
		least, repeated = min(least, one.Reached), repeated+one.Repeated
	}
	row("servers, followers", "%d, %d", r.Hosts, r.Followers)
	row("live inboxes reached", "%d of %d", least, r.Inboxes)
	if r.HTTPS {
		row("over", "https")
	}
	if r.Bad != "" {
		row("bad servers (percent)", "%s", r.Bad)
	}
	if r.Delay != "" {
		row("each answer takes", "%s", r.Delay)
	}
	row("publications (medians of)", "%d", len(r.Rounds))
	row("publish returned after", "%.1f ms", r.median(func(o round) float64 { return o.PublishMS }))
	row("first delivery after that", "%.1f ms", r.median(func(o round) float64 { return o.FirstMS }))
	for _, percent := range percents {
		row(fmt.Sprintf("%d %% reached after", percent), "%.0f ms", r.median(func(o round) float64 { return o.ReachedMS[fmt.Sprint(percent)] }))
	}
	row("deliveries a second", "%.0f", r.median(func(o round) float64 { return o.Rate }))
	row("the limit", "%.0f, at %d at once", r.median(func(o round) float64 { return o.Limit }), r.LimitAtOnce)
	row("share of the limit", "%.2f", r.median(func(o round) float64 { return o.Share }))
	if cost := r.median(func(o round) float64 { return o.Cost }); cost > 0 {
		limit := r.median(func(o round) float64 { return o.LimitCost })
		row("processor time for a delivery", "%.0f µs, of the limit %.0f µs: %.2f", cost, limit, cost/limit)
	}
	row("arrivals repeated", "%d", repeated)
	return t.Flush()
}
