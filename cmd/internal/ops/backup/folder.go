package backup

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Folder is where the backups of a site are kept. Other files in it, also backups of other
// sites, are none of ours.
type Folder struct {
	Dir string
	// Site is the address of the site, which is in the name of each of its backups.
	Site string
}

// File is a backup in the folder, by what its name says.
type File struct {
	Name string // with the folder
	Made time.Time
	// Unproven is that its rehearsal failed, Sealed that it is encrypted.
	Unproven, Sealed bool
}

// The parts of names.
const (
	nameTime     = "20060102T150405Z"
	nameUnproven = ".unproven"
	nameEnds     = ".backup"
	nameSealed   = ".age"
)

// site is the address as it is in names.
func (f Folder) site() string {
	_, host, _ := strings.Cut(f.Site, "://")
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.':
			return r
		}
		return '-'
	}, strings.ToLower(strings.Trim(host, "[]/")))
}

// Name is the name of a backup.
func (f Folder) Name(b File) string {
	name := f.site() + "-" + b.Made.UTC().Format(nameTime)
	if b.Unproven {
		name += nameUnproven
	}
	name += nameEnds
	if b.Sealed {
		name += nameSealed
	}
	return filepath.Join(f.Dir, name)
}

func (f Folder) pattern(ends string) *regexp.Regexp {
	return regexp.MustCompile(`^` + regexp.QuoteMeta(f.site()) + `-(\d{8}T\d{6}Z)(` + regexp.QuoteMeta(nameUnproven) + `)?` +
		regexp.QuoteMeta(nameEnds) + `(` + regexp.QuoteMeta(nameSealed) + `)?` + ends + `$`)
}

// List are the backups of the site, the newest first.
func (f Folder) List() ([]File, error) {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of backups: %w", err)
	}
	var all []File
	pattern := f.pattern("")
	for _, e := range entries {
		parts := pattern.FindStringSubmatch(e.Name())
		if parts == nil || !e.Type().IsRegular() {
			continue
		}
		made, err := time.Parse(nameTime, parts[1])
		if err != nil {
			continue // it is nobody's: a month 13
		}
		all = append(all, File{filepath.Join(f.Dir, e.Name()), made, parts[2] != "", parts[3] != ""})
	}
	slices.SortFunc(all, func(a, b File) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(a.Name, b.Name)) })
	return all, nil
}

// Prune removes what is more than so many good backups, the oldest first, and unproven ones
// that are older than the newest good one; of those that are newer as many stay. The newest
// good one stays whatever is said. Of all that have the address of the site in their names
// only own ones count, by the name in the folder: a copy of the site that is tried out has the
// same address and the same folder.
func (f Folder) Prune(keep int, own []string) (removed []string, err error) {
	all, err := f.List()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(b File) bool { return !slices.Contains(own, filepath.Base(b.Name)) })
	good, unproven := 0, 0
	var failed error
	for _, b := range all {
		stays := good == 0 && unproven < max(keep, 1)
		if b.Unproven {
			unproven++
		} else {
			stays = good < max(keep, 1)
			good++
		}
		if stays {
			continue
		}
		if err := os.Remove(b.Name); err != nil {
			failed = errors.Join(failed, fmt.Errorf("remove an old backup: %w", err))
			continue
		}
		removed = append(removed, b.Name)
	}
	return removed, failed
}

// Clear removes what a backup that was interrupted has left: nobody may be making one.
func (f Folder) Clear() error {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return fmt.Errorf("read the folder of backups: %w", err)
	}
	half := f.pattern(`\.\d+\.part`)
	for _, e := range entries {
		if half.MatchString(e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(f.Dir, e.Name())))
		}
	}
	if err != nil {
		return fmt.Errorf("remove the half of a backup: %w", err)
	}
	return nil
}

// Due tells whether a backup is to be made now, if one is every so often: at two o'clock at
// night by the clock of zone, and so long before and after that again and again. made is
// when the newest one was made that is not dated ahead; zero if there is none.
func Due(made, now time.Time, every time.Duration, zone *time.Location) bool {
	return made.Before(lastTurn(now, every, zone))
}

// lastTurn is when the last backup was to be made.
func lastTurn(now time.Time, every time.Duration, zone *time.Location) time.Time {
	// Times are counted as if the clock of the zone was never changed.
	local := now.In(zone)
	shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	some := time.Date(2000, 1, 1, 2, 0, 0, 0, time.UTC)
	turn := some.Add(shown.Sub(some).Truncate(every))
	return time.Date(turn.Year(), turn.Month(), turn.Day(), turn.Hour(), turn.Minute(), turn.Second(), 0, zone)
}
