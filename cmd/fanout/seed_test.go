package main

import (
	"io"
	"path/filepath"
	"testing"

	"communique/cmd/internal/bench"
	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

// TestSeed: an installation is filled with the articles, followers and servers
// that were asked for, some of which back off.
func TestSeed(t *testing.T) {
	t.Parallel()
	binary := build(t)
	i, err := bench.Install(t.Context(), binary, t.TempDir())
	if err == nil {
		err = i.Run(t.Context(), "section", "add", "The Ministry")
	}
	if err == nil {
		err = run(t.Context(), []string{
			"seed", "-data", i.Data, "-hosts", "10", "-followers", "20", "-shared", "-articles", "30", "-entries", "60", "-failing", "30",
		}, nil, io.Discard, io.Discard)
	}
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(i.Data, config.Database), storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	got := map[string]int{}
	err = store.View(t.Context(), func(tx *storage.Tx) error {
		articles, err := tx.All(newsdesk.Place{}, 100)
		if err != nil {
			return err
		}
		for _, a := range articles {
			got["articles"]++
			if a.State == press.Withdrawn {
				got["withdrawn"]++
			}
		}
		followers, err := tx.Followers(publog.ActorSource(bench.Actor), "", 100)
		if err != nil {
			return err
		}
		hosts, err := tx.Hosts(deliveries.HostFilter{}, "", 100)
		got["followers"], got["servers"] = len(followers), len(hosts)
		for _, h := range hosts {
			if h.State == deliveries.HostFailing {
				got["failing"]++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got["articles"] != 30 || got["followers"] != 20 || got["servers"] != 10 || got["failing"] < 1 || got["failing"] > 5 {
		t.Errorf("seeded: %v", got)
	}
}
