package sqlitetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// Dump is all that a database says, a line for each row, table by table.
func Dump(t testing.TB, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(file)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b strings.Builder
	for _, table := range rows(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		for _, row := range rows(t, db, `SELECT * FROM "`+table+`" ORDER BY 1`) { //nolint:unqueryvet // whichever columns there are
			fmt.Fprintf(&b, "%s: %s\n", table, row)
		}
	}
	return b.String()
}

// rows are the rows that a query yields, their columns separated by bars.
func rows(t testing.TB, db *sql.DB, query string) (all []string) {
	t.Helper()
	found, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row []string
		for _, v := range values {
			row = append(row, fmt.Sprint(v))
		}
		all = append(all, strings.Join(row, "|"))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
