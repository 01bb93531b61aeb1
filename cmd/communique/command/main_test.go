package command

import (
	"communique/storage"
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram in the environment makes the test binary the program itself, so
// that a server can be killed like one.
const asProgram = "COMMUNIQUE_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		asMain()
		return
	}
	testscript.Main(m, map[string]func(){"communique": asMain})
}

// asMain is what the program's main does.
func asMain() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := Run(ctx, os.Args[1:], World{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Clock: storage.SystemClock{}})
	stop()
	os.Exit(ExitStatus(os.Stderr, err))
}
