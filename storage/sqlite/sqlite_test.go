package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Update(ctx, func(tx *storage.Tx) error {
		if err := tx.AddSource("actor:ministry"); err != nil {
			return err
		}
		sec, err := tx.AddSection(press.Root, "the-ministry", "en", "The Ministry")
		if err != nil {
			return err
		}
		sub, err := tx.AddSection(sec.ID, "the-minister", "en", "The Minister")
		if err != nil {
			return err
		}
		if _, err := tx.NameSection(sub.ID, "fr", "Le ministre"); err != nil {
			return err
		}
		a, e, err := tx.Publish(press.Draft{Section: sub.ID, Language: "en", Title: "T", Body: "<p>x</p>", Tags: []string{"a"}})
		if err != nil {
			return err
		}
		t.Log(a, e)
		a, e, err = tx.Correct(a.ID, storage.Correction{Draft: press.Draft{Section: sec.ID, Language: "en", Title: "T2", Body: "<p>x</p>"}, Note: "n"})
		if err != nil {
			return err
		}
		t.Log(a, e)
		l, err := tx.Newest(press.Root, "en", storage.Place{}, 20)
		t.Log(l, err)
		if _, err := tx.AddFollower(storage.Follow{Source: "actor:ministry", Actor: "http://x/y", Inbox: "http://x/i", Delivery: "http://x/s", Signed: time.Now(), Accept: storage.Directed{ID: "http://d/1", Source: "actor:ministry", Inbox: "http://x/i", Body: []byte("{}")}}); err != nil {
			return err
		}
		d, err := tx.ClaimDirected(1, 10)
		t.Log(d, err)
		if err := tx.FinishDirected(d[0].ID); err != nil {
			return err
		}
		_, e, err = tx.Withdraw(a.ID, "why")
		t.Log(e, err)
		ds, h, err := tx.ClaimDestinations("actor:ministry", 1, 10)
		t.Log(ds, h, err)
		b, err := tx.Backlog("actor:ministry", ds[0].Cursor, h, time.Time{})
		t.Log(b, err)
		g, err := tx.NextGeneration()
		t.Log(g, err)
		n, err := tx.NextDue("actor:ministry")
		t.Log(n, err)
		_, err = tx.Release(3)
		if err != nil {
			return err
		}
		return tx.Settle(1, []storage.Settlement{{Destination: ds[0].ID, Cursor: h, State: storage.StateActive}})
	})
	if err != nil {
		t.Fatal(err)
	}
}
