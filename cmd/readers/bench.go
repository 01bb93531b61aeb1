package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bench is what is measured, and the yardsticks.
type bench struct {
	settings
	stderr io.Writer
	folder string // for what is made on the way

	site  *server // the small installation
	large *server // nil without one
	bare  *server
	nginx *server
}

// Addresses that are asked for. The section is that of the seeded articles.
const (
	feedPath    = "/en/feed.atom"
	sectionPath = "/en/the-ministry/the-minister/activities/"
	archivePath = "/en/archive/"
	blockPath   = "/en/feed.1.atom"
)

// question is a question, and to whom it is put.
type question struct {
	name        string
	path        string
	conditional bool
	first       bool // the first answer after a publication, one at a time
	to          []*server
}

func newBench(ctx context.Context, s settings, stderr io.Writer) (b *bench, err error) {
	b = &bench{settings: s, stderr: stderr}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.folder, err = os.MkdirTemp("", "readers"); err != nil {
		return b, err
	}
	if b.site, err = serveInstallation(ctx, s.communique, s.small, "communique"); err != nil {
		return b, err
	}
	if s.large != "" {
		if b.large, err = serveInstallation(ctx, s.communique, s.large, "large"); err != nil {
			return b, err
		}
	}
	answer, err := b.site.ask(ctx, feedPath, "")
	if err != nil {
		return b, err
	}
	if b.bare, err = serveBare(ctx, answer); err != nil {
		return b, err
	}
	b.nginx, err = serveNginx(ctx, b.folder, answer)
	return b, err
}

func (b *bench) close() {
	for _, s := range []*server{b.site, b.large, b.bare, b.nginx} {
		if s != nil {
			s.stop()
		}
	}
	_ = os.RemoveAll(b.folder)
}

func (b *bench) cases() []question {
	yardsticks := []*server{b.site, b.bare, b.nginx}
	sizes := []*server{b.site}
	if b.large != nil {
		yardsticks = append(yardsticks, b.large)
		sizes = append(sizes, b.large)
	}
	return []question{
		{name: "200", path: feedPath, to: yardsticks},
		{name: "304", path: feedPath, conditional: true, to: yardsticks},
		{name: "section", path: sectionPath, to: sizes},
		{name: "archive", path: archivePath, to: sizes},
		{name: "first-feed", path: feedPath, first: true, to: sizes},
		{name: "first-section", path: sectionPath, first: true, to: sizes},
		{name: "first-archive", path: archivePath, first: true, to: sizes},
		{name: "first-block", path: blockPath, first: true, to: sizes},
	}
}

// measure puts a question to everyone in turn, as often as there are rounds.
func (b *bench) measure(ctx context.Context, c question, r *report) error {
	for round := range b.rounds {
		for i := range c.to {
			to := c.to[(i+round)%len(c.to)] // nobody is always behind the same other
			figure, err := b.once(ctx, c, to)
			if err != nil {
				return fmt.Errorf("%s: %w", to.name, err)
			}
			r.add(c.name, to.name, figure)
		}
		fmt.Fprintf(b.stderr, "%s: round %d of %d\n", c.name, round+1, b.rounds)
	}
	return nil
}

func (b *bench) once(ctx context.Context, c question, to *server) (figure, error) {
	if c.first {
		return b.firstAfterPublication(ctx, c, to)
	}
	answer, err := to.ask(ctx, c.path, "")
	if err != nil {
		return figure{}, err
	}
	tag := ""
	if c.conditional {
		tag = answer.Header.Get("ETag")
	}
	if again, err := to.ask(ctx, c.path, tag); err != nil || (again.Status == http.StatusNotModified) != c.conditional {
		return figure{}, errors.Join(err, fmt.Errorf("%s is answered %d", c.path, again.Status))
	}
	return wrk(ctx, to, c.path, tag)
}

// firstAfterPublication times the answer for which everything is read and
// rendered anew.
func (b *bench) firstAfterPublication(ctx context.Context, c question, to *server) (figure, error) {
	file := filepath.Join(b.folder, "article.md")
	text := "---\ntitle: A visit\nsection: " + strings.Trim(strings.TrimPrefix(sectionPath, "/en/"), "/") +
		"\nlanguage: en\n---\n\nThe Minister received the delegation.\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return figure{}, err
	}
	if err := command(ctx, b.communique, "publish", file, "--data", to.data); err != nil {
		return figure{}, err
	}
	if _, err := to.ask(ctx, "/en/search", ""); err != nil { // the connection, and not the first feed
		return figure{}, err
	}
	began := time.Now()
	answer, err := to.ask(ctx, c.path, "")
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("%s is answered %d", c.path, answer.Status)
	}
	return figure{milliseconds: float64(time.Since(began).Microseconds()) / 1000}, err
}
