package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
	"communique/storage"
)

// upgradeLock is a file of the installation that is there, and locked, while its database is
// brought up to date. It holds an upgradeLine.
const upgradeLock = "upgrade.lock"

// upgradeLine is how far a database is that is brought up to date, as status prints it with
// --json.
type upgradeLine struct {
	// Version is that of the program which does it.
	Version string `json:"version"`
	// Percent is how much of it is done, by its steps and the rows of the present one.
	Percent int `json:"percent"`
	// Left is in how many seconds it is done if it goes on as it went; 0 if that is not known.
	Left float64 `json:"left_seconds,omitempty"`
	// Text says it for people.
	Text string `json:"text"`
}

// left is how long it still takes; 0 if that is not known.
func (l upgradeLine) left() time.Duration { return time.Duration(l.Left * float64(time.Second)) }

// pace tells how far an upgrade is and how long it still takes.
type pace struct {
	clock storage.Clock
	// began and stepped are when the upgrade and its present step began.
	began, stepped time.Duration
	at             storage.Upgrade
}

func newPace(clock storage.Clock) *pace {
	now := clock.Elapsed()
	return &pace{clock: clock, began: now, stepped: now}
}

// now tells how it is, and whether another step begins, or its rows do.
func (p *pace) now(u storage.Upgrade) (line upgradeLine, begins bool) {
	now := p.clock.Elapsed()
	switch {
	case p.at.Copying && !u.Copying: // it is no step
		p.began = now
		fallthrough
	case u.Step != p.at.Step, u.Copying && !p.at.Copying:
		begins, p.stepped = true, now
	case p.at.All == 0 && u.All > 0:
		begins = true
	}
	p.at = u
	ofStep := 0.0
	if u.All > 0 {
		ofStep = min(1, float64(u.Done)/float64(u.All))
	}
	ofAll := ofStep
	if !u.Copying {
		ofAll = (float64(u.Step-1) + ofStep) / float64(max(u.Steps, 1))
		line.Percent = int(100 * ofAll)
	}
	// Steps take unequally long: what a long one still needs is the least.
	left := max(remaining(now-p.stepped, ofStep), remaining(now-p.began, ofAll)).Round(time.Second)
	line.Version, line.Left, line.Text = version(), left.Seconds(), says(u)
	if left > 0 {
		line.Text += fmt.Sprintf(", about %s left", left)
	}
	return line, begins
}

// remaining is how long the rest takes if a share of it took so long.
func remaining(took time.Duration, share float64) time.Duration {
	if share <= 0 {
		return 0
	}
	return time.Duration(float64(took) * (1 - share) / share)
}

func says(u storage.Upgrade) string {
	const mega = 1_000_000
	switch {
	case u.Copying:
		return fmt.Sprintf("it is copied first, %d of %d MB", u.Done/mega, (u.All+mega-1)/mega)
	case u.All > 0:
		return fmt.Sprintf("step %d of %d, %d of %d rows", u.Step, u.Steps, u.Done, u.All)
	}
	return fmt.Sprintf("step %d of %d", u.Step, u.Steps)
}

// noteEvery is how often it is noted how far an upgrade is.
const noteEvery = time.Second

// upgrading tells people and other commands how far a database is that this one brings up to
// date.
type upgrading struct {
	pace  *pace
	shown *progress
	lock  *flock.Flock
	mine  bool // the lock
	noted time.Duration
}

func (a *app) newUpgrading(c config.Config) *upgrading {
	return &upgrading{pace: newPace(a.Clock), shown: newProgress(a.Stderr, a.Clock, "", 100), lock: flock.New(filepath.Join(c.Data, upgradeLock))}
}

// at is called for each step and row.
func (u *upgrading) at(is storage.Upgrade) {
	line, begins := u.pace.now(is)
	if u.shown.done = line.Percent; u.shown.due() {
		u.shown.show("The database is brought up to date: " + line.Text)
	}
	if now := u.pace.clock.Elapsed(); begins || now-u.noted >= noteEvery {
		u.noted = now
		u.note(line)
	}
}

// note is for status. Where it cannot be noted, as in a folder that is not ours to write, or
// where another one does the same, the upgrade goes on all the same.
func (u *upgrading) note(line upgradeLine) {
	if !u.mine {
		u.mine, _ = u.lock.TryLock()
	}
	if text, err := json.Marshal(line); err == nil && u.mine {
		_ = os.WriteFile(u.lock.Path(), text, 0o600)
	}
}

// end is called when the database is open, or cannot be opened.
func (u *upgrading) end() {
	u.shown.end()
	if u.mine {
		_ = os.Remove(u.lock.Path()) // nobody reads one that is not locked
		_ = u.lock.Unlock()
	}
}

// underWay reads how far another command is that brings the database in a folder up to date;
// nil if none does.
func underWay(data string) *upgradeLine {
	name := filepath.Join(data, upgradeLock)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	lock := flock.New(name)
	if free, err := lock.TryRLock(); free || err != nil {
		_ = lock.Unlock()
		return nil // it was killed
	}
	line := &upgradeLine{Text: "it has begun"}
	_ = json.Unmarshal(text, line) // it may be written just now
	return line
}

// printUpgrade is the status while the database is brought up to date.
func (a *app) printUpgrade(line *upgradeLine) error {
	r := &statusReport{Upgrade: line, Troubles: []trouble{{check.Warn, "the database is being brought up to date: " + line.Text}}}
	if a.json {
		if err := a.object(r); err != nil {
			return err
		}
		return r.verdict()
	}
	a.say("The database is being brought up to date for version %s: %s.", plain(line.Version), plain(line.Text))
	a.say("The site is served when that is done; until then its pages say so.")
	return r.verdict()
}
