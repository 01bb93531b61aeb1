package command

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// object prints a value as one line of JSON.
func (a *app) object(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// say prints a line for people.
func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.Stdout, format+"\n", args...)
}

// here is what a command that people are told to run needs besides, to do it to the site
// that this one was run for.
func (a *app) here() string {
	if a.data == defaultData(a.Env) {
		return ""
	}
	if strings.ContainsAny(a.data, " '\"$") {
		return fmt.Sprintf(" --data %q", a.data)
	}
	return " --data " + a.data
}

// toTheSecond is how people are told an instant that seconds matter for.
const toTheSecond = "2006-01-02 15:04:05 MST"

// second is an instant for people, in the zone of the site.
func (in *installation) second(at time.Time) string { return at.In(in.config.Zone).Format(toTheSecond) }

// result is what publish, correct and withdraw print with --json.
type result struct {
	ID  press.ArticleID `json:"id"`
	URL string          `json:"url"`
	Seq press.Seq       `json:"seq"`
	// State is "published", "embargoed", "withdrawn" or "cancelled".
	State     press.State `json:"state"`
	Embargoed bool        `json:"embargoed"`
	// WasEmbargoed is until when the draft was under embargo that correct replaced.
	WasEmbargoed string `json:"was_embargoed_until,omitempty"`
	// Held says why a draft does not go out at its time.
	Held string `json:"held,omitempty"`
	// Siblings are the translations that it was of consequence to.
	Siblings []siblingLine `json:"siblings,omitempty"`
	// Replaces is what a correction takes the place of.
	Replaces *replaced `json:"replaces,omitempty"`
	// HiddenRevisions are the wordings that the public can read no more, HiddenNotes the
	// notes of earlier corrections, which are hidden with them; NoteTells what the new note
	// says that only these had.
	HiddenRevisions []int    `json:"hidden_revisions,omitempty"`
	HiddenNotes     []string `json:"hidden_notes,omitempty"`
	NoteTells       []string `json:"note_tells,omitempty"`
	// Repeated tells that nothing was published, because the key was used before.
	Repeated bool `json:"repeated,omitempty"`
	// Notes are what publish and correct lost of the text.
	Notes []newsroom.Note `json:"notes,omitempty"`
}

func (a *app) result(ctx context.Context, in *installation, r newsroom.Result, clock string) error {
	until := ""
	if r.Before.State == press.Embargoed {
		until = in.published(r.Before)
	}
	replaces, err := in.replaced(ctx, r)
	if err != nil {
		return err
	}
	return a.objectServed(ctx, in, result{
		ID: r.Article.ID, URL: in.site.Article(r.Article), Seq: r.Entry.Seq, State: r.Article.State,
		Embargoed: r.Article.State == press.Embargoed, Repeated: r.Repeated, Notes: r.Notes,
		WasEmbargoed: until, Held: heldBecause(r.Article, clock), Siblings: in.siblings(r), Replaces: replaces,
		HiddenRevisions: r.Hidden.Revisions, HiddenNotes: r.Hidden.Notes, NoteTells: r.Hidden.Told,
	})
}
