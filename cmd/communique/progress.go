package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress tells how far a long run is: a line that renews itself on a
// terminal, else a line every ten seconds.
type progress struct {
	to       io.Writer
	terminal bool
	total    int
	done     int
	began    time.Time
	said     time.Time
}

func newProgress(to io.Writer, total int) *progress {
	p := &progress{to: to, total: total, began: time.Now(), said: time.Now()}
	if f, ok := to.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) step() {
	p.done++
	pause := 10 * time.Second
	if p.terminal {
		pause = 200 * time.Millisecond
	}
	if time.Since(p.said) < pause {
		return
	}
	p.said = time.Now()
	rate := float64(p.done) / time.Since(p.began).Seconds()
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second)).Round(time.Second)
	line := fmt.Sprintf("%d of %d pages, %.0f a second, %s left", p.done, p.total, rate, left)
	if p.terminal {
		const width = 30
		filled := width * p.done / p.total
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
