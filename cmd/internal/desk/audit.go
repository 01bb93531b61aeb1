package desk

import (
	"context"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/audit"
	"communique/storage/press"
)

const (
	auditShown = 60     // lines on a page
	auditRead  = 1000   // at a time
	auditMost  = 50_000 // lines are looked at for a page; the next one goes on
)

// auditView is a page of the audit.
type auditView struct {
	Who, Did, Subject, Since, Until string
	Lines                           []auditLine
	Older                           string
	Narrowed                        bool
}

// auditLine is a line of the audit as people see it.
type auditLine struct {
	Seq                         int64
	When                        instant
	Who, Via, Network           string
	Did, Subject, More, Article string
}

func (d *Desk) auditLine(ctx context.Context, l audit.Line) auditLine {
	line := auditLine{Seq: l.Seq, When: d.instant(ctx, l.At), Who: l.Who, Via: l.Via, Network: l.Network, Did: l.Did, Subject: l.Subject}
	var more []string
	for _, name := range slices.Sorted(maps.Keys(l.Facts)) {
		if value := l.Facts[name]; value != "" && len(value) != 64 { // a digest is for machines
			more = append(more, strings.ReplaceAll(name, "_", " ")+": "+value)
		}
	}
	if l.Why != "" {
		more = append(more, "why: "+l.Why)
	}
	line.More = strings.Join(more, "; ")
	if _, err := press.ParseArticleID(l.Subject); err == nil {
		line.Article = "/articles/" + l.Subject
		if strings.HasPrefix(l.Did, "manuscript ") { // their numbers are like those of articles
			line.Article = "/manuscripts/" + l.Subject
		}
	}
	return line
}

func (d *Desk) audit(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	trimmed := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	view := auditView{Who: trimmed("who"), Did: trimmed("did"), Subject: trimmed("subject"), Since: trimmed("since"), Until: trimmed("until")}
	view.Narrowed = view.Who+view.Did+view.Subject+view.Since+view.Until != ""
	since, until := d.day(view.Since), d.day(view.Until)
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	before := int64(math.MaxInt64)
	if n, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && n > 0 {
		before = n
	}
	fits := func(l audit.Line) bool {
		return (view.Who == "" || view.Who == l.Who) && (view.Did == "" || strings.Contains(l.Did, view.Did)) && (view.Subject == "" || view.Subject == l.Subject) &&
			(until.IsZero() || l.At.Before(until))
	}
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		var found []audit.Line
		shown := func() error {
			err := tx.Explain(found)
			for _, l := range found {
				view.Lines = append(view.Lines, d.auditLine(r.Context(), l))
			}
			return err
		}
		for looked := 0; ; {
			page, err := tx.AuditBefore(before, auditRead)
			if err != nil {
				return err
			}
			for _, l := range page {
				if l.At.Before(since) {
					return shown()
				}
				if len(found) == auditShown || looked == auditMost {
					view.Older = view.address(before)
					return shown()
				}
				if fits(l) {
					found = append(found, l)
				}
				before = l.Seq
				looked++
			}
			if len(page) < auditRead {
				return shown()
			}
		}
	})
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "audit", "Audit", view)
}

// day is the beginning of a day, or zero if none was given.
func (d *Desk) day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return press.StartOfDay(at.Year(), at.Month(), at.Day(), d.Room.Zone)
}

// address is that of the same lines, before one.
func (v auditView) address(before int64) string {
	q := url.Values{"before": {strconv.FormatInt(before, 10)}}
	for name, value := range map[string]string{"who": v.Who, "did": v.Did, "subject": v.Subject, "since": v.Since, "until": v.Until} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/audit?" + q.Encode()
}
