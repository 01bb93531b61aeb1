package desk

import (
	"bytes"
	"context"
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
	Due      instant // of what is under embargo
	URL      string
	Releases []releaseView
}

// releaseView is what was released at once: the article, a correction or its withdrawal.
type releaseView struct {
	Did                string // Released, Corrected, Withdrawn
	Due, Dated, Public instant
	After              string // how long after it was due it was public
	Silent             bool
	Page, Feed         sightView
	Actors             []actorReport
	Made               instant
}

// sightView is when readers saw it somewhere, or why they were not seen to.
type sightView struct{ After, Why string }

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
	view := reportView{line: d.line(r.Context(), tree, a, ""), URL: report.URL}
	if len(report.Releases) == 0 {
		view.Due = d.when(r.Context(), a)
	}
	for _, one := range report.Releases {
		view.Releases = append(view.Releases, d.releaseView(r.Context(), a, one))
	}
	return d.show(w, r, http.StatusOK, "report", "Release report", view)
}

func (d *Desk) releaseView(ctx context.Context, a press.Article, of newsroom.Release) releaseView {
	view := releaseView{
		Did: didOf(of), Due: d.instant(ctx, of.Due), Dated: d.instant(ctx, of.Dated), Public: d.instant(ctx, of.Public), Silent: of.Silent, Made: d.instant(ctx, of.AsOf),
		Page: sightView{after(of, of.Page.Seen), of.Page.Why}, Feed: sightView{after(of, of.Feed.Seen), of.Feed.Why},
	}
	if !of.Due.IsZero() && a.Precision != press.ToTheDay {
		view.After = short(of.Public.Sub(of.Due))
	}
	for _, one := range of.Actors {
		shown := actorReport{ActorReport: one, FirstAfter: after(of, one.First), MedianAfter: after(of, one.Median), LastAfter: after(of, one.Last)}
		for _, m := range one.Missing {
			shown.Laggards = append(shown.Laggards, laggard{Inbox: m.Inbox, Reason: m.Why, Next: d.instant(ctx, m.NextTry)})
		}
		view.Actors = append(view.Actors, shown)
	}
	return view
}

// didOf is what was done, in a word or two.
func didOf(of newsroom.Release) string {
	switch {
	case of.Kind == press.KindPublished:
		return "Released"
	case of.Kind == press.KindWithdrawn:
		return "Withdrawn"
	case of.Minor:
		return "Corrected, without a note"
	}
	return "Corrected"
}

// after is how long after the article was public something was.
func after(of newsroom.Release, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return short(at.Sub(of.Public))
}

func short(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

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
