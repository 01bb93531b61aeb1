package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"communique/cmd/internal/bench"
)

// figure is one measure: of wrk a rate and what a request cost the server, of a
// first answer its time.
type figure struct {
	rate         float64 // answers a second
	cpu          float64 // microseconds of the server's processor time an answer
	milliseconds float64
}

// wrk loads a server for a second over 32 connections.
func wrk(ctx context.Context, to *server, path, tag string) (figure, error) {
	args := []string{"-t1", "-c32", "-d1s", "-H", "Accept-Encoding: gzip"}
	if tag != "" {
		args = append(args, "-H", "If-None-Match: "+tag)
	}
	before := bench.ProcessorTime(to.process.PID())
	out, err := exec.CommandContext(ctx, "wrk", append(args, to.base+path)...).CombinedOutput()
	spent := bench.ProcessorTime(to.process.PID()) - before
	if err != nil {
		return figure{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	var f figure
	var requests float64
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 2 && words[0] == "Requests/sec:":
			f.rate, err = strconv.ParseFloat(words[1], 64)
		case len(words) > 2 && words[1] == "requests" && words[2] == "in":
			requests, err = strconv.ParseFloat(words[0], 64)
		case strings.Contains(line, "Non-2xx"), strings.Contains(line, "Socket errors"):
			err = fmt.Errorf("wrk: %s", strings.TrimSpace(line))
		}
		if err != nil {
			return f, err
		}
	}
	if requests > 0 {
		f.cpu = float64(spent.Microseconds()) / requests
	}
	return f, nil
}
