package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/communique/demo"
	"communique/cmd/internal/config"
	"communique/cmd/internal/newsroom"
	"communique/federation/moderation"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// When things happen in the demo, from its start.
const (
	freshAfter     = 6 * time.Second
	correctedAfter = 14 * time.Second
)

func newDemoCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Show a fictional ministry and a server that follows it",
		Long: `Start a fictional ministry on this machine, with sections, articles in three
languages, corrections and a withdrawal, its desk, at which you are one of two
people, and beside it a small server that follows its actor. After some seconds a
fresh communiqué is published, and later corrected: watch both arrive, and then
approve the one that waits at the desk. Ctrl-C ends the demo and leaves nothing
behind.`,
		Example: `  communique demo`,
		Args:    arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.demo(cmd.Context())
		},
	}
}

// demo runs in a folder of its own, which is removed at the end.
func (a *app) demo(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "communique-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	a.Env = func(string) string { return "" } // no variable leads the demo to a database that is somebody's
	d := &demonstration{app: a, folder: folder, log: slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err := d.prepare(ctx); err != nil {
		return err
	}
	defer d.close()
	return d.show(ctx)
}

// demonstration is a running demo.
type demonstration struct {
	*app
	folder   string
	log      *slog.Logger
	content  demo.Content
	in       *installation
	place    servingPlace
	server   *server
	site     net.Listener
	follower *demo.Follower
	beside   net.Listener
	office   *deskServer
	officeAt net.Listener
	ids      map[string]press.ArticleID
}

func (d *demonstration) prepare(ctx context.Context) (err error) {
	if d.content, err = demo.Load(); err != nil {
		return err
	}
	if err := demo.Unpack(d.folder); err != nil {
		return fmt.Errorf("unpack the demo: %w", err)
	}
	if d.site, err = listenNear(ctx, 8080); err != nil {
		return err
	}
	if d.beside, err = listenNear(ctx, 8090); err != nil {
		return err
	}
	if d.officeAt, err = listenNear(ctx, 8481); err != nil {
		return err
	}
	if err := d.install(ctx); err != nil {
		return err
	}
	if err := d.staff(ctx); err != nil {
		return err
	}
	ready, err := d.ready(ctx, d.in, "", d.log)
	if err != nil {
		return err
	}
	if d.place, err = d.in.lockServing(ctx, nil, d.log); err != nil {
		return err
	}
	if d.server, err = newServer(ctx, ready, d.place, d.log); err != nil {
		d.place.release()
		return err
	}
	d.follower, err = demo.NewFollower("http://"+d.beside.Addr().String(), d.log)
	return err
}

// listenNear listens on this machine, on the usual port if it is free.
func listenNear(ctx context.Context, port int) (net.Listener, error) {
	l, err := listenOn(ctx, fmt.Sprintf("127.0.0.1:%d", port), "any")
	if err != nil {
		l, err = listenOn(ctx, "127.0.0.1:0", "any")
	}
	return l, err
}

func (d *demonstration) install(ctx context.Context) error {
	m := d.content.Ministry
	err := d.app.install(ctx, d.folder, config.Initial{
		BaseURL: "http://" + d.site.Addr().String(), Actor: m.Actor, Name: m.Name[m.Languages[0]],
		Timezone: m.Timezone, Languages: m.Languages,
	}, nil)
	if err != nil {
		return err
	}
	d.data = d.folder
	if d.in, err = d.open(ctx); err != nil {
		return err
	}
	c := &d.in.config
	c.Replies = string(moderation.RepliesReview)
	c.Names, c.Actor.Summary, c.Actor.Icon, c.Actor.Header = m.Name, m.Summary, m.Icon, m.Header
	for _, f := range m.Fields {
		c.Actor.Fields = append(c.Actor.Fields, config.Field(f))
	}
	return d.fill(ctx)
}

// fill files the ministry's articles, in the order of their dates and silently:
// they are of the past.
func (d *demonstration) fill(ctx context.Context) error {
	var documents []newsroom.Document
	names := map[string]string{} // of the article, by its file
	for _, name := range d.content.Articles {
		doc, err := d.readDocument(ctx, d.in, d.file(name))
		if err != nil {
			return err
		}
		names[doc.File] = name
		documents = append(documents, doc)
	}
	slices.SortFunc(documents, func(a, b newsroom.Document) int { return a.Published.Compare(b.Published) })
	d.ids = map[string]press.ArticleID{}
	return d.desk(d.in).Together(ctx, func(desk newsroom.Desk) error {
		if err := d.makeSections(ctx, desk); err != nil {
			return err
		}
		for _, doc := range documents {
			r, err := desk.File(ctx, d.withOriginal(doc), newsroom.Filing{Silent: true})
			if err != nil {
				return err
			}
			d.ids[names[doc.File]] = r.Article.ID
		}
		return d.amend(ctx, desk)
	})
}

func (d *demonstration) file(name string) string { return filepath.Join(d.folder, name+".md") }

// withOriginal names the original of a translation by its id: documents of the demo
// name its file.
func (d *demonstration) withOriginal(doc newsroom.Document) newsroom.Document {
	doc.TranslationOf = string(d.ids[doc.TranslationOf])
	return doc
}

func (d *demonstration) makeSections(ctx context.Context, desk newsroom.Desk) error {
	main := d.content.Ministry.Languages[0]
	names := map[press.Path][]string{} // from the top down
	for _, s := range d.content.Sections {
		parent, slug := press.Path(""), string(s.Path)
		if cut := strings.LastIndexByte(slug, '/'); cut >= 0 {
			parent, slug = s.Path[:cut], slug[cut+1:]
		}
		names[s.Path] = append(slices.Clone(names[parent]), s.Names[main])
		if _, err := desk.AddSections(ctx, names[s.Path], newsroom.NewSections{Language: main, Slug: slug}); err != nil {
			return err
		}
		for _, lang := range sortedLanguages(s.Names) {
			if lang == main {
				continue
			}
			if _, err := desk.NameSection(ctx, string(s.Path), lang, s.Names[lang]); err != nil {
				return err
			}
		}
	}
	return nil
}

// amend makes the corrections and withdrawals of the past.
func (d *demonstration) amend(ctx context.Context, desk newsroom.Desk) error {
	for _, c := range d.content.Corrections {
		if err := d.rewrite(c); err != nil {
			return err
		}
		doc, err := d.readDocument(ctx, d.in, d.file(c.Article))
		if err != nil {
			return err
		}
		_, err = desk.Correct(ctx, d.ids[c.Article], d.withOriginal(doc), newsroom.Correction{Note: c.Note, Minor: c.Minor})
		if err != nil {
			return err
		}
	}
	for _, w := range d.content.Withdrawals {
		if _, err := desk.Withdraw(ctx, d.ids[w.Article], w.Reason); err != nil {
			return err
		}
	}
	return nil
}

// rewrite makes a correction's replacements in the article's file.
func (d *demonstration) rewrite(c demo.Correction) error {
	text, err := os.ReadFile(d.file(c.Article))
	if err != nil {
		return err
	}
	for _, r := range c.Replace {
		if bytes.Count(text, []byte(r.Old)) != 1 {
			return fmt.Errorf("correct %s: %q is not in it exactly once", c.Article, r.Old)
		}
		text = bytes.Replace(text, []byte(r.Old), []byte(r.New), 1)
	}
	return os.WriteFile(d.file(c.Article), text, 0o600)
}

// show runs both servers until ctx ends.
func (d *demonstration) show(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	page := &http.Server{Handler: d.follower.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 15 * time.Second}
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := page.Serve(d.beside); !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("serve the follower: %w", err))
		}
	})
	parts.Go(func() { stop(d.server.run(ctx, d.site)) })
	parts.Go(func() { d.office.serve(ctx, d.officeAt) })
	d.introduce()
	parts.Go(func() {
		if err := d.play(ctx); err != nil && ctx.Err() == nil {
			stop(err)
		}
	})
	<-ctx.Done()
	_ = page.Close() // nothing of it is worth waiting for
	parts.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func (d *demonstration) introduce() {
	base := d.in.config.BaseURL
	d.say("A fictional ministry is on this machine (loopback mode: plain http, peers on this machine only).")
	d.say("")
	t := &table{}
	t.row("  the site", base+"/en/", "", "in French "+base+"/fr/, in Arabic "+base+"/ar/")
	t.row("  the desk", d.in.config.Desk.URL+"/", "", "write, check, release and correct, as either of two people")
	t.row("  a feed", base+"/en/the-ministry/the-minister/feed.atom")
	t.row("  the actor", "@"+d.in.site.Handle(d.in.config.Actor.Name))
	t.row("  a follower", "http://"+d.beside.Addr().String()+"/", "", "what arrives in its inbox")
	_ = t.print(d.Stdout) // a table in memory; the terminal is the caller's
	d.say("")
	d.say("A fresh communiqué is published in %s. Ctrl-C ends the demo and leaves nothing behind.", freshAfter)
}

