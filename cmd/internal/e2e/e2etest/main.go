package e2etest

import (
	"context"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/cmd/communique/command"
	"communique/storage"
)

// asProgram in the environment makes the test binary the program itself, so
// that a server can be killed like one.
const asProgram = "COMMUNIQUE_AS_PROGRAM"

// Main runs the tests of a suite, or the program where one of its tests has
// started the binary as such.
func Main(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		Program()
		return
	}
	os.Exit(m.Run())
}

// Program does what the program's main does, and does not return.
func Program() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command.Run(version(ctx), os.Args[1:], command.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Clock: clock(),
		Reload: reload, Replace: replace, Again: again, LibraryLog: log.SetOutput,
	})
	stop()
	os.Exit(command.ExitStatus(os.Stderr, err))
}

// reload is the main's.
func reload() (signals <-chan os.Signal, end func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}

// replace and again are the main's.
func replace() (signals <-chan os.Signal, end func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	return c, func() { signal.Stop(c) }
}

func again() *exec.Cmd {
	program := exec.Command(os.Args[0], os.Args[1:]...)
	program.Env, program.Stdin, program.Stdout, program.Stderr = os.Environ(), os.Stdin, os.Stdout, os.Stderr
	return program
}

// clock is the machine's, or one that the test moves.
func clock() storage.Clock {
	if ahead, err := time.ParseDuration(os.Getenv(clockAhead)); err == nil {
		return storage.SystemClock{Ahead: ahead}
	}
	if file := os.Getenv(clockFile); file != "" {
		return movedClock{file: file, started: time.Now()}
	}
	return storage.SystemClock{}
}

// Source is a file or folder of this module, by its path from the top with
// slashes.
func Source(t testing.TB, name string) string {
	t.Helper()
	root, err := top()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, filepath.FromSlash(name))
}

// top finds the folder of go.mod above the one that the tests run in.
var top = sync.OnceValues(func() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", os.ErrNotExist
		}
		folder = above
	}
	return "", err
})
