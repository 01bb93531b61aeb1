package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
)

// importFlags are the flags of import as they were given.
type importFlags struct {
	timezone, language, source, section string
	dryRun                              bool
}

func newImportCommand(a *app) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import PATH...",
		Short: "Import pages as they are, with the sections that they name",
		Long: `Import pages, or all pages of folders: HTML (.html, .htm, .xhtml) or saved text
(.txt). Title, section, date, language, lead, text and pictures are taken; the
navigation around them is left out, and the sections found are made.

What the page does not say is a problem and never guessed: a page without title,
text, date or section is put aside, and the exit status is 1. Imported articles
are silent: they are in feeds and pages and not pushed to followers. A page that
is known already, by its canonical address or else by its content, is skipped, so
an import can be stopped and run again.`,
		Example: `  communique import --dry-run --json old-site/ | less
  communique import old-site/
  communique import --source-url https://www.mfa.example/news/117.html 117.html
  communique import --section "The Ministry > Archive" --timezone Asia/Shanghai page.txt`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name at least one file or folder; as in: communique import old-site/")
			}
			in, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			o, err := f.options(in)
			if err != nil {
				return err
			}
			files, err := pageFiles(args)
			if err != nil {
				return err
			}
			i := &importing{app: a, in: in, options: o, flags: f, progress: newProgress(a.Stderr, "pages", len(files))}
			return i.all(cmd.Context(), files)
		},
	}
	c.Flags().StringVar(&f.timezone, "timezone", "", "zone of times that name none (default: the site's)")
	c.Flags().StringVar(&f.language, "language", "", "language of all pages (default: what each page says)")
	c.Flags().StringVar(&f.source, "source-url", "", "address that the page was fetched from; relative addresses are resolved by it")
	c.Flags().StringVar(&f.section, "section", "", "section of pages that name none")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "write nothing, print what would be imported")
	return c
}

func (f importFlags) options(in *installation) (o importer.Options, err error) {
	o = importer.Options{Zone: in.config.Zone, Language: in.language()}
	if f.timezone != "" {
		if o.Zone, err = config.ParseZone(f.timezone); err != nil {
			return o, usagef("--timezone: %w", err)
		}
	}
	if f.language != "" {
		if o.Language, err = press.ParseLanguage(f.language); err != nil {
			return o, usagef("--language: %w", err)
		}
		o.LanguageForced = true
	}
	if f.source != "" {
		o.SourceURL, err = url.Parse(f.source)
		if err != nil || o.SourceURL.Host == "" {
			return o, usagef("--source-url: %q is no address: write it like https://www.mfa.example/news/", f.source)
		}
	}
	return o, nil
}

// importing is one run of import.
type importing struct {
	*app
	in       *installation
	options  importer.Options
	flags    importFlags
	progress *progress

	stored, known int
	aside         []string // "file: reason"
}

// pageLine is a page as --json prints it when it is imported.
type pageLine struct {
	importer.Page
	Status string          `json:"status"` // "imported", "known" or "aside"
	ID     press.ArticleID `json:"id,omitempty"`
	URL    string          `json:"url,omitempty"`
}

func (i *importing) all(ctx context.Context, files []string) error {
	for _, file := range files {
		err := ctx.Err()
		if err == nil {
			err = i.one(ctx, file)
		}
		switch {
		case err != nil && ctx.Err() != nil: // in the middle of a page too
			return fmt.Errorf("interrupted after %d of %d pages; run the same command again to go on", i.stored+i.known+len(i.aside), len(files))
		case err != nil:
			return err
		}
		i.progress.step()
	}
	i.progress.end()
	return i.summary(len(files))
}

// one imports a page. What is wrong with the page puts it aside; what is wrong
// with the installation ends the run.
func (i *importing) one(ctx context.Context, file string) error {
	page := i.read(file)
	line := pageLine{Page: page, Status: "aside"}
	if reason := i.missing(page); reason != "" {
		i.put(file, reason)
		return i.print(line)
	}
	article, known, err := i.store(ctx, page)
	switch {
	case errors.Is(err, press.ErrConflict), errors.Is(err, press.ErrInvalid):
		line.Problems = append(line.Problems, err.Error())
		i.put(file, err.Error())
		return i.print(line)
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	case known:
		line.Status, i.known = "known", i.known+1
	default:
		line.Status, i.stored = "imported", i.stored+1
	}
	line.ID, line.URL = article.ID, i.in.site.Article(article)
	return i.print(line)
}

// maxPage is one byte more than the importer takes, so that it sees what is
// too long.
const maxPage = 4<<20 + 1

func (i *importing) read(file string) importer.Page {
	raw, err := readFile(file)
	if err != nil {
		text := fmt.Sprintf("it cannot be read: %v", unwrapPath(err))
		return importer.Page{File: file, Section: []string{}, Images: []press.Image{}, Problems: []string{text}, Refused: text}
	}
	page, err := importer.ReadPage(file, raw, i.options)
	if err != nil && page.Refused == "" {
		page.Refused = err.Error()
	}
	return page
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPage))
}

