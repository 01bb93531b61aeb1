package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/importer"
	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/richtext"
)

// importFlags are the flags of import as they were given.
type importFlags struct {
	timezone, language, source, section string
	dryRun, explain, acceptDoubts       bool
	newSections                         bool
	accept                              []string
	explainTo, profile, encoding        string
	mirror, redirects, folder           string
	person                              personFlags
}

func newImportCommand(a *app) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import PATH...",
		Short: "Import pages as they are, with the sections that they name",
		Long:  aboutImport,
		Example: `  communique import --dry-run --json old-site/ | less
  communique import learn old-site/
  communique import --dry-run --profile site.yaml --explain-to pages.html old-site/
  communique import --profile site.yaml --new-sections old-site/
  communique import --profile site.yaml --mirror https://www.mfa.example/ old-site/
  communique import --source-url https://www.mfa.example/news/117.html 117.html
  communique import --as ana --new-sections --mirror https://www.mfa.example/ old-site/
  communique import --section "The Ministry > Earlier Years" --timezone Asia/Shanghai page.txt`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name at least one file or folder; as in: communique import old-site/")
			}
			open := a.open
			if f.dryRun {
				open = a.openToRehearse
			}
			in, err := open(cmd.Context())
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
			mirror, err := f.mirrorOf(args)
			if err != nil {
				return err
			}
			o.Sheets = f.sheetsBeside(args, mirror)
			if o.Profiles == nil {
				o.Profiles = a.learnSilently(files, o)
			}
			desk, proposes, err := f.person.desk(cmd.Context(), a, in)
			if err != nil {
				return err
			}
			desk.Mirror = mirror
			i := &importing{desk: desk, review: proposes, sections: newSections{}, moved: newMovedPages(), app: a, in: in, options: o, flags: f, progress: newProgress(a.Stderr, a.Clock, "pages", len(files))}
			defer i.aside.close()
			defer i.moved.lines.close()
			i.takeSaved(args)
			return i.allOrRehearsed(cmd.Context(), files)
		},
	}
	f.flags(c)
	c.AddCommand(newImportLearnCommand(a))
	return c
}

// flags adds them to the command.
func (f *importFlags) flags(c *cobra.Command) {
	f.ofPages(c)
	f.person.flags(c)
	c.Flags().StringVar(&f.source, "source-url", "", "address that the page was fetched from; relative addresses are resolved against it")
	c.Flags().StringVar(&f.mirror, "mirror", "", "`address` of the site that the folder was made of, by wget or HTTrack: pages, pictures and files get theirs")
	c.Flags().StringVar(&f.redirects, "redirects", "redirects", "with --mirror: write where old addresses have gone to `NAME`.map, for nginx, and NAME.txt, for Apache")
	c.Flags().StringVar(&f.profile, "profile", "", "`file` that says where the pages have what; \"communique import learn\" writes it")
	c.Flags().StringVar(&f.section, "section", "", "section of pages that name none")
	c.Flags().BoolVar(&f.newSections, "new-sections", false, "make the sections that pages name and that are not there; they are listed")
	c.Flags().BoolVar(&f.explain, "explain", false, "with --dry-run: print every piece of each page, what was kept (+) and what was left out (-), and why")
	c.Flags().StringVar(&f.explainTo, "explain-to", "", "write the same to an HTML `file` in colours (at most 200 pages)")
	c.Flags().BoolVar(&f.acceptDoubts, "accept-doubts", false, "import pages of which words were left out, for whatever reason, or that call themselves drafts or say that they are under embargo, too")
	c.Flags().StringSliceVar(&f.accept, "accept", nil, "import these pages, too, where words were left out for one of these `reasons`: outside, menu, hidden …; or that call themselves a draft or say that they are under embargo: draft, embargo; or that say what an article says: again")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "store nothing, print what would be imported")
}

// ofPages are the flags that say what pages themselves don't.
func (f *importFlags) ofPages(c *cobra.Command) {
	c.Flags().StringVar(&f.timezone, "timezone", "", "time zone of dates that name none (default: the site's)")
	c.Flags().StringVar(&f.language, "language", "", "language of all pages (default: what each page says)")
	c.Flags().StringVar(&f.encoding, "encoding", "", "encoding of the pages, such as windows-1252 (default: what each page says)")
}

