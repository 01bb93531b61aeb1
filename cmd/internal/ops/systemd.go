package ops

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"communique/storage"
)

// Systemd is the manager of services that has started a server, if one has (sd_notify(3),
// sd_watchdog_enabled(3), sd_listen_fds(3)). It knows them by variables of the environment.
type Systemd struct {
	socket   string
	watchdog time.Duration // within which it wants to be told that all is well; 0: never
	sockets  *sockets
	// Before is the program that hands over to this one; nil if none does.
	Before *Predecessor
}

// SystemdOf reads what the manager has said. What it said to another process, whose
// environment this one inherited, is none of ours.
func SystemdOf(env func(string) string) Systemd {
	s := Systemd{socket: env("NOTIFY_SOCKET"), sockets: &sockets{open: map[string]net.Listener{}}}
	ours := func(name string) bool { return env(name) == strconv.Itoa(os.Getpid()) }
	if us, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 && (env("WATCHDOG_PID") == "" || ours("WATCHDOG_PID")) {
		s.watchdog = time.Duration(us) * time.Microsecond
	}
	if from, names, found := strings.Cut(env(handedVariable), ":"); found && from == strconv.Itoa(os.Getppid()) {
		s.Before = newPredecessor(os.NewFile(firstFD, "to the program before"), os.NewFile(firstFD+1, "from the program before"))
		s.sockets.given = given(firstFD+2, strings.Split(names, ":"))
	} else if n, err := strconv.Atoi(env("LISTEN_FDS")); err == nil && n > 0 && ours("LISTEN_PID") {
		names := make([]string, n)
		copy(names, strings.Split(env("LISTEN_FDNAMES"), ":"))
		s.sockets.given = given(firstFD, names)
	}
	return s
}

// Notify tells the manager something, such as READY=1. Without one it does nothing.
func (s Systemd) Notify(state string) error {
	if s.socket == "" {
		return nil
	}
	address := net.UnixAddr{Name: s.socket, Net: "unixgram"}
	conn, err := net.DialUnix("unixgram", nil, &address) // a name that begins with @ is an abstract one
	if err != nil {
		return fmt.Errorf("tell systemd: %w", err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("tell systemd: %w", err)
	}
	return nil
}

// Starting asks the manager for more time to start, every so often until the function that it
// returns is called: to bring a large database up to date takes longer than it waits.
func (s Systemd) Starting(ctx context.Context, every time.Duration) (started func()) {
	if s.socket == "" || s.Before != nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ask := func(context.Context) error {
		return s.Notify(fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d", (3 * every).Microseconds()))
	}
	_ = ask(ctx)
	go storage.Every(ctx, every, ask, func(error) {}) // who cannot be told ends it
	return cancel
}

// Feed tells the manager that all is well as long as the loops of the server go round, until
// ctx ends. It knows nothing of the database: one that is away is no reason to start anew.
func (s Systemd) Feed(ctx context.Context, loops *Loops, log *slog.Logger) {
	if s.watchdog == 0 {
		return
	}
	ticker := time.NewTicker(s.watchdog / 3)
	defer ticker.Stop()
	for {
		err := loops.Check()
		if err == nil {
			err = s.Notify("WATCHDOG=1")
		}
		if err != nil {
			log.Error("the watchdog is not fed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// The names of sockets (FileDescriptorName=). The public one may have any other, too.
const (
	PublicSocket  = "communique"
	MetricsSocket = "metrics"
	// PlainSocket is that of plain http, where the server speaks https itself.
	PlainSocket = "http"
	// DeskSocket is that of the desk.
	DeskSocket = "desk"
)
