package before

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// keptCopies is how many are kept.
const keptCopies = 3

// ending begins the ending of the names of the copies; the schema follows.
const ending = ".before-upgrade-from-"

func name(file string, schema int) string { return fmt.Sprintf("%s%s%02d", file, ending, schema) }

// Kept are the copies of a database from before upgrades, the oldest schema first.
func Kept(file string) ([]string, error) {
	all, err := filepath.Glob(literal(file) + ending + "??")
	slices.Sort(all)
	return all, err
}

// literal is a name as a pattern that nothing else matches.
func literal(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// prune removes all but the newest copies, and never the one that was made just now, which is
// not the newest where somebody had gone back to an older version.
func prune(file, made string) error {
	all, err := Kept(file)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == made })
	for _, name := range all[:max(len(all)-keptCopies+1, 0)] {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove an older backup: %w", err)
		}
	}
	return nil
}

// RemoveParts removes what was left of copies that were cut short, and nothing of one that
// another program makes.
func RemoveParts(file string) error {
	all, err := filepath.Glob(literal(file) + ending + "*.part")
	if err != nil {
		return err
	}
	for _, part := range all {
		lock := flock.New(part)
		if free, err := lock.TryLock(); err != nil || !free {
			continue // it is made just now, or not ours
		}
		for _, name := range []string{part, part + "-journal"} {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return errors.Join(fmt.Errorf("remove what is left of a copy: %w", err), lock.Unlock())
			}
		}
		if err := lock.Unlock(); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes all copies: they have what was deleted since.
func Remove(file string) error {
	if err := RemoveParts(file); err != nil {
		return err
	}
	all, err := Kept(file)
	if err != nil {
		return err
	}
	for _, name := range all {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the copy from before an upgrade: %w", err)
		}
	}
	return nil
}