func (f importFlags) options(in *installation) (o importer.Options, err error) {
	o = importer.Options{Zone: in.config.Zone, Language: in.language()}
	if err := f.knownReasons(); err != nil {
		return o, err
	}
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
			return o, usagef("--source-url: %q is not a web address: write it like https://www.mfa.example/news/", f.source)
		}
	}
	if f.encoding != "" {
		if err := importer.KnownEncoding(f.encoding); err != nil {
			return o, usagef("--encoding: %w", err)
		}
		o.Charset = f.encoding
	}
	if f.profile != "" {
		raw, err := readFile(f.profile)
		if err != nil {
			return o, fmt.Errorf("--profile: %s: it cannot be read: %w", f.profile, unwrapPath(err))
		}
		if o.Profiles, err = importer.ParseProfiles(f.profile, raw); err != nil {
			return o, fmt.Errorf("--profile: %w", err)
		}
	}
	return o, nil
}

// importing is one run of import.
type importing struct {
	*app
	in        *installation
	options   importer.Options
	flags     importFlags
	progress  *progress
	serving   serving // when it began: there may be a hundred thousand pages
	explained []importer.Page

	desk          newsroom.Desk
	review        bool // pages are handed in to be approved by a second person
	saved         savedFolders
	rehearsal     *newsroom.ImportRehearsal // nil if pages are stored
	moved         *movedPages               // what was imported from a mirrored tree
	stored, known int
	waiting       int   // pages that wait to be approved, of either
	aside         spool // "file: reason"
	sections      newSections
}

// pageLine is a page as --json prints it when it is imported, or would be: then what is
// not stored has no id.
type pageLine struct {
	importer.Page
	Status string          `json:"status"` // "imported", "in review", "known" or "aside"
	ID     press.ArticleID `json:"id,omitempty"`
	URL    string          `json:"url,omitempty"`
	// Manuscript is that of a page that waits to be approved, and has no article yet; State is
	// how far it is.
	Manuscript string            `json:"manuscript,omitempty"`
	State      manuscripts.State `json:"state,omitempty"`
	// NewSection is the names of the first of the page's sections that is not there yet.
	NewSection []string `json:"new_section,omitempty"`
}

// allOrRehearsed imports all pages, or rehearses that.
func (i *importing) allOrRehearsed(ctx context.Context, files []string) error {
	if !i.flags.dryRun {
		return i.all(ctx, files)
	}
	seen := &seenPages{}
	i.rehearsal = i.desk.RehearseImports(seen)
	return errors.Join(i.all(ctx, files), seen.close())
}

func (i *importing) all(ctx context.Context, files []string) error {
	i.serving = i.in.serving(ctx)
	for page := range i.pages(ctx, files) {
		err := ctx.Err()
		if err == nil {
			err = i.one(ctx, page)
		}
		switch {
		case err != nil && ctx.Err() != nil: // in the middle of a page too
			return fmt.Errorf("interrupted after %d of %d pages; run the same command again to go on", i.stored+i.known+i.aside.lines, len(files))
		case err != nil:
			return err
		}
		i.progress.step()
	}
	i.progress.end()
	if err := i.writeExplained(); err != nil {
		return err
	}
	if err := i.writeRedirects(); err != nil {
		return err
	}
	return i.summary(ctx, len(files))
}

