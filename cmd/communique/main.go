// Command communique is the syndication server of a press site: it files
// articles, serves them as feeds and pages, and delivers them to the fediverse.
//
// main only hands the world to run, so that the tests run the same program.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones, where the system has none
)

func main() {
	// Only net/http's client writes there, of what other servers answer unasked:
	// lines of theirs in our log, as many as they like.
	log.SetOutput(io.Discard)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(exitStatus(os.Stderr, err))
}
