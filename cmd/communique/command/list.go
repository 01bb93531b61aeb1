package command

import (
	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// listLength is how long lists are by default.
const listLength = 50

// checkLimit refuses a --limit under which there would be nothing to print.
func checkLimit(limit int) error {
	if limit < 1 {
		return usagef("--limit: %d is too small: give 1 or more", limit)
	}
	return nil
}

// articleLine is an article as list prints it with --json.
type articleLine struct {
	ID        press.ArticleID `json:"id"`
	URL       string          `json:"url"`
	State     press.State     `json:"state"`
	Title     string          `json:"title"`
	Section   press.Path      `json:"section"`
	Language  press.Language  `json:"language"`
	Published string          `json:"published"`
	Revision  int             `json:"revision"`
	Silent    bool            `json:"silent"`
	Held      string          `json:"held,omitempty"`
}

func newListCommand(a *app) *cobra.Command {
	limit := listLength
	c := &cobra.Command{
		Use:   "list",
		Short: "List the articles, newest first",
		Long: `List the articles, newest first, including those under embargo and those that were
withdrawn.`,
		Example: `  communique list
  communique list --limit 1000 --json`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			in, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			var articles []press.Article
			var tree press.Tree
			var clock string
			err = in.store.View(cmd.Context(), func(tx *storage.Tx) error {
				if tree, err = tx.Tree(); err != nil {
					return err
				}
				if clock, err = tx.ClockHeld(); err != nil {
					return err
				}
				articles, err = tx.All(newsdesk.Place{}, limit)
				return err
			})
			if err != nil {
				return err
			}
			return a.printList(in, tree, articles, clock)
		},
	}
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	return c
}

func (in *installation) articleLine(tree press.Tree, a press.Article, clock string) articleLine {
	section, _ := tree.Section(a.Section)
	return articleLine{
		ID: a.ID, URL: in.site.Article(a), State: a.State, Title: a.Title, Section: section.Path, Language: a.Language,
		Published: in.published(a), Revision: a.Revision, Silent: a.Silent, Held: heldBecause(a, clock),
	}
}

// published is an article's date for machines, in the zone of the site.
func (in *installation) published(a press.Article) string {
	return a.Published.In(in.config.Zone).Format("2006-01-02T15:04:05Z07:00")
}

func (a *app) printList(in *installation, tree press.Tree, articles []press.Article, clock string) error {
	t := newTable("ID", "STATE", "PUBLISHED", "LANGUAGE", "SECTION", "TITLE")
	held := false
	for _, article := range articles {
		line := in.articleLine(tree, article, clock)
		if a.json {
			if err := a.object(line); err != nil {
				return err
			}
			continue
		}
		if line.State == press.Cancelled {
			line.Title = cancelledTitle
		}
		state := string(line.State)
		if line.Held != "" {
			state, held = "held", true
		}
		t.row(string(line.ID), state, in.when(article), string(line.Language), string(line.Section), line.Title)
	}
	if a.json {
		return nil
	}
	if err := t.print(a.Stdout); err != nil || !held {
		return err
	}
	if clock != "" {
		a.say("\nEmbargoes are held: %s. None ends until communique clock confirm.", clock)
		return nil
	}
	a.say("\nWhat is held does not go out at its time: communique show says why.")
	return nil
}