// one imports a page. What is wrong with the page puts it aside; what is wrong
// with the installation ends the run.
func (i *importing) one(ctx context.Context, page importer.Page) error {
	file := page.File
	const most = 200 // as many as anybody looks at
	if i.flags.explainTo != "" && len(i.explained) < most {
		i.explained = append(i.explained, page)
	}
	if i.flags.section != "" { // which is its section then
		page.Problems = slices.DeleteFunc(slices.Clone(page.Problems), func(problem string) bool { return problem == importer.NoSection })
	}
	line := pageLine{Page: page, Status: "aside"}
	stored, err := i.store(ctx, page)
	if reasons, ok := reasonsAside(err); ok {
		var missing *newsroom.NewSectionsError
		if errors.As(err, &missing) {
			i.sections.find(missing.Sections)
			i.sections.count(page.Section, file)
			line.NewSection = missing.Sections[0].Names
		}
		if errors.Is(err, press.ErrConflict) || !errors.As(err, new(*newsroom.IncompleteError)) && missing == nil {
			line.Problems = append(line.Problems, reasons) // those of an incomplete page say so already
		}
		return i.put(line, reasons)
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	case stored.Known:
		line.Status, i.known = "known", i.known+1
	default:
		line.Status, i.stored = "imported", i.stored+1
		if i.review {
			line.Status = string(manuscripts.InReview)
		}
		i.sections.find(stored.Made)
		i.sections.count(page.Section, file)
		if len(stored.Made) > 0 {
			line.NewSection = stored.Made[0].Names
		}
	}
	if m := stored.Manuscript; m.State != "" {
		i.waiting++
		line.Manuscript, line.State = m.ID, m.State
	}
	if line.Manuscript != "" {
		line.URL = i.in.manuscriptURL(line.Manuscript)
	}
	if stored.Article.ID != "" {
		line.ID, line.URL = stored.Article.ID, i.in.site.Article(stored.Article)
		if i.desk.Mirror != nil {
			if err := i.moved.add(i.desk.Mirror.Redirects(i.flags.nameIn(file), page, line.URL)); err != nil {
				return err
			}
		}
	}
	return i.print(line, "")
}

func (i *importing) read(file string) importer.Page {
	raw, err := readFile(file)
	if err != nil {
		text := fmt.Sprintf("it cannot be read: %v", unwrapPath(err))
		return importer.Page{File: file, Section: []string{}, Images: []press.Image{}, Problems: []string{text}, Notes: []richtext.Note{}, Refused: text}
	}
	o := i.options
	if i.desk.Mirror != nil {
		o.SourceURL = i.desk.Mirror.Address(i.flags.nameIn(file), raw)
	}
	if i.desk.Saved != nil {
		beside := i.saved.beside()
		o.Beside = func(reference string) string { return beside(file, reference) }
	}
	page, err := importer.ReadPage(file, raw, o)
	if err != nil && page.Refused == "" {
		page.Refused = err.Error()
	}
	i.flags.acceptWords(&page)
	return page
}

// pages reads pages as many at once as there are processors, and returns them in their
// order.
func (i *importing) pages(ctx context.Context, files []string) iter.Seq[importer.Page] {
	return func(yield func(importer.Page) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		queue := make(chan chan importer.Page, runtime.GOMAXPROCS(0))
		go func() {
			defer close(queue)
			for _, file := range files {
				read := make(chan importer.Page, 1)
				select {
				case queue <- read:
					go func() { read <- i.read(file) }()
				case <-ctx.Done():
					return
				}
			}
		}()
		for read := range queue {
			if !yield(<-read) {
				return
			}
		}
	}
}

// store imports a page, or rehearses it.
func (i *importing) store(ctx context.Context, page importer.Page) (stored newsroom.Imported, err error) {
	how := newsroom.Importing{Review: i.review, Section: i.flags.section, NewSections: i.flags.newSections, Accept: i.flags.acceptedLabels(), Again: slices.Contains(i.flags.accept, again)}
	if i.rehearsal != nil {
		return i.rehearsal.Import(ctx, page, how)
	}
	stored, err = i.desk.Import(ctx, page, how)
	return stored, withPersonHint(err)
}

// writeExplained writes what became of the pages to the file that was asked for.
func (i *importing) writeExplained() error {
	if i.flags.explainTo == "" {
		return nil
	}
	var b bytes.Buffer
	if err := importer.ExplainHTML(&b, i.explained); err != nil {
		return fmt.Errorf("explain the pages: %w", err)
	}
	if err := os.WriteFile(i.flags.explainTo, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("--explain-to: %w", err)
	}
	return nil
}

// readFile reads one byte more than the importer takes, so that it sees what is too
// long.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, importer.MaxPage+1))
}
