package e2etest

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/config"
	"communique/storage"
)

// templateBase is the address of the installation that the others are copies
// of.
const templateBase = "http://127.0.0.1:1"

// template makes, once in a process, the installation that [NewSite] copies: to
// draw its keys takes longer than most tests. It returns its files by name.
var template = sync.OnceValues(func() (files map[string][]byte, err error) {
	folder, err := os.MkdirTemp("", "communique-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	server, err := templateDatabase()
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"init", "--base-url", templateBase, "--actor", "ministry", "--name", "Ministry of Foreign Affairs", "--timezone", "Europe/Lisbon", "--language", "en"},
		{"section", "add", "The Ministry > The Minister > Activities"},
	} {
		var problems strings.Builder
		w := world(server, storage.SystemClock{}, io.Discard, &problems)
		if err := command.Run(context.Background(), append(args, "--data", folder), w); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, problems.String())
		}
	}
	if err := readyTemplate(); err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, name := range []string{config.File, config.Database} {
		if files[name], err = os.ReadFile(filepath.Join(folder, name)); err != nil && (name != config.Database || server == "") {
			return nil, err
		}
	}
	return files, nil
})

// copyTemplate fills the site's folder with a copy of the template under the
// site's own address.
func (s *Site) copyTemplate(t testing.TB) error {
	files, err := template()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Data, 0o750); err != nil {
		return err
	}
	text := strings.Replace(string(files[config.File]), templateBase, s.Base, 1)
	text = strings.Replace(text, config.DefaultMetrics, "off", 1) // all sites would want it
	if err := os.WriteFile(filepath.Join(s.Data, config.File), []byte(text), 0o600); err != nil {
		return err
	}
	if err := s.copyDatabase(t, files[config.Database]); err != nil {
		return err
	}
	store, err := s.openStore(context.Background(), s.Clock)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Update(context.Background(), func(tx *storage.Tx) error { return tx.SetFact("base_url", s.Base) })
}
