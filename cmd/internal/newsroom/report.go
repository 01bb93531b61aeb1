package newsroom

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sightings"
)

// Report tells how an article was released, and what was said of it since: when it was due,
// when it was public, when readers saw it, and when servers accepted it.
type Report struct {
	ID       press.ArticleID `json:"id"`
	Title    string          `json:"title"`
	Language press.Language  `json:"language"`
	URL      string          `json:"url"`
	// Due is the end of the embargo that it is under; zero if it is under none.
	Due time.Time `json:"due,omitzero"`
	// Releases are its release, its corrections and its withdrawal, in their order.
	Releases []Release `json:"releases"`
}

// Release is an entry of the log as it went out.
type Release struct {
	Seq   press.Seq  `json:"seq"`
	Kind  press.Kind `json:"kind"`
	Minor bool       `json:"minor,omitempty"`
	// Due is the instant at which it was to be public, as was said before; zero if nobody
	// said one, and it was public as soon as somebody released it.
	Due time.Time `json:"due,omitzero"`
	// Dated is the date that it bears, if that is an earlier one.
	Dated  time.Time `json:"dated,omitzero"`
	Public time.Time `json:"public"` // the entry of the log that made it so
	Silent bool      `json:"silent"` // servers are not told
	// Page and Feed are when it was seen there, through the public address.
	Page Sight `json:"page"`
	Feed Sight `json:"feed"`
	// Actors are those whose followers' servers were sent it.
	Actors []ActorReport `json:"actors"`
	// AsOf is when all that was so.
	AsOf time.Time `json:"as_of"`
}

// Sight is when something was seen where readers see it, or why it was not.
type Sight struct {
	Seen time.Time `json:"seen,omitzero"`
	Why  string    `json:"why,omitempty"`
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

// Report tells how an article was released; of one under embargo, when it is due.
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
		r = Report{ID: id, Title: a.Title, Language: a.Language, URL: d.Site.Article(a), Releases: []Release{}}
		switch {
		case len(entries) > 0:
		case a.State == press.Embargoed:
			r.Due = a.Published
		default:
			return fmt.Errorf("%w: article %s was not released", press.ErrNotFound, id)
		}
		for _, e := range entries {
			one, err := keptOrMade(tx, a, e)
			if err != nil {
				return err
			}
			r.Releases = append(r.Releases, one)
		}
		return nil
	})
	return r, err
}

// keptOrMade is the report of an entry: what was written down for good, or else as it is now.
func keptOrMade(tx *storage.Tx, a press.Article, e press.Entry) (r Release, err error) {
	s, err := tx.Sighting(e.Seq)
	if errors.Is(err, press.ErrNotFound) {
		never := "nobody looked: it was released before this site looked for what it releases"
		s.Page.Fault, s.Feed.Fault, err = never, never, nil
	}
	if err != nil {
		return r, err
	}
	if s.Keep.IsZero() && len(s.Report) > 0 {
		if err := json.Unmarshal(s.Report, &r); err != nil {
			return r, fmt.Errorf("read the report of entry %d: %w", e.Seq, err)
		}
		return r, nil
	}
	return releaseOf(tx, a, e, s)
}

func releaseOf(tx *storage.Tx, a press.Article, e press.Entry, s sightings.Sighting) (Release, error) {
	r := Release{
		Seq: e.Seq, Kind: e.Kind, Minor: e.Minor, Public: e.At, Silent: e.Silent, Actors: []ActorReport{}, AsOf: tx.Now(),
		Page: Sight{s.Page.Seen, s.Page.Fault}, Feed: Sight{s.Feed.Seen, s.Feed.Fault},
	}
	if err := r.date(tx, a, e); err != nil || e.Silent {
		return r, err
	}
	sources, err := tx.SourcesOf(e)
	for _, s := range sources {
		one, err := reportOf(tx, s, e)
		if err != nil {
			return r, err
		}
		r.Actors = append(r.Actors, one)
	}
	return r, err
}

// date tells when a publication was due. The date that an article bears is no instant at which
// it was to be public if it was over when somebody said it: then it is back-dated.
func (r *Release) date(tx *storage.Tx, a press.Article, e press.Entry) error {
	if e.Kind != press.KindPublished {
		return nil
	}
	said, err := tx.SaidBy(e.Seq)
	if err != nil {
		return err
	}
	before := !said // its embargo ended by itself
	written, err := tx.ManuscriptsOf(a.ID)
	if err != nil {
		return err
	}
	for _, m := range written {
		before = before || m.Kind == manuscripts.NewArticle && m.Created.Before(a.Published)
	}
	switch {
	case before && !a.Published.After(e.At):
		r.Due = a.Published
	case a.Published.Before(e.At.Truncate(time.Second)):
		r.Dated = a.Published
	}
	return nil
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
		{"release", "actor", "what", "value"},
		{"", "", "id", string(r.ID)}, {"", "", "title", r.Title}, {"", "", "url", r.URL},
	}
	if !r.Due.IsZero() {
		rows = append(rows, []string{"", "", "due", timeOf(r.Due)})
	}
	for _, one := range r.Releases {
		rows = append(rows, one.rows()...)
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

// rows are the lines of a release: each begins with what was done.
func (r Release) rows() [][]string {
	did := string(r.Kind)
	rows := [][]string{
		{did, "", "due", timeOf(r.Due)}, {did, "", "dated", timeOf(r.Dated)}, {did, "", "public", timeOf(r.Public)},
		{did, "", "page seen", timeOf(r.Page.Seen)}, {did, "", "page not seen", r.Page.Why},
		{did, "", "feed seen", timeOf(r.Feed.Seen)}, {did, "", "feed not seen", r.Feed.Why}, {did, "", "as of", timeOf(r.AsOf)},
	}
	for _, a := range r.Actors {
		rows = append(rows,
			[]string{did, a.Actor, "servers", strconv.Itoa(a.Servers)}, []string{did, a.Actor, "accepted", strconv.Itoa(a.Accepted)}, []string{did, a.Actor, "followers", strconv.Itoa(a.Followers)},
			[]string{did, a.Actor, "first", timeOf(a.First)}, []string{did, a.Actor, "median", timeOf(a.Median)}, []string{did, a.Actor, "last", timeOf(a.Last)})
		for _, m := range a.Missing {
			rows = append(rows, []string{did, a.Actor, "missing", m.Inbox + " " + m.Why})
		}
	}
	return slices.DeleteFunc(rows, func(row []string) bool { return row[3] == "" })
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
