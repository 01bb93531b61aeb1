package command

import (
	"fmt"
	"io"
	"strings"
	"time"

	"communique/storage/deliveries"
)

func (a *app) printReach(in *installation, entries []entryReach) error {
	if len(entries) == 0 {
		a.say("It is silent, or not public yet: it was sent to no server.")
		return nil
	}
	t := newTable("ENTRY", "ACTOR", "AT", "SERVERS", "FOLLOWERS", "BEHIND", "REFUSED", "GONE", "50 %", "90 %", "99 %", "100 %")
	for _, e := range entries {
		cells := []string{
			string(e.Kind), "@" + e.Actor, in.second(e.reach.Entry.At),
			fmt.Sprintf("%d of %d", e.Servers.Reached, e.Servers.Total), fmt.Sprintf("%d of %d", e.Followers.Reached, e.Followers.Total),
			fmt.Sprint(e.Servers.Behind), fmt.Sprint(e.Servers.Refused), fmt.Sprint(e.Servers.Gone),
		}
		for _, percent := range reachPercents {
			cells = append(cells, withinText(e.reach, percent))
		}
		t.row(cells...)
	}
	if err := t.print(a.Stdout); err != nil {
		return err
	}
	newest := newestOf(entries)
	plotReach(a.Stdout, newest[0].reach)
	for _, e := range newest {
		if err := a.printStragglers(e); err != nil {
			return err
		}
	}
	return nil
}

// newestOf are the lines of the newest entry, the author's first.
func newestOf(entries []entryReach) []entryReach {
	last := len(entries) - 1
	first := last
	for first > 0 && entries[first-1].Seq == entries[last].Seq {
		first--
	}
	return entries[first:]
}

func withinText(r deliveries.Reach, percent int) string {
	within, ok := r.Within(percent)
	if !ok {
		return "-"
	}
	return within.Round(100 * time.Millisecond).String()
}

func (a *app) printStragglers(e entryReach) error {
	if len(e.Behind) > 0 {
		a.say("\nBehind, of the servers of @%s:", e.Actor)
		t := newTable("INBOX", "SINCE", "NEXT ATTEMPT", "LAST ERROR")
		for _, b := range e.Behind {
			t.row(b.Inbox, b.Since, orDash(b.NextAttempt), orDash(b.Error))
		}
		if err := t.print(a.Stdout); err != nil {
			return err
		}
	}
	if len(e.Refused) == 0 {
		return nil
	}
	a.say("\nRefused, by servers of @%s:", e.Actor)
	t := newTable("INBOX", "AT", "STATUS", "ANSWER")
	for _, r := range e.Refused {
		t.row(r.Inbox, r.At, fmt.Sprint(r.Status), orDash(r.Answer))
	}
	return t.print(a.Stdout)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// plotReach draws the share of servers reached over time. What comes after the
// last percent would flatten everything before it, so the plot ends at 99 %.
func plotReach(w io.Writer, r deliveries.Reach) {
	const width, height = 60, 8
	if len(r.Progress) == 0 || r.Servers == 0 {
		return
	}
	end := r.Progress[len(r.Progress)-1].At.Sub(r.Entry.At)
	if within, ok := r.Within(99); ok {
		end = within
	}
	var share [width]float64
	for i := range share {
		until := r.Entry.At.Add(end * time.Duration(i+1) / width)
		for _, m := range r.Progress {
			if !m.At.After(until) {
				share[i] += float64(m.Servers) / float64(r.Servers)
			}
		}
	}
	fmt.Fprintln(w)
	for row := height; row > 0; row-- {
		var line strings.Builder
		for _, s := range share {
			if s >= (float64(row)-0.5)/height {
				line.WriteByte('#')
			} else {
				line.WriteByte(' ')
			}
		}
		fmt.Fprintf(w, "%4d %% |%s\n", row*100/height, strings.TrimRight(line.String(), " "))
	}
	fmt.Fprintf(w, "       +%s\n        0%*s\n", strings.Repeat("-", width), width-1, end.Round(100*time.Millisecond))
}
