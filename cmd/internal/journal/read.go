package journal

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"communique/storage/press"
)

// Record is what journals tell.
type Record struct {
	// Lines are those of entries, in the order of the log, each once, and behind them what was
	// done to drafts. One that is an intent still may have come to nothing.
	Lines []Line
	// Files are what was read.
	Files []string
	// Until is when the last of it was done.
	Until time.Time
	// Sites are those whose journals they are.
	Sites []string
	// Damaged are lines that could not be read.
	Damaged []*DamageError

	told   []span
	mended []time.Time // since when it was not written, and tells all again
}

// span is a part of the log that a file tells: what comes after a seq, up to another.
type span struct{ after, upTo press.Seq }

// Read reads the journals of some names in some folders. A folder that is not there has none.
func Read(folders, names []string) (r Record, err error) {
	entries, drafts, sites := map[press.Seq]Line{}, []Line{}, map[string]bool{}
	for _, folder := range folders {
		for _, name := range names {
			files, err := filesOf(folder, name, "")
			if err != nil {
				return r, err
			}
			for _, file := range files {
				lines, err := r.read(file)
				if err != nil {
					return r, err
				}
				for _, l := range lines {
					if l.Did == Begins {
						sites[l.Site] = true
					}
				}
				drafts = append(drafts, gather(entries, lines)...)
			}
		}
	}
	for _, seq := range slices.Sorted(maps.Keys(entries)) {
		r.Lines = append(r.Lines, entries[seq])
	}
	r.Lines, r.Sites = append(r.Lines, drafts...), slices.Sorted(maps.Keys(sites))
	for _, l := range r.Lines {
		if l.At.After(r.Until) {
			r.Until = l.At
		}
	}
	return r, nil
}

// read reads a file.
func (r *Record) read(file string) ([]Line, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	lines, _, damaged := scan(file, text)
	r.Files, r.Damaged = append(r.Files, file), append(r.Damaged, damaged...)
	var p page
	for i, l := range lines {
		switch l.Did {
		case Begins:
			r.told = append(r.told, span{l.Seq, l.Seq})
		case Mended:
			r.mended = append(r.mended, l.At)
		case Resumed: // what is between was never the log's
			r.told = append(r.told, span{p.seq, l.Seq}, span{l.Seq, l.Seq})
		}
		p.take(lines[i])
		if len(r.told) > 0 && l.Did != Resumed {
			r.told[len(r.told)-1].upTo = max(r.told[len(r.told)-1].upTo, p.seq)
		}
	}
	return lines, nil
}

// gather adds the lines of a file to those of entries, and returns those of drafts.
func gather(entries map[press.Seq]Line, lines []Line) (drafts []Line) {
	mine := map[press.Seq]bool{} // intents of this file
	for _, l := range lines {
		known, is := entries[l.Seq]
		switch {
		case l.Did == Begins, l.Did == Resumed, l.Did == Mended:
		case l.Seq == 0:
			drafts = append(drafts, l)
		case l.Did == Done:
			if is {
				known.Intent = false
				entries[l.Seq] = known
			}
		case l.Did == Undone:
			if mine[l.Seq] && is && known.Intent {
				delete(entries, l.Seq)
			}
		case l.Intent:
			if !is {
				entries[l.Seq], mine[l.Seq] = l, true
			}
		case !is, known.Intent, known.Text == nil && l.Text != nil:
			entries[l.Seq] = l
		}
	}
	return drafts
}

// Begins is the entry behind which the journals begin to tell.
func (r Record) Begins() press.Seq {
	if len(r.told) == 0 {
		return 0
	}
	return slices.MinFunc(r.told, func(a, b span) int { return cmp.Compare(a.after, b.after) }).after
}

// Lacks says what the journals do not tell of the log after an entry; nothing if they tell all
// up to their last one. gaps are since when they could not be written, as the backup knows:
// only if they say that they were later, is it all.
func (r Record) Lacks(after press.Seq, gaps ...time.Time) string {
	slices.SortFunc(r.told, func(a, b span) int { return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.upTo, b.upTo)) })
	told := after
	for _, s := range r.told {
		if s.upTo <= told {
			continue
		}
		if s.after > told {
			return fmt.Sprintf("numbers %d to %d of the log", told+1, s.after)
		}
		told = s.upTo
	}
	switch {
	case len(r.told) == 0:
		return "anything"
	case len(r.Damaged) > 0:
		return fmt.Sprintf("what stood in a line that is damaged: %v", r.Damaged[0])
	case slices.MaxFunc(r.told, func(a, b span) int { return cmp.Compare(a.upTo, b.upTo) }).upTo < after:
		return "anything after the backup was made: it ends before that"
	}
	for _, gap := range gaps {
		if !slices.ContainsFunc(r.mended, gap.Equal) {
			return fmt.Sprintf("what was done after %s, when it could not be written", gap.UTC().Format("2006-01-02 15:04:05 UTC"))
		}
	}
	return ""
}
