package command

import (
	"context"
	"fmt"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
	"communique/storage/richtext"
)

// siblingLine is a translation of an article, or its original, as --json prints what
// became of it.
type siblingLine struct {
	ID       press.ArticleID `json:"id"`
	Language press.Language  `json:"language"`
	URL      string          `json:"url"`
	State    press.State     `json:"state"`
	Fate     newsroom.Fate   `json:"fate"`
}

func (in *installation) siblings(r newsroom.Result) []siblingLine {
	var all []siblingLine
	for _, s := range r.Siblings {
		all = append(all, siblingLine{s.Article.ID, s.Article.Language, in.site.Article(s.Article), s.Article.State, s.Fate})
	}
	return all
}

// printSiblings tells an editor what becomes of the other languages of a statement.
func (a *app) printSiblings(in *installation, r newsroom.Result) {
	for _, s := range r.Siblings {
		where := fmt.Sprintf("%s (%s)", s.Article.Language, s.Article.Language.SelfName())
		which := string(s.Article.ID)
		if which == "" { // of a dry run
			which = richtext.Quoted(s.Article.Title)
		}
		switch s.Fate {
		case newsroom.Stays:
			a.say("Stays up in %s: %s", where, in.site.Article(s.Article))
		case newsroom.Waits:
			a.say("Still under embargo until %s in %s: %s", in.when(s.Article), where, which)
		case newsroom.Moved:
			a.say("Under embargo until %s too, in %s: %s", in.when(s.Article), where, which)
		case newsroom.Released:
			a.say("Published too, in %s: %s", where, in.site.Article(s.Article))
		case newsroom.Alone:
			a.say("Goes out before, alone, at %s in %s: %s", in.when(s.Article), where, which)
		case newsroom.Freed:
			a.say("No longer held, and under embargo until %s, in %s: %s", in.when(s.Article), where, which)
		case newsroom.Held:
			why := "what it translated was withdrawn or cancelled"
			if s.Article.Together {
				why = "it goes out with all languages of its set or not at all"
			}
			a.say("Held in %s, because %s: %s", where, why, which)
		case newsroom.TakenBack:
			did := "Withdrawn"
			if s.Article.State == press.Cancelled {
				did = "Cancelled"
			}
			a.say("%s too, in %s: %s", did, where, which)
		}
	}
}

// sayInherited tells whoever let a translation be public alone, and gave it no date, that it
// goes out with what it translates all the same.
func (a *app) sayInherited(alone bool, article press.Article) {
	if alone && article.Inherits {
		a.say("It has no date of its own, and --release-alone gives it none: it goes out with what it translates. To have it public before, write published: with the time.")
	}
}

// embargoesHeld is why no embargo ends, or nothing.
func (in *installation) embargoesHeld(ctx context.Context) (string, error) {
	return in.desk("").EmbargoesHeld(ctx)
}

// heldBecause says why a draft does not go out at its time; nothing if it does.
func heldBecause(a press.Article, clock string) string {
	switch {
	case a.State != press.Embargoed:
		return ""
	case a.Held && a.Together:
		return "it goes out with all languages of its set or not at all, and one was taken back, or is not what was filed; communique release lets the rest go in one step, correct with --release-alone each by itself"
	case a.Held:
		return "what it translated was withdrawn or cancelled; correct it with --release-alone, or withdraw it"
	case clock != "":
		return "all embargoes are, because " + clock + "; see communique clock"
	}
	return ""
}

// printEmbargo says until when a draft is under embargo, and whether that holds.
func (a *app) printEmbargo(in *installation, did string, article press.Article, clock string) {
	if held := heldBecause(article, clock); held != "" {
		a.say("%snder embargo and held, not only until %s: %s", did, in.when(article), article.ID)
		a.say("It is held: %s.", held)
		return
	}
	a.say("%snder embargo until %s: %s", did, in.when(article), article.ID)
}
