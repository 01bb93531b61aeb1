package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
	"communique/storage/richtext"
)

// sayNote is how the public is told, or not.
const sayNote = "say with --note what was corrected, or --minor if no reader needs to be told; one of the two"

func newCorrectCommand(a *app) *cobra.Command {
	var correction newsroom.Correction
	var person personFlags
	var at string
	c := &cobra.Command{
		Use:   "correct ID FILE.md",
		Short: "Replace an article with a corrected text",
		Long: `Replace everything in an article but its id with a corrected text. The note says
what was corrected; feeds and pages show it with the date. A minor correction
(a comma) has no note and moves no public date; the earlier wording stays public, in
all versions of the page, and followers are sent the new text all the same. With
--hide-earlier no earlier wording is public any more: not in the versions of the page,
not in their comparison, not as a past activity, nor are the notes on earlier
corrections; feeds that ever carried the article carry the new text. What servers of
others and readers have kept is out of reach; translations stay up, and are named. It
may also come with the text as it is.

A draft under embargo needs neither a note nor --minor: nobody has read it.

Begin with what communique show --markdown prints. A file of an older revision is
refused, and so is a text that takes a passage back to what it was before a
correction, unless --back says that this is meant, with a --note if readers were told
of that correction; a text with another title most of whose words are not the
article's, or one in another language, unless --replace does; a text that changes
nothing; and one that another article says which is under embargo or was withdrawn, or
that a correction with a note has replaced there, unless --again does. Another section
and other tags are named when it is done.

Where there are people of the desk, --as and --alone are as in publish. With --at what is
handed in is done at an instant, once it is approved: until then the article stays as it is.

ID is the article's id, its page's address or its ActivityPub id. Without language,
published or translation_of in the file, these stay as they are; an article under
embargo stays under embargo. If its new date is more than 48 hours past, it would be
public at once: that needs --silent, as in publish. What would be public before its
embargo ends needs --lift-embargo. Notes are told as by publish.

If the embargo of what is translated moves, those translations that have it move
along; one with a date of its own may not come before it, unless --release-alone says
so. It also lets a translation go that is held because what it translated is gone, with
its text as it is: at its date, or at once if that is past. One that gets another original,
by translation_of, is held no longer, nor are the others of its set: they are under the
embargo of that, or if that is public, go out by a date or --lift-embargo. So does one
that is held while the original of its set is there. Sets that a correction joins become
one, or it is refused.`,
		Example: `  communique correct k3tq5m2zr7ab4cde treaty.md --note "The date of signing was wrong."
  communique correct https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty treaty.md --minor`,
		Args: arguments("ID", "FILE.md"),
		RunE: func(cmd *cobra.Command, args []string) error {
			correction.Note = strings.TrimSpace(correction.Note)
			if correction.Minor && correction.Note != "" {
				return usagef(sayNote)
			}
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			d, err := a.readDocument(cmd.Context(), in, args[1])
			if err != nil {
				return err
			}
			desk, proposes, err := person.desk(cmd.Context(), a, in)
			if err != nil {
				return err
			}
			if proposes {
				return a.proposeCorrection(cmd.Context(), in, desk, id, args[1], correction, at)
			}
			if at != "" {
				return usagef("--at is of a correction that is handed in: say with --as who does it, and leave --alone out")
			}
			r, err := desk.Correct(cmd.Context(), id, d, correction)
			if err != nil {
				return withPersonHint(a.withCorrectionHint(err, id))
			}
			return a.printCorrected(cmd.Context(), in, r, correction)
		},
	}
	correctionFlags(c, &correction)
	person.flags(c)
	c.Flags().StringVar(&at, "at", "", "with --as, when it is corrected, once it is approved: 2026-03-01 14:30, in the zone of the site unless it names another")
	return c
}

// correctionFlags are those of every command that corrects.
func correctionFlags(c *cobra.Command, correction *newsroom.Correction) {
	c.Flags().StringVar(&correction.Note, "note", "", "what was corrected, for the public")
	c.Flags().BoolVar(&correction.Minor, "minor", false, "no note, and no public date moves")
	c.Flags().BoolVar(&correction.Back, "back", false, "let a passage be again what it was before a correction")
	c.Flags().BoolVar(&correction.Replace, "replace", false, "let another text, or another language, take the article's place")
	c.Flags().BoolVar(&correction.Again, "again", false, "let the article say what another one says that is under embargo or was withdrawn")
	c.Flags().BoolVar(&correction.HideEarlier, "hide-earlier", false, "take earlier wordings out of history and comparison")
	c.Flags().BoolVar(&correction.Alone, "release-alone", false, releaseAlone)
	c.Flags().BoolVar(&correction.Lift, "lift-embargo", false, "let a draft be public at once whose embargo ends later")
	c.Flags().BoolVar(&correction.Final, "final", false, finalAllTheSame)
	c.Flags().BoolVar(&correction.Silent, "silent", false, "do not push an article under embargo to followers when it is public")
}

