// Command communique is the syndication server of a press site: it files
// articles, serves them as feeds and pages, and delivers them to the fediverse.
//
// main only hands the world to [command.Run], so that the tests run the same
// program in a world of their own.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones, where the system has none

	"communique/cmd/communique/command"
	"communique/storage"
)

func main() {
	// Only net/http's client writes there, of what other servers answer unasked: lines of
	// theirs, as many as they like. The server's log has them at its lowest level.
	log.SetFlags(0)
	log.SetOutput(io.Discard)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command.Run(ctx, os.Args[1:], command.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Clock: storage.SystemClock{},
		Reload: reload, Replace: replace, Again: again, LibraryLog: log.SetOutput,
	})
	stop()
	os.Exit(command.ExitStatus(os.Stderr, err))
}

// reload has SIGHUP, by which nothing ends from then on, read the level of the log anew.
func reload() (signals <-chan os.Signal, end func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}

// again starts the program that is there now in the place of this one, with the same arguments
// and variables.
func again() *exec.Cmd {
	program := exec.CommandContext(context.Background(), os.Args[0], os.Args[1:]...) // it outlives this one
	program.Env, program.Stdin, program.Stdout, program.Stderr = os.Environ(), os.Stdin, os.Stdout, os.Stderr
	return program
}
