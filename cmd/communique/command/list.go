package command

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
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
	var asked listFlags
	c := &cobra.Command{
		Use:   "list",
		Short: "List the articles, newest first",
		Long: `List the articles, newest first, including those under embargo and those that were
withdrawn. The flags leave out what they do not name.

An article under embargo that does not go out at its time is shown as held: show says
why. Both --state held and --state embargoed list it. With --json its state is embargoed,
and held says why.`,
		Example: `  communique list
  communique list --state embargoed --section the-ministry/the-minister
  communique list --language fr --since 2026-11-01 --until 2026-11-30 --text harbour
  communique list --limit 1000 --json`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			in, err := a.openToLook(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			l, err := asked.listing(in)
			if err != nil {
				return err
			}
			articles, tree, err := a.desk(in).List(cmd.Context(), l, limit)
			if err != nil {
				return err
			}
			if len(articles) == 0 {
				if err := in.strange(l); err != nil {
					return err
				}
			}
			clock, err := in.embargoesHeld(cmd.Context())
			if err != nil {
				return err
			}
			return a.printList(in, tree, articles, clock)
		},
	}
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	c.Flags().StringVar(&asked.state, "state", "", "only those published, embargoed, held, withdrawn or cancelled")
	c.Flags().StringVar(&asked.section, "section", "", "only those of a section, with all below it")
	c.Flags().StringVar(&asked.language, "language", "", "only those in a language")
	c.Flags().StringVar(&asked.since, "since", "", "only those published on a day or later, as in 2026-11-01")
	c.Flags().StringVar(&asked.until, "until", "", "only those published on a day or earlier")
	c.Flags().StringVar(&asked.text, "text", "", "only those that say these words, as the search of the site finds them: \"in a row\" in quotation marks, -without one")
	return c
}

// heldState is what people call the state of a draft that does not go out at its time.
const heldState = "held"

// listFlags are what list is asked for, as it was typed.
type listFlags struct{ state, section, language, since, until, text string }

func (f listFlags) listing(in *installation) (newsroom.Listing, error) {
	l := newsroom.Listing{State: press.State(f.state), Section: f.section, Text: f.text}
	states := []press.State{press.Published, press.Embargoed, press.Withdrawn, press.Cancelled}
	switch {
	case f.state == heldState:
		l.State, l.Held = press.Embargoed, true
	case f.state != "" && !slices.Contains(states, l.State):
		return l, usagef("--state: %q is none; it is published, embargoed, held, withdrawn or cancelled", f.state)
	}
	var err error
	if f.language != "" {
		if l.Language, err = press.ParseLanguage(f.language); err != nil {
			return l, usagef("--language: %w", err)
		}
	}
	l.Since, l.Before, err = in.days(f.since, f.until)
	return l, err
}

// strange is why nothing was found, if it was looked for in a language in which the site
// has no pages, and no article from before it had none.
func (in *installation) strange(l newsroom.Listing) error {
	if l.Language == "" || slices.Contains(in.config.Languages, l.Language) {
		return nil
	}
	var all []string
	for _, lang := range in.config.Languages {
		all = append(all, string(lang))
	}
	return usagef("--language: there is nothing in %s, in which the site has no pages: it has them in %s", l.Language, strings.Join(all, ", "))
}

// days are when the day of --since begins and that of --until ends; zero if they name none.
func (in *installation) days(since, until string) (from, before time.Time, err error) {
	if from, err = in.day("--since", since); err != nil {
		return from, before, err
	}
	if before, err = in.day("--until", until); err != nil || until == "" {
		return from, before, err
	}
	if before.Before(from) {
		return from, before, usagef("--since: %s is later than --until, %s: change the two", since, until)
	}
	return from, before.AddDate(0, 0, 1), nil
}

// day is the beginning of a day in the zone of the site; zero if none is named.
func (in *installation) day(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, in.config.Zone)
	if err != nil {
		return day, usagef("%s: %q is not a day: write it like 2026-11-01", flag, text)
	}
	return day, nil
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
			state, held = heldState, true
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