// withCorrectionHint names the command and the flags that the newsroom does not know of.
func (a *app) withCorrectionHint(err error, id press.ArticleID) error {
	switch {
	case errors.Is(err, newsroom.ErrStale):
		return fmt.Errorf("%w: communique show --markdown %s%s prints it", err, id, a.here())
	case errors.Is(err, newsroom.ErrBack):
		return fmt.Errorf("%w: begin with what communique show --markdown %s%s prints, or add --back if this is meant", err, id, a.here())
	case errors.Is(err, newsroom.ErrSameHeld):
		return fmt.Errorf("%w: add --release-alone to let it go out without it, or withdraw it", err)
	case errors.Is(err, newsroom.ErrSameWaits):
		return fmt.Errorf("%w: add --lift-embargo to let it go out as a translation of that, give it another date, or withdraw it", err)
	case errors.Is(err, newsroom.ErrNoteStands):
		return usagef("%w: say with --note what is right, in place of --minor, or add --hide-earlier, which hides the notes as well", err)
	case errors.Is(err, newsroom.ErrAnother):
		return fmt.Errorf("%w: add --replace if this is meant", err)
	case errors.Is(err, newsroom.ErrAgain):
		return fmt.Errorf("%w: add --again if this is to say the same", err)
	case errors.Is(err, newsroom.ErrLifted):
		return fmt.Errorf("%w: add --lift-embargo if this is meant", err)
	case errors.Is(err, newsroom.ErrAlone):
		return withAloneHint(err)
	case errors.Is(err, newsroom.ErrOtherAlone):
		return fmt.Errorf("%w: communique correct ID FILE.md --release-alone does that, with its text as it is", err)
	case errors.Is(err, newsroom.ErrUnexplained):
		return usagef("%w: "+sayNote, err)
	}
	return withFinalHint(withSilentHint(err))
}

// printHidden says what else was hidden with earlier wordings, and what was not.
func (a *app) printHidden(r newsroom.Result) {
	if len(r.Hidden.Revisions) > 0 {
		a.say("Hidden, what it said before: revision %s.", strings.ReplaceAll(strings.Trim(fmt.Sprint(r.Hidden.Revisions), "[]"), " ", ", "))
	}
	for _, note := range r.Hidden.Notes {
		a.say("Hidden too, the note on an earlier correction: %s", richtext.Quoted(note))
	}
	if len(r.Hidden.Told) > 0 {
		a.say("But the note of this correction is public, and says %s, which only earlier wordings had: to hide it as well, run communique correct %s FILE.md --minor --hide-earlier with the same file.",
			strings.Join(r.Hidden.Told, ", "), r.Article.ID)
	}
}

func (a *app) printCorrected(ctx context.Context, in *installation, r newsroom.Result, correction newsroom.Correction) error {
	clock, err := in.embargoesHeld(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.result(ctx, in, r, clock)
	}
	if err := a.printReplaced(ctx, in, r); err != nil {
		return err
	}
	switch {
	case r.Article.State == press.Embargoed:
		a.printEmbargo(in, "Replaced the draft, u", r.Article, clock)
		if r.Before.Held && !r.Article.Held {
			a.say("It is held no longer.")
		}
		if !r.Article.Published.Equal(r.Before.Published) {
			a.say("Before, it was to be public at %s.", in.when(r.Before))
		}
		a.sayInherited(correction.Alone, r.Article)
	case r.Before.State == press.Embargoed:
		a.say("Published: %s", in.site.Article(r.Article))
		waited := "under embargo until " + in.when(r.Before)
		if r.Before.Held {
			waited = "held"
		}
		a.say("It was %s, and is public now.", waited)
	default:
		a.say("Corrected: %s", in.site.Article(r.Article))
	}
	if correction.Minor && !correction.HideEarlier && r.Before.State == press.Published && r.NewWording() {
		sent := ", and followers are sent an update"
		if r.Article.Silent {
			sent = ""
		}
		a.say("The earlier wording stays public at %s%s; --hide-earlier takes it out.", in.site.History(r.Article), sent)
	}
	a.printHidden(r)
	if r.Before.State == press.Published {
		passing, err := in.passing(ctx, r.Article.ID)
		if err != nil {
			return err
		}
		if text := passing.text("Not every server will show it:"); text != "" {
			a.say("%s If they must not keep it, withdraw the article and publish it anew. Which servers have it so far: communique reach %s", text, r.Article.ID)
		}
	}
	a.printSiblings(in, r)
	if r.Before.State == press.Embargoed && correction.Note != "" {
		a.say("The note is not kept: nobody has read the draft.")
	}
	a.printNotes(r)
	a.sayServing(ctx, in, goesOut)
	return nil
}