// missing says why a page cannot be an article, or nothing.
func (i *importing) missing(p importer.Page) string {
	switch {
	case p.Refused != "":
		return p.Refused
	case p.Title == "":
		return "no title was found"
	case p.Published.IsZero():
		return "no date was found: " + strings.Join(p.Problems, "; ")
	case p.Body == "":
		return "no text was found"
	case len(p.Section) == 0 && i.flags.section == "":
		return "it names no section: name one with --section"
	}
	return ""
}

func (i *importing) put(file, reason string) {
	i.aside = append(i.aside, file+": "+reason)
}

// errRehearsed ends the transaction of a dry run, which goes all the way, so that
// what it says is what would happen, and leaves nothing.
var errRehearsed = errors.New("rehearsed")

// store makes the page's sections and its article in one transaction.
func (i *importing) store(ctx context.Context, p importer.Page) (article press.Article, known bool, err error) {
	err = i.in.store.Update(ctx, func(tx *storage.Tx) (err error) {
		if i.flags.dryRun {
			defer func() { err = cmp.Or(err, errRehearsed) }()
		}
		draft := press.Draft{
			Language: p.Language, Title: p.Title, Lead: p.Lead, Body: p.Body, Images: absolute(p.Images),
			Published: p.Published, Precision: p.Precision, Silent: true,
			Identity: p.Identity(), SourceURL: p.SourceURL,
		}
		section, err := i.section(tx, p)
		if err != nil {
			return err
		}
		draft.Section = section.ID
		former := p.Former(draft)
		draft.Former = []string{former.Digest()}
		before, digest, err := tx.ByIdentity(draft.Identity)
		if errors.Is(err, press.ErrNotFound) {
			before, digest, err = tx.ByIdentity(former.Identity)
		}
		switch {
		case err == nil && draft.Is(digest):
			article, known = before, true
			return nil
		case err == nil:
			return fmt.Errorf("%w: it is known as article %s and has changed since; correct that one if it should", press.ErrConflict, before.ID)
		case !errors.Is(err, press.ErrNotFound):
			return err
		}
		if p.Published.After(tx.Now()) {
			return fmt.Errorf("%w: it is dated %s, in the future", press.ErrInvalid, p.Date)
		}
		article, _, err = tx.Publish(draft)
		return err
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return article, known, err
}

// section finds or makes the section of a page.
func (i *importing) section(tx *storage.Tx, p importer.Page) (press.Section, error) {
	if len(p.Section) == 0 {
		return resolve(tx, i.flags.section)
	}
	tree, err := tx.Tree()
	if err != nil {
		return press.Section{}, err
	}
	var at press.Section
	for _, name := range p.Section {
		s, ok := tree.ChildNamed(at.ID, name)
		if !ok {
			if s, err = tx.AddSection(at.ID, freeSlug(tree, at, name), p.Language, name); err != nil {
				return s, err
			}
			if tree, err = tx.Tree(); err != nil {
				return s, err
			}
		}
		at = s
	}
	return at, nil
}

// absolute leaves out pictures whose address is not known whole.
func absolute(images []press.Image) []press.Image {
	var whole []press.Image
	for _, image := range images {
		if u, err := url.Parse(image.Src); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
			whole = append(whole, image)
		}
	}
	return whole
}

// show prints a page that is not stored.
func (i *importing) show(p importer.Page) error {
	if i.json {
		return i.object(p)
	}
	i.say("%s", p.File)
	t := &table{}
	t.row("  title", p.Title)
	t.row("  section", strings.Join(p.Section, " > "))
	t.row("  published", p.Date)
	t.row("  language", string(p.Language))
	t.row("  text", fmt.Sprintf("%d characters, %d pictures", len([]rune(string(p.Body))), len(p.Images)))
	for _, problem := range p.Problems {
		t.row("  problem", problem)
	}
	return t.print(i.Stdout)
}

func (i *importing) print(line pageLine) error {
	switch {
	case i.flags.dryRun:
		return i.show(line.Page)
	case i.json:
		return i.object(line)
	}
	return nil
}

// summary tells what came of it; a page put aside is a failure.
func (i *importing) summary(total int) error {
	if !i.json {
		did := "imported"
		if i.flags.dryRun {
			did = "would be imported"
		}
		i.say("%d of %d pages %s, %d known, %d put aside.", i.stored, total, did, i.known, len(i.aside))
	}
	if len(i.aside) == 0 {
		return nil
	}
	for _, line := range i.aside {
		fmt.Fprintln(i.Stderr, "put aside: "+strings.Join(strings.Fields(line), " "))
	}
	return fmt.Errorf("%d of %d pages were put aside", len(i.aside), total)
}
