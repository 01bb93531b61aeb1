package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// startsWithin bounds the start of a server: a large installation may have to be
// migrated first.
const startsWithin = 3 * time.Minute

// Process is a server that was started.
type Process struct {
	name string
	cmd  *exec.Cmd
	// Ended is closed when it has ended, by itself or not.
	Ended <-chan struct{}
}

// Start starts a server and waits until it listens at address, host:port. What a
// server that ends instead has said on standard error is in the error, unless cmd
// has another place for it.
func Start(ctx context.Context, name string, cmd *exec.Cmd, address string) (*Process, error) {
	var said bytes.Buffer
	if cmd.Stderr == nil {
		cmd.Stderr = &said
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // that it ended is what matters
		close(ended)
	}()
	p := &Process{name: name, cmd: cmd, Ended: ended}
	limited, cancel := context.WithTimeout(ctx, startsWithin)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(limited, "tcp", address)
		if err == nil {
			return p, conn.Close()
		}
		select {
		case <-ended:
			return nil, fmt.Errorf("%s ended by itself: %s", name, said.String())
		case <-limited.Done():
			return nil, errors.Join(fmt.Errorf("%s does not listen at %s: %w", name, address, err), p.Kill())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// PID is its number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stop asks it to end, and waits.
func (p *Process) Stop() error { return p.end(os.Interrupt) }

// Kill ends it at once, as a loss of power does, and waits.
func (p *Process) Kill() error { return p.end(os.Kill) }

func (p *Process) end(signal os.Signal) error {
	err := p.cmd.Process.Signal(signal)
	<-p.Ended
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.name, err)
	}
	return nil
}

// tick is the unit in which /proc counts.
const tick = time.Second / 100

// ProcessorTime is what a process and its children, those that have ended included, have
// used of the processors so far; 0 where /proc does not tell (proc(5): utime, stime, cutime, cstime).
func ProcessorTime(pid int) time.Duration {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	var total time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The name stands in brackets and may hold anything, brackets too.
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if len(fields) < 15 {
			continue
		}
		own := file == fmt.Sprintf("/proc/%d/stat", pid)
		if child := string(fields[1]) == strconv.Itoa(pid); !own && !child {
			continue
		}
		times := fields[11:13]
		if own {
			times = fields[11:15]
		}
		for _, field := range times {
			n, err := strconv.Atoi(string(field))
			if err != nil {
				return 0
			}
			total += time.Duration(n) * tick
		}
	}
	return total
}
