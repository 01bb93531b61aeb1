package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// appliedSettings are those by which all servers of a database serve.
type appliedSettings struct {
	Version int       `json:"version"` // 0: none were yet
	At      time.Time `json:"at"`
	// Shared is whether several servers served the database at some time. From then on
	// none brings settings of its own.
	Shared bool              `json:"shared"`
	Lines  map[string]string `json:"lines"`
}

func readApplied(tx *storage.Tx) (s appliedSettings, err error) {
	text, err := tx.Fact(storage.FactSettings)
	if errors.Is(err, press.ErrNotFound) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	if err != nil {
		return s, fmt.Errorf("read the settings by which is served: %w", err)
	}
	return s, nil
}

func (s appliedSettings) write(tx *storage.Tx) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.SetFact(storage.FactSettings, string(text))
}

// lines are what this machine has to say the same as all others: its configuration, and
// the pictures that it names.
func (in *installation) lines() (map[string]string, error) {
	all, err := in.config.Lines()
	if err != nil {
		return nil, err
	}
	for _, name := range in.config.Pictures() {
		content, err := os.ReadFile(filepath.Join(in.config.Data, name))
		if err != nil {
			return nil, fmt.Errorf("read a picture of an actor: %w", err)
		}
		sum := sha256.Sum256(content)
		all["the picture "+name] = fmt.Sprintf("%d bytes, digest %s", len(content), hex.EncodeToString(sum[:8]))
	}
	return all, nil
}

// changedLine is a line of the configuration that differs from what is served.
type changedLine struct {
	Setting string `json:"setting"`
	Served  string `json:"served"`
	Here    string `json:"here"`
}

func changedLines(served, here map[string]string) []changedLine {
	all := []changedLine{}
	for _, name := range differing(served, here) {
		all = append(all, changedLine{name, served[name], here[name]})
	}
	return all
}

// shownOfLine is how much of a value is shown, in characters.
const shownOfLine = 100

func (c changedLine) String() string {
	show := func(value string) string {
		if value == "" {
			return "nothing"
		}
		value = strings.Join(strings.Fields(value), " ")
		if r := []rune(value); len(r) > shownOfLine {
			value = string(r[:shownOfLine]) + "…"
		}
		return value
	}
	return fmt.Sprintf("%s: %s is served, %s stands here", c.Setting, show(c.Served), show(c.Here))
}

// watchApplied tells the log when the settings of the site were changed under the server
// that runs. It goes on with those that it was started with: whoever applied them restarts
// the servers one after the other, so that there is always one that answers.
func (in *installation) watchApplied(ctx context.Context, log *slog.Logger) {
	mine, err := in.lines()
	if err != nil || in.config.Server == "" {
		return // it has just been started with them
	}
	told := 0
	storage.Every(ctx, appliedEvery, func(ctx context.Context) error {
		return in.store.View(ctx, func(tx *storage.Tx) error {
			applied, err := readApplied(tx)
			if err != nil || applied.Version == told || maps.Equal(applied.Lines, mine) {
				return err
			}
			told = applied.Version
			log.Warn("the settings of the site were changed, and this server serves with the earlier ones until it is restarted",
				"version", applied.Version, "settings", strings.Join(differing(applied.Lines, mine), ", "))
			return nil
		})
	}, func(error) {}) // the next look makes up for it
}

// appliedEvery is how often a server looks whether its settings are those of the site.
const appliedEvery = 2 * time.Second
