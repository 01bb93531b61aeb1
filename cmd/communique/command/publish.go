package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
	"communique/storage/richtext"
)

func newPublishCommand(a *app) *cobra.Command {
	var f newsroom.Filing
	var person personFlags
	var dry bool
	c := &cobra.Command{
		Use:   "publish FILE.md...",
		Short: "Publish an article, now or at the end of its embargo",
		Long: `Publish an article that is a Markdown file with front matter ("-" reads standard
input). The fields title and section are required; language, published, lead, kind,
place, tags, images, contacts, notes_to_editors and translation_of are optional.

Without published the article is public at once. With a date in the future it is
under embargo: invisible until that second. A date more than 48 hours past needs
--silent: the article appears in feeds and pages and is not pushed to followers.

Several files are one statement in several languages, the original first: they are
filed in one step, all or none, and go out in one, by the date of the first; another
date is refused, unless --release-alone says that this is meant. A translation without a date, filed
now or later, is under the embargo of what it translates and moves with it; with an
earlier date it is refused, unless --release-alone says that this is meant.

With --all-or-none none of these languages goes out without the others: if one is taken back before
its instant, or is not what was filed, all of them are held, and show says why. Without
it the others go out.

A document that is an article already, with its title and text, whatever its language,
section, tags, lead and date, is refused, unless --again says that this is meant; so is
the whole text of an article of the last three days under another title, if it has seven
words or more, and from forty words on also one that is nearly that, with all of its
figures and names, or has it in it; of an older one under another title a note says then
which it is. What a correction with a note has replaced in a public article is refused
under any title, and with its note, also a part of it.
A text that is under embargo, was withdrawn, or was hidden by a correction, or nearly so,
is refused under any title, in any language and in letters that look alike, also within a
longer one, and so is a part of it: ten words in a row with a name that the newest
articles don't have, or twenty; texts of fewer than 30 letters under their title alone. A
translation may say what its original says.

What calls itself a draft where readers would see it needs --final. --dry-run goes all
the way and leaves nothing.

Where there are people of the desk (communique people), --as says who publishes: the
article is handed in for review, and goes out when a second person has approved it on
the desk. Several files are handed in as a set of languages: the original goes out
first and the rest as it is approved, or, with --all-or-none, all of them in one step
once all are approved. Who may release without a second person says why with --alone.

What a text has lost on its way in, such as hidden words or a link that leads
nowhere, is told as a note with its line, with --json in notes.`,
		Example: `  communique publish treaty.md
  communique publish --key mfa-2026-117 treaty.md
  communique publish treaty.en.md treaty.fr.md treaty.ar.md
  communique publish --silent from-the-archive.md`,
		Args: arguments("FILE.md..."),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Together && len(args) < 2 {
				return usagef("--all-or-none: name the files of all languages, the original first")
			}
			open := a.open
			if dry {
				open = a.openToRehearse
			}
			in, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			docs, err := a.readDocuments(cmd.Context(), in, args)
			if err != nil {
				return err
			}
			if err := a.warnOfKey(cmd.Context(), in, f.Key); err != nil {
				return err
			}
			if dry {
				return a.rehearse(cmd.Context(), in, docs, f)
			}
			desk, proposes, err := person.desk(cmd.Context(), a, in)
			if err != nil {
				return err
			}
			if proposes {
				return a.proposeFiling(cmd.Context(), in, desk, args, f)
			}
			filed, err := desk.FileSet(cmd.Context(), docs, f)
			if err != nil {
				return withPersonHint(withFilingHint(err))
			}
			return a.printFiled(cmd.Context(), in, filed, f)
		},
	}
	person.flags(c)
	c.Flags().StringVar(&f.Key, "key", "", "publish only once: the same key again does nothing")
	c.Flags().BoolVar(&f.Alone, "release-alone", false, releaseAlone)
	c.Flags().BoolVar(&f.Together, "all-or-none", false, "let several files under embargo go out in one step or not at all, whatever becomes of one of them before")
	c.Flags().BoolVar(&f.Again, "again", false, "publish a document that was published already")
	c.Flags().BoolVar(&f.Final, "final", false, finalAllTheSame)
	c.Flags().BoolVar(&dry, "dry-run", false, "tell what would happen, and leave no trace")
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

const finalAllTheSame = "publish what calls itself a draft, in its title, its lead or above its text"

// withFinalHint names the flag that the newsroom does not know of.
func withFinalHint(err error) error {
	if errors.Is(err, newsroom.ErrDraftLabel) {
		return fmt.Errorf("%w; add --final if readers are to see it", err)
	}
	return err
}

const releaseAlone = "let a translation be public before what it translates, by its own date, or without it"

// withAloneHint names the flag that the newsroom does not know of.
func withAloneHint(err error) error {
	if errors.Is(err, newsroom.ErrAlone) {
		return fmt.Errorf("%w; add --release-alone if it is to be public alone", err)
	}
	return err
}

func withFilingHint(err error) error {
	if errors.Is(err, newsroom.ErrAgainWithdrawn) {
		return fmt.Errorf("%w; that one cannot be corrected: add --again if this is to be public, as a new article", err)
	}
	if errors.Is(err, newsroom.ErrAgain) {
		return fmt.Errorf("%w; correct that one, or add --again if this is to be published beside it", err)
	}
	return withFinalHint(withAloneHint(withSilentHint(err)))
}

