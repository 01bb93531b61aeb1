package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/preview"
	"communique/federation"
	"communique/feeds"
	"communique/storage/richtext"
)

func newPreviewCommand(a *app) *cobra.Command {
	var f newsroom.Filing
	var correction newsroom.Correction
	var to string
	c := &cobra.Command{
		Use:   "preview FILE.md...",
		Short: "Show what a document will look like, before it is published",
		Long: `Show what will become of a document, or of several that are one statement in several
languages, as in publish: the page, the item in the feeds, and what Mastodon will show
of it. Nothing is filed, nothing leaves this machine, and no server need run. What
publish would refuse is refused, and noted.

The page is one file, with its styles and pictures in it, which a browser opens if there
is a screen; else its name is printed. It lies in a temporary folder, or where --to
says, beside the item as an Atom feed and the post as it is sent, for nobody else on
this machine to read. Remove the folder when you are done: what is under embargo is in
it. Pictures that other sites serve are not shown, because they would be fetched.

A document that says in its front matter which article it was made of, as communique
show --markdown prints it, is shown as its correction; --note is what readers would be
told.`,
		Example: `  communique preview treaty.md
  communique preview treaty.en.md treaty.fr.md treaty.ar.md
  communique preview --to /tmp/for-the-minister treaty.md
  communique preview treaty.md --note "The date of signing was wrong."`,
		Args: arguments("FILE.md..."),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.openToRehearse(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			docs, err := a.readDocuments(cmd.Context(), in, args)
			if err != nil {
				return err
			}
			correction.Note = strings.TrimSpace(correction.Note)
			correction.Minor, correction.Silent, correction.Alone, correction.Shown = correction.Note == "", f.Silent, f.Alone, true
			correction.Again = f.Again
			f.Final, correction.Final = true, true // a draft is what one looks at before
			shown, err := a.previewed(cmd.Context(), in, docs, f, correction)
			if err != nil {
				return err
			}
			return a.showPreview(cmd.Context(), in, shown, to)
		},
	}
	c.Flags().StringVar(&to, "to", "", "write the files into this `folder`")
	c.Flags().StringVar(&correction.Note, "note", "", "what a correction tells readers")
	c.Flags().BoolVar(&correction.Back, "back", false, "as in correct")
	c.Flags().BoolVar(&correction.Replace, "replace", false, "as in correct")
	c.Flags().BoolVar(&f.Alone, "release-alone", false, releaseAlone)
	c.Flags().BoolVar(&f.Again, "again", false, "as in publish")
	c.Flags().BoolVar(&f.Silent, "silent", false, "as in publish")
	return c
}

func (a *app) previewed(ctx context.Context, in *installation, docs []newsroom.Document, f newsroom.Filing, c newsroom.Correction) ([]preview.Shown, error) {
	pictures, err := loadPictures(in.config)
	if err != nil {
		return nil, err
	}
	shown, err := preview.Make(ctx, preview.Options{
		Desk: a.desk(in), Identity: identityOf(in, pictures), Pictures: pictures.all(), Quotes: federation.Quotes(in.config.Saying.Quotes),
	}, docs, f, c)
	switch {
	case err == nil:
		return shown, nil
	case len(docs) == 1 && docs[0].Article != "":
		return nil, a.withCorrectionHint(err, docs[0].Article)
	}
	return nil, withFilingHint(err)
}

// previewLine is a document as preview prints it with --json.
type previewLine struct {
	rehearsed
	Page      string       `json:"page"`
	Feed      string       `json:"feed"`
	Object    string       `json:"object"`
	Item      previewItem  `json:"item"`
	Mastodon  preview.Post `json:"mastodon"`
	Elsewhere []string     `json:"elsewhere,omitempty"`
}

type previewItem struct {
	Title      string   `json:"title"`
	Summary    string   `json:"summary"`
	Categories []string `json:"categories"`
	Pictures   []string `json:"pictures"`
	Files      []string `json:"files"`
}

func itemOf(i feeds.Item) previewItem {
	p := previewItem{Title: i.Title, Summary: i.Summary, Categories: i.Tags}
	if i.Section != "" {
		p.Categories = append([]string{i.Section}, i.Tags...)
	}
	for _, image := range i.Images {
		p.Pictures = append(p.Pictures, image.Alt)
	}
	for _, f := range i.Files {
		p.Files = append(p.Files, f.Title)
	}
	return p
}

