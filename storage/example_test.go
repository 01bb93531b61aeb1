package storage_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// An article becomes public in the transaction that publishes it, with its entry
// in the log and everything that it shows up in, or not at all.
func ExampleStore_Update() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "communique")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Create(ctx, filepath.Join(folder, "communique.db"), storage.SystemClock{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	err = store.Update(ctx, func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "press-room", "en", "Press Room")
		if err != nil {
			return err
		}
		a, entry, err := tx.Publish(press.Draft{
			Section: section.ID, Language: "en", Title: "The Minister meets the press", Body: "<p>At noon.</p>",
		})
		if err != nil {
			return err
		}
		fmt.Println(a.Title, "is", a.State, "with entry", entry.Seq)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: The Minister meets the press is published with entry 2
}
