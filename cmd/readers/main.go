// Command readers measures how fast a site answers its readers. It serves
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
	"fmt"
	"io"
	"strings"

	"communique/cmd/internal/bench"
)

// settings are what the flags say.
type settings struct {
	communique string
	small      string
	large      string
	rounds     int
	only       string
}

func main() { bench.Main("readers", run) }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) > 1 && args[0] == bareArgument {
		return runBare(ctx, args[1], stdin)
	}
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	c, err := newComparison(ctx, s, stderr)
	if err != nil {
		return err
	}
	defer c.close()
	var r report
	for _, q := range c.questions() {
		if s.only != "" && !strings.Contains(","+s.only+",", ","+q.name+",") {
			continue
		}
		if err := c.measure(ctx, q, &r); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return r.write(stdout)
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := bench.Flags("readers", stderr)
	f.StringVar(&s.communique, "communique", "", "the program")
	f.StringVar(&s.small, "small", "", "folder of an installation with few articles")
	f.StringVar(&s.large, "large", "", "folder of one with many; without it nothing is compared with it")
	f.IntVar(&s.rounds, "rounds", 9, "how often each is measured")
	f.StringVar(&s.only, "only", "", "names of questions, joined by commas")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.communique == "" || s.small == "" || s.rounds < 1 {
		return s, errors.New("name -communique and -small; as in: readers -communique ./communique -small little -large much")
	}
	return s, nil
}
