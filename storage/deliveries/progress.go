package deliveries

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// progress counts whom an entry reached from a source, by the moment.
type progress map[moment]struct{ servers, followers int }

type moment struct {
	source string
	seq    press.Seq
	at     int64 // microseconds
}

func (p progress) add(s Settlement) {
	for _, e := range s.Reached {
		m := moment{s.Source, e.Seq, kernel.Micros(momentOf(s.At, e.At))}
		n := p[m]
		n.servers++
		n.followers += s.Followers
		p[m] = n
	}
}

// momentOf is the end of the stretch that an arrival is counted in: the first
// seconds after the entry in tenths, the first minutes in seconds, the rest in
// minutes, so that an entry has some hundred rows however long it takes.
func momentOf(at, entry time.Time) time.Time {
	width := time.Minute
	switch age := at.Sub(entry); {
	case age < 10*time.Second:
		width = 100 * time.Millisecond
	case age < 10*time.Minute:
		width = time.Second
	}
	return at.Truncate(width).Add(width)
}

// momentsAtOnce bounds the parameters of a statement.
const momentsAtOnce = 100

func (tx *Tx) addProgress(p progress) error {
	for some := range slices.Chunk(slices.Collect(maps.Keys(p)), momentsAtOnce) {
		var rows []string
		var args []any
		for _, m := range some {
			n := len(args)
			rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5))
			args = append(args, m.source, int64(m.seq), m.at, p[m].servers, p[m].followers)
		}
		err := tx.db.Exec(`INSERT INTO progress (source, seq, at, servers, followers) VALUES `+strings.Join(rows, ", ")+`
			ON CONFLICT (source, seq, at) DO UPDATE SET servers = progress.servers + excluded.servers, followers = progress.followers + excluded.followers`, args...)
		if err != nil {
			return fmt.Errorf("count whom entries reached: %w", err)
		}
	}
	return nil
}
