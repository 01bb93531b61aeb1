package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

func newPublishCommand(a *app) *cobra.Command {
	var f newsroom.Filing
	c := &cobra.Command{
		Use:   "publish FILE.md",
		Short: "Publish an article, now or at the end of its embargo",
		Long: `Publish an article that is a Markdown file with front matter ("-" reads standard
input). The fields title and section are required; language, published, lead, tags,
images and translation_of are optional.

Without published the article is public at once. With a date in the future it is
under embargo: invisible until that second. A date more than 48 hours past needs
--silent: the article appears in feeds and pages and is not pushed to followers.

What a text has lost on its way in, such as hidden words or a link that leads
nowhere, is told as a note with its line, with --json in notes.`,
		Example: `  communique publish treaty.md
  communique publish --key mfa-2026-117 treaty.md
  communique publish --silent from-the-archive.md`,
		Args: arguments("FILE.md"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			d, err := a.readDocument(in, args[0])
			if err != nil {
				return err
			}
			r, err := a.desk(in).File(cmd.Context(), d, f)
			if err != nil {
				return withSilentHint(err)
			}
			return a.printFiled(in, r)
		},
	}
	c.Flags().StringVar(&f.Key, "key", "", "publish only once: the same key again does nothing")
	c.Flags().BoolVar(&f.Silent, "silent", false, "do not push it to followers")
	return c
}

// withSilentHint names the flag that the newsroom does not know of.
func withSilentHint(err error) error {
	if errors.Is(err, newsroom.ErrOld) {
		return fmt.Errorf("%w: add --silent", err)
	}
	return err
}

func (a *app) printFiled(in *installation, r newsroom.Result) error {
	if a.json {
		return a.result(in, r)
	}
	if r.Article.State == press.Embargoed {
		a.say("Under embargo until %s: %s", in.when(r.Article), r.Article.ID)
	} else {
		a.say("Published: %s", in.site.Article(r.Article))
	}
	a.printNotes(r)
	return nil
}

// printNotes tells an editor what was lost on the way.
func (a *app) printNotes(r newsroom.Result) {
	for _, note := range r.Notes {
		a.say("Note: line %d: %s", note.Line, note.What)
	}
}

// when is an article's date for people, in the zone of the site.
func (in *installation) when(a press.Article) string {
	layout := "2006-01-02 15:04:05 MST"
	switch a.Precision {
	case press.ToTheDay:
		layout = "2006-01-02"
	case press.ToTheMinute:
		layout = "2006-01-02 15:04 MST"
	}
	return a.Published.In(in.config.Zone).Format(layout)
}
