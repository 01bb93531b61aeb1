package kernel_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

func update(t *testing.T, db *kernel.DB, fn func(*kernel.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	update(t, open(t), func(tx *kernel.Tx) error {
		if _, err := tx.Fact("file.a"); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("a fact that nobody stored: got error %v", err)
		}
		for name, value := range map[string]string{"file.a": "1", "file.b": "2", "other": "3"} {
			if err := tx.SetFact(name, value); err != nil {
				return err
			}
		}
		read, err := tx.Facts("file.")
		if diff := cmp.Diff(map[string]string{"file.a": "1", "file.b": "2"}, read); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		taken, err := tx.TakeFacts("file.")
		if diff := cmp.Diff(map[string]string{"file.a": "1", "file.b": "2"}, taken); diff != "" {
			t.Errorf("taken (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		left, err := tx.Fact("other")
		if left != "3" {
			t.Errorf("left is %q, want 3", left)
		}
		return err
	})
}

func TestQueries(t *testing.T) {
	t.Parallel()
	update(t, open(t), func(tx *kernel.Tx) error {
		if err := tx.SetFact("colour", "blue"); err != nil {
			return err
		}
		var value string
		if err := tx.Row(`SELECT value FROM facts WHERE name = $1`, "weight").Scan(&value); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row: got error %v", err)
		}
		for name, want := range map[string]bool{"colour": true, "weight": false} {
			if got, err := tx.Any(`DELETE FROM facts WHERE name = $1 RETURNING 1`, name); got != want || err != nil {
				t.Errorf("%s: got %t, %v", name, got, err)
			}
		}
		errEnough := errors.New("enough")
		rows := 0
		err := tx.Each(func(func(...any) error) error {
			rows++
			return errEnough
		}, `SELECT 1 UNION ALL SELECT 2`)
		if !errors.Is(err, errEnough) || rows != 1 {
			t.Errorf("a function that has enough was called %d times, and %v came back", rows, err)
		}
		return tx.SetFact("colour", "red") // it was no fault of a statement
	})
}

func TestAfterAFailedStatementNothingStands(t *testing.T) {
	t.Parallel()
	db := open(t)
	var after error
	err := db.Update(t.Context(), func(tx *kernel.Tx) error {
		if err := tx.SetFact("colour", "blue"); err != nil {
			t.Error(err)
		}
		if err := tx.Exec(`INSERT INTO no_such_table VALUES (1)`); err == nil {
			t.Error("a statement about no table did not fail")
		}
		after = tx.SetFact("weight", "heavy")
		return nil
	})
	if err == nil || after == nil {
		t.Errorf("the update came to %v, the statement behind to %v", err, after)
	}
	if got := stated(t, db, "colour", "weight"); got != "" {
		t.Errorf("there is %q", got)
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	at := time.Date(2031, time.March, 4, 12, 0, 0, 123_000, time.UTC)
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"a time", kernel.Instant(kernel.Micros(at)), at},
		{"no time", kernel.Instant(kernel.Micros(time.Time{})), time.Time{}},
		{"the start of 1970", kernel.Given(0), time.Unix(0, 0).UTC()},
		{"true", kernel.Number(true), int64(1)},
		{"false", kernel.Number(false), int64(0)},
		{"a list", kernel.List([]string{"a", "b"}), `["a","b"]`},
		{"an empty list", kernel.List([]string{}), `[]`},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	var list []string
	if err := kernel.Unlist(`["a","b"]`, &list); err != nil || len(list) != 2 {
		t.Errorf("read %q, %v", list, err)
	}
	var none []string
	if err := kernel.Unlist(`[]`, &none); err != nil || none != nil {
		t.Errorf("read %q, %v", none, err)
	}
	if err := kernel.Unlist(`[`, &none); err == nil {
		t.Error("half a list was read")
	}
}