// play follows the actor, and publishes and corrects the fresh communiqué.
func (d *demonstration) play(ctx context.Context) error {
	if err := d.follower.Follow(ctx, d.in.site.Actor(d.in.config.Actor.Name)); err != nil {
		return err
	}
	began := d.Clock.Elapsed()
	if err := pause(ctx, freshAfter); err != nil {
		return err
	}
	published, err := d.releases(ctx, newsroom.Proposal{Kind: manuscripts.NewArticle}, demo.Fresh)
	if err != nil {
		return err
	}
	d.say("Published %s", d.in.site.Article(published))
	if err := d.follower.Answer(ctx, d.in.site.Actor(d.in.config.Actor.Name), d.in.site.Object(published.ID), d.content.Answer); err != nil {
		return err
	}
	if err := pause(ctx, correctedAfter-(d.Clock.Elapsed()-began)); err != nil {
		return err
	}
	second := d.content.Second
	if err := d.rewrite(second); err != nil {
		return err
	}
	how := manuscripts.How{Note: second.Note, Minor: second.Minor}
	corrected, err := d.releases(ctx, newsroom.Proposal{Kind: manuscripts.Correction, Article: published.ID, How: how}, demo.Fresh)
	if err != nil {
		return err
	}
	d.say("Corrected %s", d.in.site.Article(corrected))
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (d *demonstration) close() {
	d.follower.Close()
	d.server.Close()
	d.place.release()
	d.in.Close()
}
