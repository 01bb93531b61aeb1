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
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/importer"
	"communique/cmd/internal/newsroom"
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
		Long: `Import pages, or all pages in folders: HTML (.html, .htm, .xhtml) or saved text
(.txt). Title, section, date, language, lead, text and pictures are taken; the
navigation around them is left out.

The address of a section is for ever. A page that names one that is not there is put
aside, and the new ones are listed, each with its address, the number of its pages and
examples; with --new-sections they are made.

What a page does not say is reported and never guessed: a page without a title, a
text, a date or a section is put aside, and the exit status is 1. Imported articles
are silent: they appear in feeds and pages and are not pushed to followers. A page
that is known already, by its canonical address or else by its content, is skipped,
so that an import can be stopped and run again. A page that says what another article
says, with its title, or what is under embargo, was withdrawn or hidden, under any title
and in any language and also with a few other words, is put aside, unless --accept again
says that this is meant; a text of fewer than 30 letters may be that of a public article.

Each word of a page is kept in its place or left out for a reason: --dry-run
--explain shows both. A page of which words were left out between the first and the
last of its text is put aside with a quotation of them, unless --accept-doubts says
that somebody has looked. So is a page that calls itself a draft, or says that it is
under embargo, in its title, its lead or the first line of its text.

What a page has lost on its way in, such as hidden words, an embedded frame or a
picture without an address, is told as a note with its line, with --json in notes.

A set of pages teaches its template: "communique import learn" compares them and
writes a profile, which says where title, date, section and text stand and what is
none of the text. Look at it, edit it, and import with --profile: what it says holds,
and a page that fits none of its profiles is put aside. Without a profile more than
20 pages are compared in the same way before the first of them is read.

Pictures and files that were saved beside a page, in the folder that is named or below,
are taken along; a dry run shows them at https://beside.invalid/. What a style sheet
there hides on every screen, and nothing shows again, is hidden text.

With --mirror a folder that wget or HTTrack made of a site has its addresses again:
pictures and files that the pages show and link to are taken out of the folder, and
redirects.map says where each old address is now. nginx and Apache read it.`,
		Example: `  communique import --dry-run --json old-site/ | less
  communique import learn old-site/
  communique import --dry-run --profile site.yaml --explain-to pages.html old-site/
  communique import --profile site.yaml --new-sections old-site/
  communique import --profile site.yaml --mirror https://www.mfa.example/ old-site/
  communique import --source-url https://www.mfa.example/news/117.html 117.html
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
			desk, err := f.person.importer(cmd.Context(), a, in)
			if err != nil {
				return err
			}
			desk.Mirror = mirror
			i := &importing{desk: desk, sections: newSections{}, moved: newMovedPages(), app: a, in: in, options: o, flags: f, progress: newProgress(a.Stderr, a.Clock, "pages", len(files))}
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
	saved         savedFolders
	rehearsal     *newsroom.ImportRehearsal // nil if pages are stored
	moved         *movedPages               // what was imported from a mirrored tree
	stored, known int
	aside         spool // "file: reason"
	sections      newSections
}

// pageLine is a page as --json prints it when it is imported, or would be: then what is
// not stored has no id.
type pageLine struct {
	importer.Page
	Status string          `json:"status"` // "imported", "known" or "aside"
	ID     press.ArticleID `json:"id,omitempty"`
	URL    string          `json:"url,omitempty"`
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
		i.sections.find(stored.Made)
		i.sections.count(page.Section, file)
		if len(stored.Made) > 0 {
			line.NewSection = stored.Made[0].Names
		}
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
	how := newsroom.Importing{Section: i.flags.section, NewSections: i.flags.newSections, Accept: i.flags.acceptedLabels(), Again: slices.Contains(i.flags.accept, again)}
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

// show prints a page that is not stored, and what would become of it; aside is why it
// would be put aside.
func (i *importing) show(line pageLine, aside string) error {
	if i.json && i.flags.explain {
		return i.object(struct {
			pageLine
			Account []importer.Segment `json:"account"`
		}{line, line.Account})
	}
	if i.json {
		return i.object(line)
	}
	p, becomes := line.Page, "an article"
	switch {
	case aside != "":
		becomes = "put aside: " + aside
	case line.ID != "":
		becomes = "nothing: it is known as article " + string(line.ID)
	case line.Status == "known":
		becomes = "nothing: it is the same article as a page before it"
	}
	i.say("%s", p.File)
	t := &table{}
	t.row("  title", p.Title)
	t.row("  section", strings.Join(p.Section, " > "))
	t.row("  published", p.Date)
	t.row("  language", string(p.Language))
	t.row("  text", fmt.Sprintf("%d characters, %d pictures", len([]rune(string(p.Body))), len(p.Images)))
	for _, problem := range p.Problems {
		if !slices.ContainsFunc(p.Notes, func(n richtext.Note) bool { return n.What == problem }) {
			t.row("  problem", problem)
		}
	}
	for _, note := range p.Notes {
		t.row("  note", fmt.Sprintf("line %d: %s", note.Line, note.What))
	}
	t.row("  becomes", becomes)
	if err := t.print(i.Stdout); err != nil || !i.flags.explain {
		return err
	}
	return p.Explain(i.Stdout)
}

func (i *importing) print(line pageLine, aside string) error {
	switch {
	case i.flags.dryRun:
		return i.show(line, aside)
	case i.json:
		return i.objectWith(line, i.serving)
	}
	if line.Status == "imported" {
		for _, note := range line.Notes {
			i.say("Note: %s: line %d: %s", line.File, note.Line, note.What)
		}
	}
	return nil
}

// summary prints what came of it; a page put aside is a failure.
func (i *importing) summary(ctx context.Context, total int) error {
	if !i.json {
		did := "imported"
		if i.flags.dryRun {
			did = "would be imported"
		}
		i.say("%d of %s %s, %d known, %d put aside.", i.stored, nPages(total), did, i.known, i.aside.lines)
	}
	if !i.flags.dryRun && i.stored > 0 {
		i.sayServing(ctx, i.in, takesHold)
	}
	listed := i.Stdout
	if i.json {
		listed = i.Stderr // what is printed is a line for each page
	}
	if err := i.sections.list(listed, i.flags.newSections); err != nil {
		return err
	}
	if i.aside.lines == 0 {
		return nil
	}
	err := i.aside.each(func(line string) error {
		_, err := fmt.Fprintln(i.Stderr, "put aside: "+line)
		return err
	})
	if err != nil {
		return err
	}
	were := "were"
	switch {
	case i.flags.dryRun:
		were = "would be"
	case i.aside.lines == 1:
		were = "was"
	}
	return fmt.Errorf("%d of %s %s put aside; mend what is said of each, and run the same command again: what is imported is known", i.aside.lines, nPages(total), were)
}

func nPages(n int) string {
	if n == 1 {
		return "1 page"
	}
	return fmt.Sprintf("%d pages", n)
}
