package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what came of a publication. Times are in milliseconds from the
// return of the publishing command; what arrived before it is negative.
type report struct {
	Hosts       int                `json:"hosts"`
	Followers   int                `json:"followers"`
	Inboxes     int                `json:"live_inboxes"`
	Reached     int                `json:"reached"`
	Bad         string             `json:"bad,omitempty"`
	Delay       string             `json:"delay,omitempty"`
	PublishMS   float64            `json:"publish_ms"`
	FirstMS     float64            `json:"first_ms"`
	ReachedMS   map[string]float64 `json:"reached_ms"` // by percent
	Rate        float64            `json:"rate"`       // deliveries a second, first to last
	Limit       float64            `json:"limit"`
	LimitAtOnce int                `json:"limit_at_once"`
	Share       float64            `json:"share_of_limit"`
	Repeated    int                `json:"repeated"` // arrivals beyond the first at an inbox

	times []float64
}

func (f *fediverse) report(began, returned time.Time, limit bound) report {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := report{
		Hosts: f.hosts, Followers: f.followers, Inboxes: len(f.live()), Reached: len(f.arrivals), Bad: f.bad.String(),
		PublishMS: milliseconds(returned.Sub(began)), Limit: limit.rate, LimitAtOnce: limit.concurrency,
		ReachedMS: map[string]float64{},
	}
	if f.delay > 0 {
		r.Delay = f.delay.String()
	}
	for _, arrivals := range f.arrivals {
		r.times = append(r.times, milliseconds(arrivals[0].at.Sub(returned)))
		r.Repeated += len(arrivals) - 1
	}
	if len(r.times) == 0 {
		return r
	}
	slices.Sort(r.times)
	r.FirstMS = r.times[0]
	for _, percent := range []int{50, 90, 99, 100} {
		r.ReachedMS[fmt.Sprint(percent)] = r.times[(len(r.times)*percent+99)/100-1]
	}
	if span := r.times[len(r.times)-1] - r.FirstMS; span > 0 {
		r.Rate = float64(len(r.times)) / span * 1000
		r.Share = r.Rate / r.Limit
	}
	return r
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r report) writeJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

func (r report) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	row := func(what, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", what, fmt.Sprintf(format, args...)) }
	row("servers, followers", "%d, %d", r.Hosts, r.Followers)
	row("live inboxes reached", "%d of %d", r.Reached, r.Inboxes)
	if r.Bad != "" {
		row("bad servers (percent)", "%s", r.Bad)
	}
	if r.Delay != "" {
		row("each answer takes", "%s", r.Delay)
	}
	row("publish returned after", "%.1f ms", r.PublishMS)
	row("first delivery after that", "%.1f ms", r.FirstMS)
	for _, percent := range []string{"50", "90", "99", "100"} {
		row(percent+" % reached after", "%.0f ms", r.ReachedMS[percent])
	}
	row("deliveries a second", "%.0f", r.Rate)
	row("the limit", "%.0f, at %d at once", r.Limit, r.LimitAtOnce)
	row("share of the limit", "%.2f", r.Share)
	row("arrivals repeated", "%d", r.Repeated)
	return t.Flush()
}

// svg plots the share of live inboxes reached over time.
func (r report) svg() string {
	const width, height, left, bottom = 640.0, 320.0, 50.0, 40.0
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="12">`, width, height)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>`)
	last := 1.0
	if n := len(r.times); n > 0 {
		last = max(1, r.times[n-1])
	}
	x := func(ms float64) float64 { return left + max(0, ms)/last*(width-left-20) }
	y := func(share float64) float64 { return height - bottom - share*(height-bottom-20) }
	for _, share := range []float64{0, 0.5, 0.9, 1} {
		fmt.Fprintf(&b, `<line x1="%.0f" y1="%.1f" x2="%.0f" y2="%.1f" stroke="#ddd"/><text x="%.0f" y="%.1f" text-anchor="end">%.0f %%</text>`,
			left, y(share), width-20, y(share), left-6, y(share)+4, share*100)
	}
	points := make([]string, 0, len(r.times))
	for i, ms := range r.times {
		points = append(points, fmt.Sprintf("%.1f,%.1f", x(ms), y(float64(i+1)/float64(max(1, r.Inboxes)))))
	}
	fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="#1d4f91" stroke-width="2"/>`, strings.Join(points, " "))
	fmt.Fprintf(&b, `<text x="%.0f" y="%.0f">0</text><text x="%.0f" y="%.0f" text-anchor="end">%.0f ms after publish returned</text></svg>`,
		left, height-bottom+18, width-20, height-bottom+18, last)
	return b.String()
}
