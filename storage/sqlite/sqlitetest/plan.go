package sqlitetest

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
)

// Plan is a statement and the step that SQLite is to take for it.
type Plan struct{ Statement, Step string }

// Plans holds statements that are run for each message or publication to finding
// what they need without reading what else there is.
func Plans(t *testing.T, plans map[string]Plan) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+File(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, p := range plans {
		if steps := stepsOf(t, db, p.Statement); !slices.Contains(steps, p.Step) {
			t.Errorf("%s: %q is not in the plan:\n%s", name, p.Step, strings.Join(steps, "\n"))
		}
	}
}

// stepsOf is what SQLite would do for a statement.
func stepsOf(t *testing.T, db *sql.DB, statement string) (steps []string) {
	t.Helper()
	const most = 50 // parameters, of which a statement may have fewer
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+statement, slices.Repeat([]any{1}, most)...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
