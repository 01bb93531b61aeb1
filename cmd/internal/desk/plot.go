package desk

import (
	"fmt"
	"math"
	"strings"
	"time"

	"communique/storage/deliveries"
)

// The size of a plot, and where in it the curve is: in units that its picture is scaled by.
const (
	plotWidth, plotHeight          = 720, 240
	plotLeft, plotRight            = 64, 704
	plotTop, plotBottom            = 16, 208
	plotFirst                      = 100 * time.Millisecond // nothing is known closer than that
	plotLevels                     = 4
	plotLabelBelow, plotLabelAside = 22, 8
)

// plot is the curve of how many servers accepted an entry by when: time is drawn by its
// logarithm, because half of them answer within seconds, and the last within days.
type plot struct {
	Curve, Area string // paths of SVG
	Ticks       []tick // along the time
	Levels      []tick // along the servers
	Steps       []step // the same as a table
}

// tick is a mark on an axis.
type tick struct {
	At, LabelAt int
	Label       string
}

// step is how many servers had accepted an entry after some time.
type step struct {
	After              string
	Servers, Followers int
	Percent            int
}

// plotMarks are the times that people know by name.
var plotMarks = []struct {
	after time.Duration
	name  string
}{
	{time.Second, "1 s"},
	{10 * time.Second, "10 s"},
	{time.Minute, "1 min"},
	{10 * time.Minute, "10 min"},
	{time.Hour, "1 h"},
	{6 * time.Hour, "6 h"},
	{24 * time.Hour, "1 day"},
	{7 * 24 * time.Hour, "7 days"},
	{30 * 24 * time.Hour, "30 days"},
}

// plotOf draws the progress of an entry until now; nil if no server was to have it.
func plotOf(r deliveries.Reach, now time.Time) *plot {
	if r.Servers == 0 {
		return nil
	}
	end := plotEnd(r, now)
	x := func(after time.Duration) int {
		share := math.Log(float64(max(after, plotFirst))/float64(plotFirst)) / math.Log(float64(end)/float64(plotFirst))
		return plotLeft + int(math.Round(min(share, 1)*(plotRight-plotLeft)))
	}
	y := func(servers int) int {
		return plotBottom - int(math.Round(float64(min(servers, r.Servers))/float64(r.Servers)*(plotBottom-plotTop)))
	}
	p := &plot{Steps: stepsOf(r, min(end, max(now.Sub(r.Entry.At), 0)))}
	var path strings.Builder
	fmt.Fprintf(&path, "M%d %d", plotLeft, plotBottom)
	had := 0
	for _, m := range r.Progress {
		had += m.Servers
		fmt.Fprintf(&path, "H%dV%d", x(m.At.Sub(r.Entry.At)), y(had))
	}
	until := x(now.Sub(r.Entry.At))
	fmt.Fprintf(&path, "H%d", until)
	p.Curve = path.String()
	p.Area = p.Curve + fmt.Sprintf("V%dZ", plotBottom)
	for _, m := range plotMarks {
		if m.after <= end {
			p.Ticks = append(p.Ticks, tick{x(m.after), plotBottom + plotLabelBelow, m.name})
		}
	}
	shown := -1
	for n := range plotLevels + 1 {
		if servers := r.Servers * n / plotLevels; servers != shown {
			p.Levels = append(p.Levels, tick{y(servers), plotLeft - plotLabelAside, fmt.Sprint(servers)})
			shown = servers
		}
	}
	return p
}

// plotEnd is where the axis of time ends: at a mark behind the last server, or behind now
// while some are to come.
func plotEnd(r deliveries.Reach, now time.Time) time.Duration {
	until := 10 * time.Second
	if last := len(r.Progress) - 1; last >= 0 {
		until = max(until, r.Progress[last].At.Sub(r.Entry.At))
	}
	if r.Behind > 0 {
		until = max(until, now.Sub(r.Entry.At))
	}
	for _, m := range plotMarks {
		if m.after >= until {
			return m.after
		}
	}
	return until
}

// stepsOf is the curve as a table, up to some time after the entry.
func stepsOf(r deliveries.Reach, until time.Duration) (all []step) {
	for _, m := range plotMarks {
		s := step{After: m.name}
		for _, progress := range r.Progress {
			if progress.At.Sub(r.Entry.At) <= m.after {
				s.Servers += progress.Servers
				s.Followers += progress.Followers
			}
		}
		s.Servers = min(s.Servers, r.Servers)
		s.Percent = 100 * s.Servers / r.Servers
		if m.after <= until || len(all) == 0 {
			all = append(all, s)
		}
	}
	return all
}
