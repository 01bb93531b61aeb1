package command

import (
	"fmt"
	"time"

	"communique/cmd/internal/check"
)

// backupLate is how much longer than it should be the last backup may be ago.
const backupLate = 2 * time.Hour

// backupsStatus is how backups stand.
type backupsStatus struct {
	// Configured is whether the server makes them.
	Configured bool   `json:"configured"`
	Made       string `json:"made,omitempty"`
	Size       int64  `json:"size_bytes,omitempty"`
	Rehearsed  string `json:"rehearsed,omitempty"`
	// Fault is why the last rehearsal failed, Proven is when the newest backup was made
	// whose rehearsal did not.
	Fault  string `json:"fault,omitempty"`
	Proven string `json:"proven,omitempty"`
	// Failed is why none could be made, and FailedAt when; empty if the last one could.
	Failed   string `json:"failed,omitempty"`
	FailedAt string `json:"failed_at,omitempty"`
	// Gone is why the newest one cannot be found in the folder; empty if it is there.
	Gone string `json:"gone,omitempty"`

	thereBackups
}

func (in *installation) backupsStatus(there thereBackups) backupsStatus {
	known := there.known
	return backupsStatus{
		Configured: in.config.Backup.Folder != "", Made: stamp(known.Made), Size: known.Size, Rehearsed: stamp(known.Rehearsed), Fault: known.Fault,
		Proven: stamp(known.Proven), Failed: known.Failed, FailedAt: stamp(known.FailedAt), Gone: there.gone, thereBackups: there,
	}
}

func (b backupsStatus) text(in *installation) string {
	switch {
	case b.known.Made.IsZero() && b.gone != "":
		return "none that is there."
	case b.known.Made.IsZero():
		return "none that is known of."
	}
	text := "the last one of " + in.second(b.known.Made)
	if b.Size > 0 {
		text += fmt.Sprintf(", %d MiB", max(1, (b.Size+1<<19)>>20))
	}
	switch {
	case b.known.Rehearsed.IsZero():
		text += ", of which none was rehearsed"
	case b.Fault != "":
		text += ", whose rehearsal failed"
	default:
		text += ", rehearsed at " + in.second(b.known.Rehearsed)
	}
	if b.Fault != "" && !b.known.Proven.IsZero() {
		text += "; the last good one is of " + in.second(b.known.Proven)
	}
	return text + "."
}

// judgeBackups says what is wrong with them.
func (in *installation) judgeBackups(there thereBackups, now time.Time) (verdict check.Verdict, observed string) {
	c, known := in.config.Backup, there.known
	switch {
	case known.Fault != "":
		return check.Fail, "the last backup cannot be relied on: " + known.Fault
	case known.Failed != "":
		return check.Fail, fmt.Sprintf("no backup could be made at %s: %s", in.second(known.FailedAt), known.Failed)
	case there.gone != "":
		return check.Fail, there.gone
	case c.Folder == "" && known.Made.IsZero():
		return check.OK, "none is configured (backup.folder)"
	case c.Folder == "":
		return check.OK, "the server makes none (backup.folder); the last one is of " + in.second(known.Made)
	case known.Made.IsZero():
		return check.Warn, "none was made yet"
	case now.Sub(known.Made) > c.Every+backupLate:
		return check.Fail, "none was made since " + in.second(known.Made)
	}
	return check.OK, "the last one is of " + in.second(known.Made) + ", and its rehearsal went well"
}
