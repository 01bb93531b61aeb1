package bench

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/port"
)

// TestMain makes the test binary, by its first argument, a server that listens,
// one that ends by itself, or a benchmark.
func TestMain(m *testing.M) {
	flag.Parse()
	switch flag.Arg(0) {
	case "listen":
		l, err := net.Listen("tcp", flag.Arg(1))
		if err != nil {
			os.Exit(1)
		}
		for {
			conn, err := l.Accept()
			if err != nil {
				os.Exit(1)
			}
			_ = conn.Close()
		}
	case "end":
		fmt.Fprintln(os.Stderr, "no configuration")
		os.Exit(1)
	case "bench":
		Main("bench", func(_ context.Context, args []string, _ io.Reader, stdout, _ io.Writer) error {
			fmt.Fprintln(stdout, args)
			if len(args) > 1 {
				return fmt.Errorf("%q is not expected", args[1:])
			}
			return nil
		})
	case "":
		os.Exit(m.Run())
	default:
		fmt.Fprintln(os.Stderr, "unknown command")
		os.Exit(2)
	}
}

// TestProcess: a server that listens is handed over and ends when it is told to;
// one that ends by itself is told, with what it said.
func TestProcess(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*Process) error{"stop": (*Process).Stop, "kill": (*Process).Kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reserved, err := port.Reserve()
			if err != nil {
				t.Fatal(err)
			}
			cmd, err := Self(t.Context(), "listen", reserved.Address())
			if err != nil {
				t.Fatal(err)
			}
			p, err := Start(t.Context(), "a server", cmd, reserved.Address())
			if err != nil {
				t.Fatal(err)
			}
			if p.PID() == os.Getpid() || p.PID() <= 0 {
				t.Errorf("its number is %d", p.PID())
			}
			for range 2 { // the second time it has ended already
				if err := end(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	cmd, err := Self(t.Context(), "end")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), "a server", cmd, "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "ended by itself: no configuration") {
		t.Errorf("got %v, want what it said", err)
	}
	if _, err := Start(t.Context(), "a server", exec.CommandContext(t.Context(), filepath.Join(t.TempDir(), "none")), "127.0.0.1:1"); err == nil {
		t.Error("a program that is not there was started")
	}
}

// TestProcessorTime: what is used is counted, of the process that uses it.
func TestProcessorTime(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system has no /proc")
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	before := ProcessorTime(os.Getpid())
	// Each of the two figures is cut to whole ticks.
	if least := time.Duration(used.Utime.Nano()+used.Stime.Nano()) - 2*tick; before < least {
		t.Errorf("counted %s of %s", before, least)
	}
	for ProcessorTime(os.Getpid()) < before+3*tick {
		// What is used meanwhile is counted in the end.
	}
	if other := ProcessorTime(-1); other != 0 {
		t.Errorf("no process used %s", other)
	}
}

// TestErrorsEndTheProgram: with a status, and on standard error.
func TestErrorsEndTheProgram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		out  string
		err  string
	}{
		{[]string{"bench"}, "[bench]\n", ""},
		{[]string{"bench", "x"}, "[bench x]\n", "bench: [\"x\"] is not expected\n"},
	} {
		cmd, err := Self(t.Context(), c.args...)
		if err != nil {
			t.Fatal(err)
		}
		var out, said strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &said
		err = cmd.Run()
		if out.String() != c.out || said.String() != c.err || (err != nil) != (c.err != "") {
			t.Errorf("%v: %q, %q, %v", c.args, out.String(), said.String(), err)
		}
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	f := Flags("bench", &said)
	f.Int("rounds", 1, "how often")
	if err := f.Parse([]string{"-rounds", "many"}); err == nil || !strings.Contains(said.String(), "how often") {
		t.Errorf("got %v, %q", err, said.String())
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for want, figures := range map[float64][]float64{0: nil, 1: {1}, 2: {1, 2}, 3: {9, 1, 3}} {
		if got := Median(figures); got != want {
			t.Errorf("of %v: %v, want %v", figures, got, want)
		}
	}
}

// TestOpen: an installation that is there is found by its configuration, and
// what its program refuses is told.
func TestOpen(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if _, err := Open("communique", data); err == nil {
		t.Error("an installation that is not there was opened")
	}
	const text = "base_url: \"http://127.0.0.1:8765\"\ntimezone: UTC\nlanguages: [en]\nname: Ministry\nactor: {name: ministry}\n"
	if err := os.WriteFile(filepath.Join(data, "communique.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	i, err := Open(self, data)
	if err != nil || i.Host() != "127.0.0.1:8765" || i.Base != "http://127.0.0.1:8765" {
		t.Errorf("got %+v, %v", i, err)
	}
	if err := i.Run(t.Context(), "end"); err == nil || !strings.Contains(err.Error(), "no configuration") {
		t.Errorf("a command that fails: %v", err)
	}
	if _, err := i.Serve(t.Context(), nil); err == nil {
		t.Error("what does not serve was served")
	}
}

// TestInstall: the program is told an address of its own.
func TestInstall(t *testing.T) {
	t.Parallel()
	echo, err := exec.LookPath("true")
	if err != nil {
		t.Skip("there is no program that does nothing")
	}
	one, err := Install(t.Context(), echo, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	other, err := Install(t.Context(), echo, t.TempDir())
	if err != nil || one.Host() == other.Host() {
		t.Errorf("both are at %s, %v", one.Host(), err)
	}
}
