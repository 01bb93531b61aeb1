package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"communique/storage"
)

// progress shows how far a long run is: on a terminal a line that renews itself,
// elsewhere a line every ten seconds.
type progress struct {
	to       io.Writer
	terminal bool
	what     string
	total    int
	done     int
	started  int // how far it was when we began to look
	clock    storage.Clock
	began    time.Duration // by the clock, as is printed
	printed  time.Duration
}

func newProgress(to io.Writer, clock storage.Clock, what string, total int) *progress {
	began := clock.Elapsed()
	p := &progress{to: to, what: what, total: total, started: -1, clock: clock, began: began, printed: began}
	if f, ok := to.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// step counts one more as done.
func (p *progress) step() { p.at(p.done + 1) }

// at sets how many are done.
func (p *progress) at(done int) {
	if p.done = done; p.started < 0 {
		p.started = max(0, done-1)
	}
	if !p.due() {
		return
	}
	line := fmt.Sprintf("%d of %d %s", p.done, p.total, p.what)
	if rate := float64(p.done-p.started) / (p.printed - p.began).Seconds(); rate > 0 {
		left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second)).Round(time.Second)
		line += fmt.Sprintf(", %.0f a second, %s left", rate, left)
	}
	p.show(line)
}

// due tells whether it is time to print again.
func (p *progress) due() bool {
	pause := 10 * time.Second
	if p.terminal {
		pause = 200 * time.Millisecond
	}
	now := p.clock.Elapsed()
	if now-p.printed < pause {
		return false
	}
	p.printed = now
	return true
}

// show prints a line, on a terminal with a bar in front.
func (p *progress) show(line string) {
	if p.terminal {
		const width = 30
		filled := width * p.done / max(1, p.total)
		fmt.Fprintf(p.to, "\r\033[K[%s%s] %s", strings.Repeat("#", filled), strings.Repeat(" ", width-filled), line)
		return
	}
	fmt.Fprintln(p.to, line)
}

func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.to, "\r\033[K")
	}
}
