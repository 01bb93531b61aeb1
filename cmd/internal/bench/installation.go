package bench

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"communique/cmd/internal/config"
	"communique/cmd/internal/port"
)

// Actor is the user name of the ministry's actor in installations that are made.
const Actor = "ministry"

// Installation is a communique to be measured, in loopback mode.
type Installation struct {
	Binary string // the program
	Data   string // its folder
	Base   string // its address
	Nice   int    // how far its server stands back for others (nice(1)); 0 is not at all, 19 is furthest
	host   string
	beside bool // host is not that of Base
}

// Install makes an installation in a folder, at a free port.
func Install(ctx context.Context, binary, data string) (Installation, error) {
	return InstallOn(ctx, binary, data, "")
}

// InstallOn is [Install] with the database at an address on a server; empty is a file in
// the folder.
func InstallOn(ctx context.Context, binary, data, database string) (Installation, error) {
	reserved, err := port.Reserve() // as long as this program runs
	if err != nil {
		return Installation{}, err
	}
	i := Installation{Binary: binary, Data: data, Base: "http://" + reserved.Address(), host: reserved.Address()}
	args := []string{"init", "--base-url", i.Base, "--actor", Actor, "--name", "Ministry", "--timezone", "UTC", "--language", "en"}
	if database != "" {
		args = append(args, "--database", database)
	}
	return i, i.Run(ctx, args...)
}

// Beside is a further server of the installation, with a folder and a port of its own and
// the same database.
func (i Installation) Beside(data string) (Installation, error) {
	reserved, err := port.Reserve() // as long as this program runs
	if err != nil {
		return i, err
	}
	text, err := os.ReadFile(filepath.Join(i.Data, config.File))
	if err == nil {
		err = os.MkdirAll(data, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(data, config.File), text, 0o600)
	}
	i.Data, i.host, i.beside = data, reserved.Address(), true
	return i, err
}

// Open is the installation that there is in a folder.
func Open(binary, data string) (Installation, error) {
	c, err := config.Load(data, os.Getenv)
	if err != nil {
		return Installation{}, err
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return Installation{}, err
	}
	return Installation{Binary: binary, Data: data, Base: c.BaseURL, host: u.Host}, nil
}

// Host is where it listens, host:port.
func (i Installation) Host() string { return i.host }

// Run runs a command on it.
func (i Installation) Run(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, i.Binary, append(args, "--data", i.Data)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", i.Binary, args[0], err, out)
	}
	return nil
}

// Serve serves it. stderr takes its log; nil keeps it for the error of a server
// that does not start.
func (i Installation) Serve(ctx context.Context, stderr io.Writer) (*Process, error) {
	command := []string{i.Binary, "serve", "--data", i.Data}
	if i.beside {
		command = append(command, "--listen", i.host)
	}
	if i.Nice > 0 {
		command = append([]string{"nice", "-n", strconv.Itoa(i.Nice)}, command...)
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = stderr
	return Start(ctx, "communique serve", cmd, i.host)
}
