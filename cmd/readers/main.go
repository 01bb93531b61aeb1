// Command readers measures how fast a site answers those who read it. It serves
// two installations of communique, a small one and a large one, and beside them
// two yardsticks: a bare net/http handler that writes the same bytes, in a
// process of its own, and nginx with the same bodies compressed beforehand. wrk
// asks all of them in turn, round after round, because the machine is not the
// same from one second to the next; the report gives medians of the ratios
// within a round.
//
// The installations are made by communique init and filled by fanout seed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

// settings are what the flags say.
type settings struct {
	communique string
	small      string
	large      string
	rounds     int
	only       string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "readers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == bareArgument {
		return runBare(ctx, stdin, stdout)
	}
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, s, stderr)
	if err != nil {
		return err
	}
	defer b.close()
	r := report{}
	for _, c := range b.cases() {
		if s.only != "" && !strings.Contains(","+s.only+",", ","+c.name+",") {
			continue
		}
		if err := b.measure(ctx, c, &r); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return r.write(stdout)
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("readers", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.communique, "communique", "", "the program")
	f.StringVar(&s.small, "small", "", "folder of an installation with few articles")
	f.StringVar(&s.large, "large", "", "folder of one with many; without it nothing is compared with it")
	f.IntVar(&s.rounds, "rounds", 9, "how often each is measured")
	f.StringVar(&s.only, "only", "", "names of cases, joined by commas")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.communique == "" || s.small == "" || s.rounds < 1 {
		return s, errors.New("name -communique and -small; as in: readers -communique ./communique -small little -large much")
	}
	return s, nil
}
