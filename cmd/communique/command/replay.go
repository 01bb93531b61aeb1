package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"communique/cmd/internal/journal"
	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/sqlite"
)

// replayed is what was done again from journals.
type replayed struct {
	record    journal.Record
	all       []newsroom.Replayed
	lacks     string // what the journals do not tell
	confirmed bool   // the site can be served
	zone      *time.Location
}

// whole tells whether all that was withdrawn and corrected is so again.
func (r replayed) whole() bool {
	return len(r.record.Files) > 0 && r.lacks == "" && !slices.ContainsFunc(r.all, func(d newsroom.Replayed) bool { return d.Fate == newsroom.Failed })
}

// replayClock is a clock that stands where it is put.
type replayClock struct {
	storage.Clock
	mu sync.Mutex
	at time.Time
}

// Now is where it was put last.
func (c *replayClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return c.Clock.Now()
	}
	return c.at
}

func (c *replayClock) put(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// replay does again what the journals of an installation tell that is not served: those where
// it keeps its own, and in further folders. If they tell all, and confirm is set, the site can
// be served then.
func (a *app) replay(ctx context.Context, folders []string, confirm bool) (r replayed, err error) {
	clock := &replayClock{Clock: a.Clock}
	then := *a
	then.Clock = clock
	in, err := then.openMoving(ctx, sqlite.Open)
	if err != nil {
		return r, err
	}
	defer func() { _ = in.store.Close() }() // what was done is on the disk
	r.zone = in.config.Zone
	folders = append([]string{in.config.JournalFolder()}, folders...)
	slices.Sort(folders)
	j, err := in.journals(ctx)
	if err != nil {
		return r, err
	}
	if r.record, err = journal.Read(slices.Compact(folders), j.Before); err != nil || len(r.record.Files) == 0 {
		return r, err
	}
	for _, site := range r.record.Sites {
		if site != in.config.BaseURL {
			return r, fmt.Errorf("%w: the journal is of %s, and this site is %s", press.ErrConflict, site, in.config.BaseURL)
		}
	}
	after := j.Replayed
	if after == 0 { // each line is held against the log: see reopenPutBack
		after = r.record.Begins()
	}
	r.lacks = r.record.Lacks(after, j.Gaps...)
	if r.all, err = in.desk("").Replay(ctx, r.record, clock.put); err != nil {
		return r, err
	}
	clock.put(time.Time{})
	if !confirm || !r.whole() {
		return r, nil
	}
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		before, err := tx.Restoration()
		if err != nil || !before.Waits() {
			return err
		}
		return tx.ConfirmRestore()
	})
	r.confirmed = err == nil
	return r, err
}

// replayAndTell is restore --replay: for a site that is there, restored or put back by other
// tools.
func (a *app) replayAndTell(ctx context.Context, folders []string) error {
	in, err := a.openMoving(ctx, sqlite.Open)
	if err != nil {
		return err
	}
	defer func() { _ = in.store.Close() }()
	release, err := in.lockAlone(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := in.reopenPutBack(ctx); err != nil {
		return err
	}
	r, err := a.replay(ctx, folders, true)
	if err != nil {
		return err
	}
	if len(r.record.Files) == 0 {
		return fmt.Errorf("%w: there is no journal of this site in %s; name its folder with --journal", press.ErrNotFound, strings.Join(append([]string{in.config.JournalFolder()}, folders...), ", "))
	}
	if err := a.printReplayed(r); err != nil {
		return err
	}
	if a.json {
		return a.object(map[string]any{"data": a.data, "confirmed": r.confirmed})
	}
	if r.confirmed {
		a.say("Next: communique serve --data %s", a.data)
	} else {
		a.say("Nothing is served yet. Withdraw, correct and hide what is missing, then run communique restore --confirm --data %s", a.data)
	}
	return nil
}

// reopenPutBack has a database that lacks what its journal tells go on as one that was
// restored: an older copy was put in its place, or its server was taken back to a moment.
func (in *installation) reopenPutBack(ctx context.Context) error {
	j, err := in.journals(ctx)
	if err != nil || len(j.Before) > 0 {
		return err
	}
	var standing journal.Standing
	if j.Name != "" {
		if standing, err = in.journalOf(j.Name).Look(ctx); err != nil {
			return err
		}
	}
	if standing.Lacks == nil {
		return errors.New("this site was not restored, and lacks nothing that its journal tells")
	}
	return in.store.Update(ctx, func(tx *storage.Tx) error {
		if _, err := tx.Reopen(); err != nil {
			return err
		}
		return tx.NoteReplayed(0) // each line is held against the log, which may have gone on
	})
}

// replayedLine is what became of a line of a journal as restore prints it with --json.
type replayedLine struct {
	Replayed newsroom.ReplayFate `json:"replayed"`
	Did      journal.Deed        `json:"did"`
	At       string              `json:"at"`
	ID       press.ArticleID     `json:"id"`
	Title    string              `json:"title,omitempty"`
	Notes    []string            `json:"notes,omitempty"`
	Error    string              `json:"error,omitempty"`
}

// replayedWords say what became of a line, before what it was about.
var replayedWords = map[newsroom.ReplayFate]string{
	newsroom.Again:    "Done again",
	newsroom.Orphaned: "Done again, though the backup does not know it",
	newsroom.Lost:     "Lost, for the backup does not know it",
	newsroom.Waiting:  "Not done, for it is under embargo in the backup",
	newsroom.Failed:   "NOT DONE",
}

// printReplayed says what was done again and what was not.
func (a *app) printReplayed(r replayed) error {
	for _, d := range r.all {
		title, failure := d.Line.Title, ""
		if d.Article.Title != "" {
			title = d.Article.Title
		}
		if d.Err != nil {
			failure = d.Err.Error()
		}
		if a.json {
			if err := a.object(replayedLine{d.Fate, d.Line.Did, stamp(d.Line.At), d.Line.Article, title, d.Notes, failure}); err != nil {
				return err
			}
			continue
		}
		text := fmt.Sprintf("%s: %s %s %s", replayedWords[d.Fate], d.Line.Did, d.Line.At.In(r.zone).Format(toTheSecond), d.Line.Article)
		if title != "" {
			text += " " + richtext.Quoted(title)
		}
		more := d.Notes
		if failure != "" {
			more = append(more, failure)
		}
		a.say("%s", plain(strings.Join(append([]string{text}, more...), "; ")))
	}
	if a.json || len(r.record.Files) == 0 {
		return nil
	}
	if r.record.Until.IsZero() {
		a.say("The journal tells that nothing was published, corrected or withdrawn since. If it is a copy, what was done after that was made is unknown.")
	} else {
		a.say("The journal tells what was done until %s. If it is a copy, what was done after that was made is unknown.", r.record.Until.In(r.zone).Format(toTheSecond))
	}
	if r.lacks != "" {
		a.say("The journal does not tell %s.", r.lacks)
	}
	if slices.ContainsFunc(r.all, func(d newsroom.Replayed) bool {
		return d.Fate == newsroom.Lost && d.Line.Did == journal.Deed(press.KindPublished)
	}) {
		a.say("What was lost is with followers still, and its address answers 404: publish it again, or take it back with communique withdraw --orphan.")
	}
	return nil
}
