package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"communique/cmd/internal/bench"
	"communique/federation/signature"
)

// bareInbox is the most that any inbox on this machine can do: it verifies the
// same signatures by the same package, with a key that it knows, and answers 202.
// It stores nothing. It runs in a process of its own, as every inbox does, and
// ends with its standard input.
type bareInbox struct {
	Key  string `json:"key"` // PEM
	base string
}

// process is a bare inbox that runs.
type process struct {
	inbox string
	pid   int
	stop  func() error
}

// inboxArgument makes the program a bare inbox.
const inboxArgument = "bare-inbox"

// startBareInbox starts the process.
func (f *fediverse) startBareInbox(ctx context.Context) (p process, err error) {
	cmd, err := bench.Self(ctx, inboxArgument)
	if err != nil {
		return p, err
	}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return p, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return p, err
	}
	if err := cmd.Start(); err != nil {
		return p, fmt.Errorf("start the bare inbox: %w", err)
	}
	p.pid = cmd.Process.Pid
	p.stop = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	if err := json.NewEncoder(in).Encode(bareInbox{Key: f.public}); err != nil {
		return p, errors.Join(err, p.stop())
	}
	if _, err := fmt.Fscanln(out, &p.inbox); err != nil {
		return p, errors.Join(fmt.Errorf("the bare inbox does not start: %w", err), p.stop())
	}
	return p, nil
}

// runBareInbox is the process: it reads itself, writes its address, and serves
// until its standard input ends.
func runBareInbox(ctx context.Context, in io.Reader, out io.Writer) error {
	reader := bufio.NewReader(in)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	var b bareInbox
	if err := json.Unmarshal(line, &b); err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.base = "http://" + l.Addr().String()
	handler, err := b.handler()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: answerWithin}
	go func() {
		_, _ = io.Copy(io.Discard, reader) // ends with whoever started it
		_ = server.Close()
	}()
	if _, err := fmt.Fprintf(out, "%s/inbox\n", b.base); err != nil {
		return err
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (b bareInbox) handler() (http.HandlerFunc, error) {
	key, err := signature.ParsePublicKey(b.Key)
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return // the sender hung up
		}
		signed, err := signature.Parse(r, body, b.base, time.Now())
		if err == nil {
			err = signed.Verify(key)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}, nil
}
