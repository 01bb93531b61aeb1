package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

func newCorrectCommand(a *app) *cobra.Command {
	var correction newsroom.Correction
	c := &cobra.Command{
		Use:   "correct ID FILE.md",
		Short: "Replace an article with a corrected text",
		Long: `Replace everything in an article but its id with a corrected text. The note says
what was corrected; feeds and pages show it with the date. A minor correction
(a comma) has no note and moves no public date.

ID is the article's id, its page's address or its ActivityPub id. Without language,
published or translation_of in the file, these stay as they are; an article under
embargo stays under embargo. If its new date is more than 48 hours past, it would be
public at once: that needs --silent, as in publish. Notes are told as by publish.`,
		Example: `  communique correct k3tq5m2zr7ab4cde treaty.md --note "The date of signing was wrong."
  communique correct https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty treaty.md --minor`,
		Args: arguments("ID", "FILE.md"),
		RunE: func(cmd *cobra.Command, args []string) error {
			correction.Note = strings.TrimSpace(correction.Note)
			if correction.Minor == (correction.Note != "") {
				return usagef("say with --note what was corrected, or --minor if nobody needs to know")
			}
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			d, err := a.readDocument(in, args[1])
			if err != nil {
				return err
			}
			r, err := a.desk(in).Correct(cmd.Context(), id, d, correction)
			if err != nil {
				return withNewestHint(withSilentHint(err), id)
			}
			return a.printCorrected(in, r)
		},
	}
	c.Flags().StringVar(&correction.Note, "note", "", "what was corrected, for the public")
	c.Flags().BoolVar(&correction.Minor, "minor", false, "no note, and no public date moves")
	c.Flags().BoolVar(&correction.Silent, "silent", false, "do not push an article under embargo to followers when it is public")
	return c
}

// withNewestHint names the command that prints the text to begin with.
func withNewestHint(err error, id press.ArticleID) error {
	if errors.Is(err, newsroom.ErrStale) {
		return fmt.Errorf("%w: communique show --markdown %s prints it", err, id)
	}
	return err
}

func (a *app) printCorrected(in *installation, r newsroom.Result) error {
	if a.json {
		return a.result(in, r)
	}
	if r.Article.State == press.Embargoed {
		a.say("Replaced the draft, under embargo until %s: %s", in.when(r.Article), r.Article.ID)
	} else {
		a.say("Corrected: %s", in.site.Article(r.Article))
	}
	a.printNotes(r)
	return nil
}