func (a *app) showPreview(ctx context.Context, in *installation, shown []preview.Shown, to string) error {
	folder, err := previewFolder(to)
	if err != nil {
		return err
	}
	var filed []newsroom.Result
	for _, s := range shown {
		line := previewLine{rehearsed: in.rehearsed(s.Result, s.Held), Item: itemOf(s.Item), Mastodon: s.Post, Elsewhere: s.Elsewhere}
		for _, f := range []struct {
			path    *string
			ending  string
			content []byte
		}{{&line.Page, ".html", s.Page}, {&line.Feed, ".atom", s.Feed}, {&line.Object, ".json", s.Sent}} {
			if *f.path, err = writePrivate(folder, s.Name+f.ending, f.content); err != nil {
				return err
			}
		}
		filed = append(filed, s.Result)
		if a.json {
			if err := a.objectServed(ctx, in, line); err != nil {
				return err
			}
			continue
		}
		if len(filed) > 1 {
			a.say("")
		}
		a.printPreview(in, s.Result, line, s.Held)
	}
	if a.json {
		return nil
	}
	a.say("")
	if to == "" {
		a.say("Remove %s when you are done: the text is in it.", folder)
	}
	first := filepath.Join(folder, shown[0].Name+".html")
	if !a.browse(ctx, first) {
		a.say("Open %s in a browser.", first)
	}
	a.sayUnserved(ctx, in, filed, wouldGo)
	return nil
}

func (a *app) printPreview(in *installation, r newsroom.Result, line previewLine, clock string) {
	a.printRehearsed(in, r, "", clock)
	for _, address := range line.Elsewhere {
		a.say("Note: the picture %s is on another site: the page shows it, the preview fetches nothing", address)
	}
	a.say("Page: %s", line.Page)
	a.say("\nItem in feeds: %s", line.Feed)
	for _, f := range []struct{ name, text string }{
		{"Title", line.Item.Title},
		{"Summary", line.Item.Summary},
		{"Categories", strings.Join(line.Item.Categories, ", ")},
		{"Pictures", strings.Join(line.Item.Pictures, "; ")},
		{"Files", strings.Join(line.Item.Files, "; ")},
	} {
		if f.text != "" {
			a.say("  %s: %s", f.name, f.text)
		}
	}
	a.printPost(line)
}

func (a *app) printPost(line previewLine) {
	if line.Silent {
		a.say("\nIn Mastodon: nothing is pushed; who looks the page up gets this: %s", line.Object)
	} else {
		a.say("\nIn Mastodon: %s", line.Object)
	}
	p := line.Mastodon
	for part := range strings.SplitSeq(strings.TrimSpace(p.Title+"\n\n"+p.Text+"\n\n"+strings.Join(p.Tags, " ")), "\n") {
		a.say("%s", strings.TrimRight("  | "+part, " "))
	}
	switch c := p.Card; {
	case c == nil:
		a.say("  No card of the page, because %d of its pictures are attached.", p.Pictures)
	case c.Image == "":
		a.say("  Card, without a picture: %s: %s", c.Site, c.Title)
		a.say("    %s", c.Description)
	default:
		a.say("  Card, with the picture %s: %s: %s", richtext.Quoted(c.ImageAlt), c.Site, c.Title)
		a.say("    %s", c.Description)
	}
}

// previewFolder is a folder that nobody else can read, unless the one that was named is
// there already: what is written into it is private in any case.
func previewFolder(to string) (string, error) {
	if to == "" {
		folder, err := os.MkdirTemp("", "communique-preview-")
		if err != nil {
			return "", fmt.Errorf("make a folder for the preview: %w; name one with --to", err)
		}
		return folder, nil
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return "", fmt.Errorf("--to: %s: it cannot be made: %w", to, unwrapPath(err))
	}
	return filepath.Abs(to)
}

// writePrivate writes a file for nobody else to read, in place of one that was there, to
// whose mode or target it would be written otherwise.
func writePrivate(folder, name string, content []byte) (string, error) {
	path := filepath.Join(folder, name)
	_ = os.Remove(path) // if it is in the way, the next line says so
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(content)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return "", fmt.Errorf("%s: it cannot be written: %w", path, unwrapPath(err))
	}
	return path, nil
}
