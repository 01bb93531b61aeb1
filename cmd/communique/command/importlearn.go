package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/importer"
	"communique/storage/richtext"
)

func newImportLearnCommand(a *app) *cobra.Command {
	var f importFlags
	var sample int
	var to string
	c := &cobra.Command{
		Use:   "learn DIR...",
		Short: "Compare pages and write down where they have what",
		Long: `Compare the pages of a set: what repeats on them is furniture, what is alone is
text. What that shows is written to a file, site.yaml: a profile for each template,
which says where title, date, section, lead and text stand, how dates are written,
what is to be removed, and on how many pages it was found, with examples. Five pages
are shown as they would be filed, those first that are most unlike the others.

Look at both, edit the file, and give it to import with --profile. Nothing is stored
and no page is changed.`,
		Example: `  communique import learn old-site/
  communique import learn --sample 500 --to news.yaml old-site/news/
  communique import --dry-run --profile news.yaml --explain-to pages.html old-site/news/`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name a folder of pages; as in: communique import learn old-site/")
			}
			if sample < 5 || sample > 5000 {
				return usagef("--sample: compare 5 to 5000 pages")
			}
			in, err := a.openToLook(cmd.Context())
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
			o.Sheets = f.sheetsBeside(args, nil)
			learned, err := importer.Learn(pagesOf(files), len(files), sample, o)
			if err != nil {
				return err
			}
			if err := writeProfiles(learned, to, strings.Join(args, " ")); err != nil {
				return err
			}
			return a.showLearned(learned, savedIn(args).beside(), to, strings.Join(args, " "))
		},
	}
	f.ofPages(c)
	c.Flags().IntVar(&sample, "sample", 200, "compare this many pages, evenly chosen from all")
	c.Flags().StringVar(&to, "to", "site.yaml", "`file` to write; it must not be there yet")
	return c
}

// pagesOf are files as the importer compares them.
func pagesOf(files []string) importer.Source {
	return func(i int) (string, []byte, error) {
		raw, err := readFile(files[i])
		if err != nil {
			err = fmt.Errorf("it cannot be read: %w", unwrapPath(err))
		}
		return files[i], raw, err
	}
}

// writeProfiles writes the file of what was learned; what somebody may have edited is
// not written over.
func writeProfiles(learned importer.Learned, to, folder string) error {
	var b bytes.Buffer
	if err := learned.Write(&b, folder); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and may have been edited: name another with --to, or take it away", to)
	}
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	_, err = file.Write(b.Bytes())
	return errors.Join(err, file.Close())
}

// learnedLine is what learn prints with --json.
type learnedLine struct {
	Profile  string           `json:"profile"` // the file
	Pages    int              `json:"pages"`
	Of       int              `json:"of"`
	Profiles []string         `json:"profiles"`
	Unfit    []importer.Unfit `json:"unfit"`
	// Repeated is what most pages say and is left out of all.
	Repeated []importer.Repeated `json:"repeated"`
	Examples []importer.Page     `json:"examples"`
}

func (a *app) showLearned(learned importer.Learned, beside func(page, reference string) string, to, folder string) error {
	const shown = 5
	examples := learned.Examples(shown, beside)
	if a.json {
		line := learnedLine{Profile: to, Pages: learned.Pages, Of: learned.Of, Unfit: append([]importer.Unfit{}, learned.Unfit...), Repeated: repeatedIn(learned.Profiles.Profiles), Examples: []importer.Page{}}
		for _, p := range learned.Profiles.Profiles {
			line.Profiles = append(line.Profiles, p.Name)
		}
		for _, e := range examples {
			line.Examples = append(line.Examples, e.Page)
		}
		return a.object(line)
	}
	a.say("Compared %d of %d pages: %s, %s.", learned.Pages, learned.Of, templates(len(learned.Profiles.Profiles)), unfitting(len(learned.Unfit)))
	listRepeated(a.Stdout, learned.Profiles.Profiles)
	a.say("These would be filed so, the most unlike first:")
	for _, e := range examples {
		if err := a.showExample(e.Page); err != nil {
			return err
		}
	}
	a.say("\nLook at %s, edit it, and go on with: communique import --dry-run --profile %s %s", to, to, folder)
	return nil
}

// repeatedIn is what most pages of each template say and is left out of all.
func repeatedIn(profiles []*importer.Profile) []importer.Repeated {
	all := []importer.Repeated{}
	for _, p := range profiles {
		all = append(all, p.Repeated()...)
	}
	return all
}

// listRepeated names once for all pages what none of them says by itself.
func listRepeated(w io.Writer, profiles []*importer.Profile) {
	const shown = 20
	all := repeatedIn(profiles)
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, "Most pages of a template say this between title and end of the text, and it is left out of all:")
	for _, r := range all[:min(len(all), shown)] {
		fmt.Fprintf(w, "  %s, on %s: %s\n", r.Profile, nPages(r.Pages), richtext.Shorten(r.Text, 120))
	}
	if n := len(all) - shown; n > 0 {
		fmt.Fprintf(w, "  and %d more: the profile has them all\n", n)
	}
}

func (a *app) showExample(p importer.Page) error {
	a.say("\n%s", p.File)
	t := &table{}
	t.row("  profile", p.Profile)
	t.row("  title", p.Title)
	t.row("  section", strings.Join(p.Section, " > "))
	t.row("  published", p.Date)
	t.row("  language", string(p.Language))
	if p.Lead != "" {
		t.row("  lead", richtext.Shorten(p.Lead, 70))
	}
	text := richtext.Text(p.Body)
	t.row("  text", fmt.Sprintf("%d characters, %d pictures", len([]rune(text)), len(p.Images)))
	t.row("  begins", richtext.Shorten(text, 70))
	if r := []rune(strings.Join(strings.Fields(text), " ")); len(r) > 70 {
		t.row("  ends", "…"+string(r[len(r)-69:]))
	}
	for _, problem := range p.Problems {
		t.row("  problem", problem)
	}
	return t.print(a.Stdout)
}

// learnSilently compares the pages of an import that has no profile, if they are enough
// to show what repeats, and says so.
func (a *app) learnSilently(files []string, o importer.Options) *importer.Profiles {
	const enough, compared, template = 20, 60, 10
	if len(files) <= enough {
		return nil
	}
	learned, err := importer.Learn(pagesOf(files), len(files), compared, o)
	var profiles []*importer.Profile
	fit := 0
	for _, p := range learned.Profiles.Profiles {
		if p.Fits() > template {
			profiles = append(profiles, p)
			fit += p.Fits()
		}
	}
	if err != nil || len(profiles) == 0 {
		fmt.Fprintf(a.Stderr, "The pages are not of one template: each is judged alone.\n")
		return nil
	}
	fmt.Fprintf(a.Stderr, "Compared %d of %d pages: %s, which %d of them fit; what stands on most of them is left out. \"communique import learn\" shows it.\n",
		learned.Pages, learned.Of, templates(len(profiles)), fit)
	listRepeated(a.Stderr, profiles)
	return &importer.Profiles{Profiles: profiles, Lenient: true}
}

func templates(n int) string {
	if n == 1 {
		return "1 template"
	}
	return fmt.Sprintf("%d templates", n)
}

func unfitting(n int) string {
	if n == 0 {
		return "and every page fits one"
	}
	return fmt.Sprintf("and %d pages that fit none", n)
}
