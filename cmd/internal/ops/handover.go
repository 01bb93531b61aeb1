package ops

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// handedVariable tells a program that another one hands over to it: the id of the process of
// that one, and the names of the sockets, behind colons. The first two descriptors are what
// it tells the other and is told by it; the sockets follow.
const handedVariable = "COMMUNIQUE_HANDED_OVER"

// What the new program tells the one before it.
const (
	isReady   = "ready"
	needsAll  = "alone"
	needsTime = "wait"
)

// Predecessor is the program that hands over to this one, and serves meanwhile.
type Predecessor struct {
	tell   *os.File
	yields chan struct{} // closed when it has given way, or has ended
	gone   chan struct{} // closed when it has ended
}

func newPredecessor(tell, hear *os.File) *Predecessor {
	p := &Predecessor{tell: tell, yields: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		defer close(p.gone)
		defer hear.Close()
		_, err := hear.Read(make([]byte, 1))
		close(p.yields)
		if err == nil {
			_, _ = io.Copy(io.Discard, hear) // which ends when it does
		}
	}()
	return p
}

// say tells it something. Who does not hear it has ended.
func (p *Predecessor) say(what string) { _, _ = p.tell.WriteString(what + "\n") }

// Ready tells it that this one serves, and returns when it gives way: what watches the service
// watches this one from then on.
func (p *Predecessor) Ready(ctx context.Context) error {
	p.say(isReady)
	return until(ctx, p.yields)
}

// Alone has it end before this one is ready, and returns when it has.
func (p *Predecessor) Alone(ctx context.Context) error {
	p.say(needsAll)
	return p.Gone(ctx)
}

// Wait asks it for more time.
func (p *Predecessor) Wait() { p.say(needsTime) }

// Gone returns when it has ended.
func (p *Predecessor) Gone(ctx context.Context) error { return until(ctx, p.gone) }

func until(ctx context.Context, happens <-chan struct{}) error {
	select {
	case <-happens:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Replace starts a program and hands all sockets of this one over to it. It returns when that
// one is ready, or cannot be while this one is there: then this one is to end, and the
// other is the one that the manager watches. After an error this one serves on, and the
// other has ended. patience is how long the other may take without asking for more.
func (s Systemd) Replace(ctx context.Context, program *exec.Cmd, patience time.Duration) (pid int, err error) {
	tells, tell, err := os.Pipe()
	if err != nil {
		return 0, fmt.Errorf("start the program: %w", err)
	}
	defer tells.Close()
	hear, hears, err := os.Pipe()
	if err != nil {
		return 0, errors.Join(fmt.Errorf("start the program: %w", err), tell.Close())
	}
	names, files, err := s.sockets.copies()
	program.ExtraFiles = append([]*os.File{tell, hear}, files...)
	program.Env = append(slices.DeleteFunc(slices.Clone(program.Env), manages), fmt.Sprintf("%s=%d:%s", handedVariable, os.Getpid(), strings.Join(names, ":")))
	if err == nil {
		err = program.Start()
	}
	for _, f := range program.ExtraFiles {
		_ = f.Close() // the program has copies
	}
	if err == nil {
		err = s.awaits(ctx, program, tells, hears, patience)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("start the program: %w", err), hears.Close())
	}
	s.sockets.toSuccessor = hears // open until this process ends
	return program.Process.Pid, nil
}

// yield has a program that is ready take the place of this one.
func (s Systemd) yield(program *exec.Cmd, hears io.Writer) error {
	if err := s.Notify(fmt.Sprintf("MAINPID=%d", program.Process.Pid)); err != nil {
		return err
	}
	if _, err := hears.Write([]byte{'!'}); err != nil {
		return fmt.Errorf("tell it that it may go on: %w", err)
	}
	return nil
}

// manages tells whether a variable is what a manager has said to this process alone.
func manages(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{handedVariable, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID"}, name)
}

// awaits returns when a program that was started is ready, or needs this one to end. One that
// is not is ended.
func (s Systemd) awaits(ctx context.Context, program *exec.Cmd, tells io.Reader, hears io.Writer, patience time.Duration) error {
	said, ended, done := make(chan string), make(chan error, 1), make(chan struct{})
	defer close(done)
	go func() {
		for lines := bufio.NewScanner(tells); lines.Scan(); {
			select {
			case said <- lines.Text():
			case <-done:
				return
			}
		}
	}()
	go func() { ended <- program.Wait() }()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		var why error
		select {
		case what := <-said:
			if what != isReady && what != needsAll {
				late.Reset(patience)
				continue
			}
			if why = s.yield(program, hears); why == nil {
				return nil
			}
		case err := <-ended:
			if err == nil {
				err = errors.New("it ended before it was ready")
			}
			return err
		case <-late.C:
			why = fmt.Errorf("it is not ready after %s", patience)
		case <-ctx.Done():
			why = context.Cause(ctx)
		}
		_ = program.Process.Kill() // it may have ended by itself
		<-ended                    //nolint:errcheck // it was killed
		return why
	}
}
