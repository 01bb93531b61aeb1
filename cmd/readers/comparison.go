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

	"communique/cmd/internal/bench"
)

// comparison is what is measured, and the yardsticks.
type comparison struct {
	settings
	stderr io.Writer
	folder string // for what is made on the way

	site  *server // the small installation
	large *server // nil without one
	bare  *server
	nginx *server // nil where nginx is not installed
}

// Addresses that are asked for. The section is that of the seeded articles.
const (
	feedPath    = "/en/feed.atom"
	sectionPath = "/en/the-ministry/the-minister/activities/"
	archivePath = "/en/archive/"
	blockPath   = "/en/feed.1.atom"
)

// question is one, and to whom it is put.
type question struct {
	name        string
	path        string
	conditional bool
	first       bool // the first answer after a publication, one at a time
	to          []*server
}

// newComparison starts the servers.
func newComparison(ctx context.Context, s settings, stderr io.Writer) (c *comparison, err error) {
	c = &comparison{settings: s, stderr: stderr}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if c.folder, err = os.MkdirTemp("", "readers"); err != nil {
		return c, err
	}
	if c.site, err = serveInstallation(ctx, s.communique, s.small, measured); err != nil {
		return c, err
	}
	if s.large != "" {
		if c.large, err = serveInstallation(ctx, s.communique, s.large, "large"); err != nil {
			return c, err
		}
	}
	answer, err := c.site.ask(ctx, feedPath, "")
	if err != nil {
		return c, err
	}
	if c.bare, err = serveBare(ctx, answer); err != nil {
		return c, err
	}
	if c.nginx, err = serveNginx(ctx, c.folder, answer); errors.Is(err, errNoNginx) {
		fmt.Fprintln(stderr, "nginx is not installed: it is left out")
		err = nil
	}
	return c, err
}

func (c *comparison) close() {
	for _, s := range []*server{c.site, c.large, c.bare, c.nginx} {
		if s != nil {
			_ = s.process.Stop() // it may have ended
		}
	}
	_ = os.RemoveAll(c.folder)
}

func (c *comparison) questions() []question {
	yardsticks, sizes := []*server{c.site, c.bare}, []*server{c.site}
	if c.nginx != nil {
		yardsticks = append(yardsticks, c.nginx)
	}
	if c.large != nil {
		yardsticks, sizes = append(yardsticks, c.large), append(sizes, c.large)
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
func (c *comparison) measure(ctx context.Context, q question, r *report) error {
	for round := range c.rounds {
		for i := range q.to {
			to := q.to[(i+round)%len(q.to)] // no server always follows the same other
			figure, err := c.once(ctx, q, to)
			if err != nil {
				return fmt.Errorf("%s: %w", to.name, err)
			}
			r.add(q.name, to.name, figure)
		}
		fmt.Fprintf(c.stderr, "%s: round %d of %d\n", q.name, round+1, c.rounds)
	}
	return nil
}

func (c *comparison) once(ctx context.Context, q question, to *server) (figure, error) {
	if q.first {
		return c.firstAfterPublication(ctx, q, to)
	}
	answer, err := to.ask(ctx, q.path, "")
	if err != nil {
		return figure{}, err
	}
	tag := ""
	if q.conditional {
		tag = answer.Header.Get("ETag")
	}
	if again, err := to.ask(ctx, q.path, tag); err != nil || (again.Status == http.StatusNotModified) != q.conditional {
		return figure{}, errors.Join(err, fmt.Errorf("%s is answered %d", q.path, again.Status))
	}
	return wrk(ctx, to, q.path, tag)
}

// firstAfterPublication times the answer for which everything is read and
// rendered anew.
func (c *comparison) firstAfterPublication(ctx context.Context, q question, to *server) (figure, error) {
	file := filepath.Join(c.folder, "article.md")
	// The same article twice is refused, in a second run on an installation too.
	text := fmt.Sprintf("---\ntitle: Visit %d\nsection: ", time.Now().UnixNano()) + strings.Trim(strings.TrimPrefix(sectionPath, "/en/"), "/") +
		"\nlanguage: en\n---\n\nThe Minister received the delegation.\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return figure{}, err
	}
	if err := (bench.Installation{Binary: c.communique, Data: to.data}).Run(ctx, "publish", file); err != nil {
		return figure{}, err
	}
	if _, err := to.ask(ctx, "/en/search", ""); err != nil { // the connection, and not the first feed
		return figure{}, err
	}
	began := time.Now()
	answer, err := to.ask(ctx, q.path, "")
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("%s is answered %d", q.path, answer.Status)
	}
	return figure{milliseconds: float64(time.Since(began).Microseconds()) / 1000}, err
}
