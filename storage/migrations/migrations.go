// Package migrations holds the schema as numbered SQL files. They run in
// order, each once, in a transaction of its own; a file that was released is
// never edited again. NNNN_name.sql runs on every engine; what engines do in
// their own ways stands under one number in a file for each,
// NNNN_name.ENGINE.sql.
package migrations

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Migration is one step of the schema.
type Migration struct {
	Version int
	Name    string
	SQL     string
	// Oldest is the step that a program must know at least to work on the database once
	// this one is taken; 0: as before. A step that only adds, in a form that the programs
	// before it can leave alone, leaves it; one that takes away or changes what they use
	// sets it, to a step of an earlier release, which did without. So a release adds and the
	// next one takes away, and the two can serve together.
	Oldest int
	// Fill makes the rows of the step's tables that SQL alone cannot make, in the
	// step's transaction and behind its SQL; nil if there are none. Like the SQL it
	// reads and writes the columns of its time and is never edited again.
	Fill *Fill
}

// Fill makes rows.
type Fill struct {
	// Run makes them.
	Run func(Tx) error
	// Count is a query for how many times Run is going to tell of one.
	Count string
}

// Tx is what a step sees of its transaction.
type Tx interface {
	// Exec runs a statement.
	Exec(query string, args ...any) error
	// Each runs a query and scans every row with fn.
	Each(fn func(scan func(...any) error) error, query string, args ...any) error
	// Filled tells people who wait that one more row is done.
	Filled()
}

// oldest are the steps, by their version, that have an Oldest.
var oldest = map[int]int{}

// fills are the steps, by their version, that have a Fill.
var fills = map[int]*Fill{
	15: {fillTags, `SELECT COUNT(*) FROM articles WHERE state = 'published'`},
	29: {fillDays, `SELECT COUNT(DISTINCT published) FROM articles WHERE precision_of_date = 'day'`},
	40: {fillFollowerHosts, `SELECT COUNT(*) FROM followers`},
	50: {fillShards, `SELECT COUNT(DISTINCT host) FROM directed`},
	52: {fillFingerprints, `SELECT COUNT(*) FROM revisions r JOIN articles a ON a.id = r.article WHERE a.state <> 'cancelled'`},
}

// All returns the steps of an engine in order. Their versions are 1, 2, 3 and so
// on: a gap or a badly named file is an error.
func All(engine string) ([]Migration, error) {
	names, err := fs.Glob(files, "*.sql") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	all := make([]Migration, 0, len(names))
	for _, name := range names {
		if parts := strings.Split(name, "."); len(parts) > 2 && parts[1] != engine {
			continue // another engine's
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != len(all)+1 {
			return nil, fmt.Errorf("migration %s: expected number %04d", name, len(all)+1)
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		all = append(all, Migration{Version: version, Name: name, SQL: string(text), Oldest: oldest[version], Fill: fills[version]})
	}
	return all, nil
}

// later is the key of the steps of a later program in a context.
type later struct{}

// WithLater makes of a program one that knows further steps: so tests have two programs meet, of
// which one is newer. Their versions are those after [All]'s.
func WithLater(ctx context.Context, steps ...string) context.Context {
	return context.WithValue(ctx, later{}, steps)
}

// For returns the steps of an engine that this program knows, those of [All].
func For(ctx context.Context, engine string) ([]Migration, error) {
	all, err := All(engine)
	further, _ := ctx.Value(later{}).([]string)
	for _, text := range further {
		all = append(all, Migration{Version: len(all) + 1, Name: "later", SQL: text})
	}
	return all, err
}
