package newsroom

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// Report tells how an article was released: when it was due, when it was public, and when
// servers accepted it.
type Report struct {
	ID       press.ArticleID `json:"id"`
	Title    string          `json:"title"`
	Language press.Language  `json:"language"`
	URL      string          `json:"url"`
	Due      time.Time       `json:"due"`
	Public   time.Time       `json:"public"` // the entry of the log that made it so
	Silent   bool            `json:"silent"` // servers are not told
	// Actors are those whose followers' servers were sent it.
	Actors []ActorReport `json:"actors"`
}

// ActorReport is how far an article has got with the followers of one actor.
type ActorReport struct {
	Actor     string `json:"actor"`
	Servers   int    `json:"servers"`
	Accepted  int    `json:"accepted"`
	Followers int    `json:"followers"` // on the servers that accepted
	// First, Median and Last are when a server, half of them and the last of those that have
	// accepted did, to the tenth of a second in the beginning; zero if that has not come.
	First   time.Time `json:"first,omitzero"`
	Median  time.Time `json:"median,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	Missing []Missing `json:"missing"`
	Unnamed int       `json:"unnamed,omitempty"` // further ones that are missing
}

// Missing is a server that has not accepted an article.
type Missing struct {
	Inbox   string    `json:"inbox"`
	Why     string    `json:"why"`
	NextTry time.Time `json:"next_try,omitzero"` // zero if it is not tried again
}

// mostMissing is how many servers are named that have not accepted an article.
const mostMissing = 200

// Report tells how an article was released. It returns press.ErrNotFound if it was not.
func (d Desk) Report(ctx context.Context, id press.ArticleID) (r Report, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		entries, err := tx.EntriesOf(id)
		if err != nil {
			return err
		}
		if len(entries) == 0 || entries[0].Kind != press.KindPublished {
			return fmt.Errorf("%w: article %s was not released", press.ErrNotFound, id)
		}
		e := entries[0]
		r = Report{ID: id, Title: a.Title, Language: a.Language, URL: d.Site.Article(a), Due: a.Published, Public: e.At, Silent: e.Silent, Actors: []ActorReport{}}
		if e.Silent {
			return nil
		}
		sources, err := tx.SourcesOf(e)
		for _, s := range sources {
			one, err := reportOf(tx, s, e)
			if err != nil {
				return err
			}
			r.Actors = append(r.Actors, one)
		}
		return err
	})
	return r, err
}

func reportOf(tx *storage.Tx, s publog.Source, e press.Entry) (ActorReport, error) {
	reach, err := tx.Reach(s.Name, e)
	if err != nil {
		return ActorReport{}, err
	}
	one := ActorReport{Actor: s.Actor(), Servers: reach.Servers, Accepted: reach.Reached, Followers: reach.FollowersReached, Missing: []Missing{}}
	if n := len(reach.Progress); n > 0 {
		one.First, one.Last = reach.Progress[0].At, reach.Progress[n-1].At
	}
	if took, ok := reach.Within(50); ok {
		one.Median = e.At.Add(took)
	}
	behind, err := tx.Behind(s.Name, e, mostMissing)
	if err != nil {
		return one, err
	}
	for _, b := range behind {
		one.Missing = append(one.Missing, Missing{b.URL, b.LastError, b.NextAttempt})
	}
	refused, err := tx.RefusalsOf(s.Name, e, mostMissing)
	for _, f := range refused {
		one.Missing = append(one.Missing, Missing{Inbox: f.URL, Why: fmt.Sprintf("refused with %d: %s", f.Status, f.Detail)})
	}
	one.Unnamed = max(reach.Servers-reach.Reached-len(one.Missing), 0)
	return one, err
}

// WriteCSV writes the report as a table: a line for each thing that is known (RFC 4180).
func (r Report) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	rows := [][]string{
		{"actor", "what", "value"},
		{"", "id", string(r.ID)}, {"", "title", r.Title}, {"", "url", r.URL},
		{"", "due", timeOf(r.Due)}, {"", "public", timeOf(r.Public)},
	}
	for _, a := range r.Actors {
		rows = append(rows,
			[]string{a.Actor, "servers", strconv.Itoa(a.Servers)}, []string{a.Actor, "accepted", strconv.Itoa(a.Accepted)}, []string{a.Actor, "followers", strconv.Itoa(a.Followers)},
			[]string{a.Actor, "first", timeOf(a.First)}, []string{a.Actor, "median", timeOf(a.Median)}, []string{a.Actor, "last", timeOf(a.Last)})
		for _, m := range a.Missing {
			rows = append(rows, []string{a.Actor, "missing", m.Inbox + " " + m.Why})
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := c.Write(row); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(text string) string {
	if text != "" && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@' || text[0] == '\t' || text[0] == '\r') {
		return "'" + text
	}
	return text
}

func timeOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.0Z07:00")
}
