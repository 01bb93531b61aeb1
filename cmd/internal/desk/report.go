package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// reportView is the release report as a page that can be printed.
type reportView struct {
	line
	Due, Public instant
	After       string // how long after it was due it was public
	Silent      bool
	URL         string
	Actors      []actorReport
	Made        instant
}

type actorReport struct {
	newsroom.ActorReport
	FirstAfter, MedianAfter, LastAfter string
	Laggards                           []laggard
}

// report reads the release report of an article that whoever asks may read.
func (d *Desk) report(r *http.Request) (a press.Article, tree press.Tree, report newsroom.Report, err error) {
	if a, tree, err = d.read(r); err != nil {
		return a, tree, report, err
	}
	report, err = visitOf(r).Room.Report(r.Context(), a.ID)
	return a, tree, report, err
}

func (d *Desk) reportPage(w http.ResponseWriter, r *http.Request) error {
	a, tree, report, err := d.report(r)
	if err != nil {
		return err
	}
	view := reportView{
		line: d.line(r.Context(), tree, a, ""), Due: d.instant(r.Context(), report.Due), Public: d.instant(r.Context(), report.Public), Silent: report.Silent, URL: report.URL,
		After: report.Public.Sub(report.Due).Round(100 * time.Millisecond).String(), Made: d.instant(r.Context(), d.Store.Now()),
	}
	if report.Public.Before(report.Due) || a.Precision == press.ToTheDay {
		view.After = ""
	}
	for _, one := range report.Actors {
		shown := actorReport{ActorReport: one, FirstAfter: after(report, one.First), MedianAfter: after(report, one.Median), LastAfter: after(report, one.Last)}
		for _, m := range one.Missing {
			shown.Laggards = append(shown.Laggards, laggard{Inbox: m.Inbox, Reason: m.Why, Next: d.instant(r.Context(), m.NextTry)})
		}
		view.Actors = append(view.Actors, shown)
	}
	return d.show(w, r, http.StatusOK, "report", "Release report", view)
}

// after is how long after the article was public something was.
func after(r newsroom.Report, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Sub(r.Public).Round(100 * time.Millisecond).String()
}

// reportFile answers with the report for machines: as JSON, or as a table.
func (d *Desk) reportFile(w http.ResponseWriter, r *http.Request) error {
	a, _, report, err := d.report(r)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	kind, ending := "application/json", ".json"
	if strings.HasSuffix(r.URL.Path, ".csv") {
		kind, ending = "text/csv; charset=utf-8", ".csv"
		err = report.WriteCSV(&file)
	} else {
		err = json.NewEncoder(&file).Encode(report)
	}
	if err != nil {
		return fmt.Errorf("write the report of article %s: %w", a.ID, err)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename="+strconv.Quote("report-"+string(a.ID)+ending))
	_, _ = w.Write(file.Bytes()) // an error concerns a client that has gone
	return nil
}