// rehearse tells what publish would do.
func (a *app) rehearse(ctx context.Context, in *installation, docs []newsroom.Document, f newsroom.Filing) error {
	var filed []newsroom.Result
	clock := ""
	err := a.desk(in).Rehearse(ctx, func(desk newsroom.Desk) (err error) {
		if filed, err = desk.FileSet(ctx, docs, f); err == nil {
			clock, err = desk.EmbargoesHeld(ctx)
		}
		return err
	})
	if err != nil {
		return withFilingHint(err)
	}
	for _, r := range filed {
		if a.json {
			if err := a.objectServed(ctx, in, in.rehearsed(r, clock)); err != nil {
				return err
			}
			continue
		}
		a.printRehearsed(in, r, f.Key, clock)
		a.sayInherited(f.Alone, r.Article)
		a.printSiblings(in, unmade(r, filed))
	}
	a.sayUnserved(ctx, in, filed, wouldGo)
	return nil
}

// unmade takes away the ids of siblings that a dry run made, which nobody will ever find.
func unmade(r newsroom.Result, filed []newsroom.Result) newsroom.Result {
	r.Siblings = slices.Clone(r.Siblings)
	for i, s := range r.Siblings {
		if slices.ContainsFunc(filed, func(f newsroom.Result) bool { return !f.Repeated && f.Article.ID == s.Article.ID }) {
			r.Siblings[i].Article.ID = ""
		}
	}
	return r
}

// rehearsed is an article as publish --dry-run and preview print it with --json.
type rehearsed struct {
	DryRun    bool            `json:"dry_run"`
	State     press.State     `json:"state"`
	Title     string          `json:"title"`
	Language  press.Language  `json:"language"`
	Published string          `json:"published"`
	Silent    bool            `json:"silent"`
	Held      string          `json:"held,omitempty"`
	Repeated  bool            `json:"repeated"`
	Notes     []newsroom.Note `json:"notes"`
}

func (in *installation) rehearsed(r newsroom.Result, clock string) rehearsed {
	return rehearsed{
		DryRun: true, State: r.Article.State, Title: r.Article.Title, Language: r.Article.Language, Published: in.published(r.Article),
		Silent: r.Article.Silent, Held: heldBecause(r.Article, clock), Repeated: r.Repeated, Notes: r.Notes,
	}
}

// printRehearsed says what would become of a document.
func (a *app) printRehearsed(in *installation, r newsroom.Result, key, clock string) {
	title := fmt.Sprintf("%s (%s)", richtext.Quoted(r.Article.Title), r.Article.Language)
	held := heldBecause(r.Article, clock)
	switch {
	case r.Repeated:
		a.say("Nothing would be published: the key %s was used for %s", key, in.site.Article(r.Article))
	case r.Before.ID != "" && r.Before.State == press.Published:
		a.say("It would correct %s of %s. Nothing was filed.", richtext.Quoted(r.Before.Title), in.when(r.Before))
	case r.Before.State == press.Embargoed && r.Article.State == press.Published:
		a.say("%s is under embargo until %s, and would be public at once: correct asks for --lift-embargo. Nothing was filed.", title, in.when(r.Before))
	case held != "":
		a.say("%s would be under embargo and held, not only until %s. Nothing was filed.", title, in.when(r.Article))
		a.say("It would be held: %s.", held)
	case r.Article.State == press.Embargoed:
		a.say("%s would be under embargo until %s. Nothing was filed.", title, in.when(r.Article))
	case r.Article.Silent:
		a.say("%s would be published now, and not be pushed to followers. Nothing was filed.", title)
	default:
		a.say("%s would be published now. Nothing was filed.", title)
	}
	a.printNotes(r)
}

// sayUnserved tells an editor what keeps that which was filed, or would be, from going
// out.
func (a *app) sayUnserved(ctx context.Context, in *installation, filed []newsroom.Result, what string) {
	if slices.ContainsFunc(filed, func(r newsroom.Result) bool { return !r.Repeated }) {
		a.sayServing(ctx, in, what)
	}
}

func (a *app) printFiled(ctx context.Context, in *installation, filed []newsroom.Result, f newsroom.Filing) error {
	clock, err := in.embargoesHeld(ctx)
	if err != nil {
		return err
	}
	for _, r := range filed {
		switch {
		case a.json:
			if err := a.result(ctx, in, r, clock); err != nil {
				return err
			}
			continue
		case r.Repeated:
			a.say("Nothing was published: the key %s was used for this article before: %s", f.Key, in.site.Article(r.Article))
			continue
		case r.Article.State == press.Embargoed:
			a.printEmbargo(in, "U", r.Article, clock)
			a.sayInherited(f.Alone, r.Article)
		default:
			a.say("Published: %s", in.site.Article(r.Article))
		}
		a.printSiblings(in, r)
		a.printNotes(r)
	}
	a.sayUnserved(ctx, in, filed, goesOut)
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
	layout := toTheSecond
	switch a.Precision {
	case press.ToTheDay:
		layout = time.DateOnly
	case press.ToTheMinute:
		layout = "2006-01-02 15:04 MST"
	}
	return a.DateIn(in.config.Zone).Format(layout)
}
