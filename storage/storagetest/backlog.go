package storagetest

import (
	"fmt"
	"log/slog"
	"testing"

	"communique/storage"
)

var backlogTests = map[string]func(*testing.T, *world){
	"what was public before there was an index is taken in": func(t *testing.T, w *world) {
		var want []string
		for i := range 5 {
			title := fmt.Sprintf("Older %d", i)
			w.publish(w.silent(title, noon.AddDate(-i, 0, 0)))
			want = append(want, title)
		}
		gone, _ := w.publish(w.silent("Older, gone", noon.AddDate(-3, 0, 1)))
		fixed, _ := w.publish(w.silent("Older, wrong", noon.AddDate(-9, 0, 0)))
		for _, statement := range []string{
			`DELETE FROM search_terms`, `DELETE FROM search_documents`,
			`INSERT INTO search_backlog (id, published, article) VALUES (1, 4611686018427387904, '~')`,
		} {
			if err := w.database.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		w.same("before", []string(nil), w.find("older"))
		w.withdraw(gone.ID)
		d := w.silent("Older, right", noon.AddDate(-9, 0, 0))
		w.correct(fixed.ID, d)
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.IndexBacklog(2)
			w.same("taken", 2, taken)
			return err
		})
		w.same("the newest first", []string{"Older 0", "Older 1", "Older, right"}, w.find("older"))
		for range 2 { // the second time there is nothing to do
			if err := w.store.RunIndex(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
		}
		w.same("all", append(want, "Older, right"), w.find("older"))
	},
}
