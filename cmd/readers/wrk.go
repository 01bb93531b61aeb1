package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// figure is one measure: of wrk a rate and what a request cost the server, of a
// first answer its time.
type figure struct {
	rate         float64 // answers a second
	cpu          float64 // microseconds of the server's processor time an answer
	milliseconds float64
}

// ticks are how many to a second /proc counts.
const ticks = 100

// wrk loads a server for a second over 32 connections.
func wrk(ctx context.Context, to *server, path, tag string) (figure, error) {
	args := []string{"-t1", "-c32", "-d1s", "-H", "Accept-Encoding: gzip"}
	if tag != "" {
		args = append(args, "-H", "If-None-Match: "+tag)
	}
	before := processorTicks(to.process.Process.Pid)
	out, err := exec.CommandContext(ctx, "wrk", append(args, to.base+path)...).CombinedOutput() //nolint:gosec // wrk itself
	spent := processorTicks(to.process.Process.Pid) - before
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
		f.cpu = float64(spent) / ticks * 1e6 / requests
	}
	return f, nil
}

// processorTicks is what a process and its children have used; 0 where it cannot
// be told.
func processorTicks(pid int) int {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	total := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The name in brackets may hold anything (proc(5)).
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 13 || fields[1] != strconv.Itoa(pid) && file != fmt.Sprintf("/proc/%d/stat", pid) {
			continue
		}
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		total += user + system
	}
	return total
}
