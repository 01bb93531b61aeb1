package command

import (
	"github.com/spf13/cobra"

	"communique/storage/press"
)

func newPublishCommand(a *app) *cobra.Command {
	var key string
	var silent bool
	c := &cobra.Command{
		Use:   "publish FILE.md",
		Short: "Publish an article, now or at the end of its embargo",
		Long: `Publish an article that is a Markdown file with front matter ("-" reads standard
input). It needs title and section; language, published, lead, tags, images and
translation_of may be there.

Without published it is public at once. With published in the future it is under
embargo: invisible until that second. What is more than 48 hours past needs
--silent: it appears in feeds and pages and is not pushed to followers.`,
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
			if err := d.checkAge(silent, in.store.Now()); err != nil {
				return err
			}
			article, e, err := in.publish(cmd.Context(), d, key, silent)
			if err != nil {
				return err
			}
			return a.printPublished(in, d, article, e)
		},
	}
	c.Flags().StringVar(&key, "key", "", "publish this once only: the same key again does nothing")
	c.Flags().BoolVar(&silent, "silent", false, "do not push it to followers")
	return c
}

func (a *app) printPublished(in *installation, d document, article press.Article, e press.Entry) error {
	if a.json {
		return a.result(in, article, e)
	}
	if article.State == press.Embargoed {
		a.say("Under embargo until %s: %s", in.when(article), article.ID)
	} else {
		a.say("Published: %s", in.site.Article(article))
	}
	for _, note := range d.Notes {
		a.say("Note: %s", note)
	}
	return nil
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
