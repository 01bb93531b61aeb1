package main

import (
	"fmt"
	"strings"
)

// svg plots the share of live inboxes reached over time, for the median round.
func (r report) svg() string {
	const width, height, left, bottom = 640.0, 320.0, 50.0, 40.0
	times := r.typical().times
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="12">`, width, height)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>`)
	last := 1.0
	if n := len(times); n > 0 {
		last = max(1, times[n-1])
	}
	x := func(ms float64) float64 { return left + max(0, ms)/last*(width-left-20) }
	y := func(share float64) float64 { return height - bottom - share*(height-bottom-20) }
	for _, share := range []float64{0, 0.5, 0.9, 1} {
		fmt.Fprintf(&b, `<line x1="%.0f" y1="%.1f" x2="%.0f" y2="%.1f" stroke="#ddd"/><text x="%.0f" y="%.1f" text-anchor="end">%.0f %%</text>`,
			left, y(share), width-20, y(share), left-6, y(share)+4, share*100)
	}
	points := make([]string, 0, len(times))
	for i, ms := range times {
		points = append(points, fmt.Sprintf("%.1f,%.1f", x(ms), y(float64(i+1)/float64(max(1, r.Inboxes)))))
	}
	fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="#1d4f91" stroke-width="2"/>`, strings.Join(points, " "))
	fmt.Fprintf(&b, `<text x="%.0f" y="%.0f">0</text><text x="%.0f" y="%.0f" text-anchor="end">%.0f ms after publish returned</text></svg>`,
		left, height-bottom+18, width-20, height-bottom+18, last)
	return b.String()
}
