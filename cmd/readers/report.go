package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"communique/cmd/internal/bench"
)

// report is what was measured, in the order in which it was.
type report struct{ rows []*row }

// row is one server under one question.
type row struct {
	question, server string
	rounds           []figure
}

func (r *report) add(question, server string, f figure) {
	found := r.row(question, server)
	if found == nil {
		found = &row{question: question, server: server}
		r.rows = append(r.rows, found)
	}
	found.rounds = append(found.rounds, f)
}

func (r *report) row(question, server string) *row {
	i := slices.IndexFunc(r.rows, func(one *row) bool { return one.question == question && one.server == server })
	if i < 0 {
		return nil
	}
	return r.rows[i]
}

// measured is the server that the others are compared with.
const measured = "communique"

func (r *report) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "case\tserver\tanswers a second\tfrom\tto\tCPU µs\tms\tratio\tratio of CPU")
	for _, one := range r.rows {
		rates := one.each(func(f figure) float64 { return f.rate })
		fmt.Fprintf(t, "%s\t%s\t%.0f\t%.0f\t%.0f\t%.1f\t%.2f\t%.2f\t%.2f\n", one.question, one.server,
			bench.Median(rates), slices.Min(rates), slices.Max(rates),
			bench.Median(one.each(func(f figure) float64 { return f.cpu })),
			bench.Median(one.each(func(f figure) float64 { return f.milliseconds })),
			r.ratio(one, figure.speed), r.ratio(one, func(f figure) float64 { return f.cpu }))
	}
	return t.Flush()
}

// speed is what is compared: answers a second, or how many first answers would go
// into one.
func (f figure) speed() float64 {
	if f.milliseconds > 0 {
		return 1000 / f.milliseconds
	}
	return f.rate
}

// ratio is the median over the rounds of communique's figure to the server's.
func (r *report) ratio(one *row, of func(figure) float64) float64 {
	own := r.row(one.question, measured)
	var all []float64
	for i, f := range one.rounds {
		if i < len(own.rounds) && of(f) > 0 {
			all = append(all, of(own.rounds[i])/of(f))
		}
	}
	return bench.Median(all)
}

func (r *row) each(of func(figure) float64) []float64 {
	var all []float64
	for _, f := range r.rounds {
		all = append(all, of(f))
	}
	return all
}
