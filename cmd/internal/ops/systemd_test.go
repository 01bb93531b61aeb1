package ops

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// manager is a socket of systemd's.
func manager(t *testing.T) (*net.UnixConn, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // nothing was written
	return conn, name
}

func told(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	text := make([]byte, 100)
	n, err := conn.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(text[:n])
}

// complaint is a log that ends something.
type complaint struct {
	slog.Handler
	end func()
}

func (c complaint) Enabled(context.Context, slog.Level) bool { return true }

func (c complaint) Handle(context.Context, slog.Record) error {
	c.end()
	return nil
}

// TestWatchdog: it is fed again and again, but not while a loop is stuck.
func TestWatchdog(t *testing.T) {
	t.Parallel()
	conn, name := manager(t)
	s := SystemdOf(func(variable string) string {
		return map[string]string{"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000"}[variable]
	})
	var elapsed time.Duration
	loops := NewLoops(func() time.Duration { return elapsed })
	loops.Loop("delivery")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Feed(ctx, loops, slog.New(slog.DiscardHandler))
	}()
	for range 3 {
		if got := told(t, conn); got != "WATCHDOG=1" {
			t.Errorf("it is told %q", got)
		}
	}
	stop()
	<-ended

	conn, name = manager(t)
	s.socket, elapsed = name, mostSilent
	ctx, stop = context.WithCancel(t.Context())
	s.Feed(ctx, loops, slog.New(complaint{slog.DiscardHandler, stop}))
	if err := s.Notify("STATUS=ended"); err != nil {
		t.Fatal(err)
	}
	if got := told(t, conn); got != "STATUS=ended" {
		t.Errorf("although a loop is stuck, it is told %q", got)
	}
}

// TestAnothersEnvironment: what systemd said to another process counts for nothing.
func TestAnothersEnvironment(t *testing.T) {
	t.Parallel()
	other := strconv.Itoa(1)
	s := SystemdOf(func(variable string) string {
		return map[string]string{"WATCHDOG_USEC": "3000", "WATCHDOG_PID": other, "LISTEN_FDS": "1", "LISTEN_PID": other, "COMMUNIQUE_HANDED_OVER": other + ":communique"}[variable]
	})
	if s.watchdog != 0 || len(s.sockets.given) != 0 || s.Before != nil {
		t.Errorf("%+v", s)
	}
	if l, err := s.Listener(PublicSocket, true); l != nil || err != nil {
		t.Errorf("%v, %v", l, err)
	}
	if err := s.Notify("READY=1"); err != nil {
		t.Error(err)
	}
}

// TestStarting: the manager is asked for more time again and again, until the server has started.
func TestStarting(t *testing.T) {
	t.Parallel()
	conn, name := manager(t)
	s := SystemdOf(func(variable string) string { return map[string]string{"NOTIFY_SOCKET": name}[variable] })
	started := s.Starting(t.Context(), time.Millisecond)
	for range 3 {
		if got := told(t, conn); got != "EXTEND_TIMEOUT_USEC=3000" {
			t.Errorf("it is told %q", got)
		}
	}
	started()
	if err := s.Notify("READY=1"); err != nil {
		t.Fatal(err)
	}
	for told(t, conn) != "READY=1" { // one may have been on its way
	}
	SystemdOf(func(string) string { return "" }).Starting(t.Context(), time.Millisecond)()
}
