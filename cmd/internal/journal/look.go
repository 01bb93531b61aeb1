package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"communique/storage"
)

// Standing is how a journal stands to the log.
type Standing struct {
	// Behind is whether the log has entries that it does not tell.
	Behind bool
	// Lacks is set if it is the log that lacks something.
	Lacks *LacksError
	// Damaged are lines of its newest file that cannot be read.
	Damaged []*DamageError
}

// Look looks how the journal stands, and writes nothing. One that was not begun is behind
// nothing.
func (j *Journal) Look(ctx context.Context) (s Standing, err error) {
	err = j.within(func() error {
		all, err := filesOf(j.o.Folder, j.o.Name, j.o.Machine+".")
		if err != nil || len(all) == 0 {
			return err
		}
		newest := all[len(all)-1]
		text, err := os.ReadFile(newest)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		lines, _, damaged := scan(newest, text)
		p := page{name: newest}
		for _, l := range lines {
			p.take(l)
		}
		s.Damaged = damaged
		return j.o.Store.View(ctx, func(tx *storage.Tx) error {
			untold, err := tx.EntriesAfter(p.seq, 1) // and not its head, before which there may be a gap
			if err != nil {
				return err
			}
			s.Behind = len(untold) > 0
			look := &Journal{o: j.o, page: p}
			_, err = look.compare(tx)
			if lacks, is := errors.AsType[*LacksError](err); is {
				s.Lacks, s.Behind = lacks, false
				return nil
			}
			return err
		})
	})
	return s, j.o.explain(err, os.Geteuid(), os.Getegid())
}
