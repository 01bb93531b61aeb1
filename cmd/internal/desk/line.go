package desk

import (
	"context"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// line is an article in a list.
type line struct {
	ID        press.ArticleID
	Waits     string // the address of the manuscript, if it is none that was released yet
	Approved  bool   // that manuscript is, and waits for its instant
	Withdrawn bool   // it is withdrawn then
	Corrected bool   // likewise
	Title     string
	Language  press.Language
	Section   string
	State     string // in words, with held apart from embargoed
	Why       string // it is held
	When      instant
	Published bool
	KindLabel string // what kind of article it is; may be empty
	Ready     bool   // it is approved, and waits for other languages of its set
	Older     bool   // it is a translation, and what it translates was corrected since
}

// Dir is the direction of its text.
func (l line) Dir() string { return l.Language.Direction() }

// Titled is the language of its title: what is left of none is said in the desk's.
func (l line) Titled() press.Language {
	if l.State == string(press.Cancelled) {
		return ownLanguage
	}
	return l.Language
}

// ownLanguage is the one in which the desk speaks.
const ownLanguage press.Language = "en"

// States as people call them.
const (
	stateHeld      = "held"
	noTitle        = "(cancelled; nothing of its text is kept)"
	heldByOriginal = "what it translated was withdrawn or cancelled"
	heldTogether   = "its set goes out in all languages or in none, and one was taken back, or is not what was approved"
)

// line shows an article. clock is why no embargo ends, or nothing.
func (d *Desk) line(ctx context.Context, tree press.Tree, a press.Article, clock string) line {
	s, _ := tree.Section(a.Section)
	l := line{
		ID: a.ID, Title: a.Title, Language: a.Language, Section: s.Name(d.Room.Language, d.Room.Language),
		State: string(a.State), When: d.when(ctx, a), Published: a.State == press.Published, KindLabel: d.kindLabel(a.Kind),
	}
	switch {
	case a.State == press.Cancelled:
		l.Title = noTitle
	case a.State != press.Embargoed:
	case a.Held && a.Together:
		l.State, l.Why = stateHeld, heldTogether
	case a.Held:
		l.State, l.Why = stateHeld, heldByOriginal
	case clock != "":
		l.State, l.Why = stateHeld, clock
	}
	return l
}

// drafts are the articles under embargo that somebody may read, in the order in which they
// go out.
func (d *Desk) drafts(ctx context.Context, p people.Person) (all []line, err error) {
	return all, d.Store.View(ctx, func(tx *storage.Tx) error {
		reading, err := newsroom.ReadingOf(tx, p)
		if err != nil {
			return err
		}
		clock, err := tx.ClockHeld()
		if err != nil {
			return err
		}
		drafts, err := tx.Drafts()
		if err != nil {
			return err
		}
		for _, a := range drafts {
			if reading.Article(a) {
				all = append(all, d.line(ctx, reading.Tree, a, clock))
			}
		}
		return markOlder(tx, drafts, all)
	})
}

func (d *Desk) tree(ctx context.Context) (tree press.Tree, err error) {
	return tree, d.Store.View(ctx, func(tx *storage.Tx) error {
		tree, err = tx.Tree()
		return err
	})
}

// sectionChoice is a section that can be chosen from a list.
type sectionChoice struct {
	Path press.Path
	Name string // with those above it
}

func (d *Desk) sections(tree press.Tree) (all []sectionChoice) {
	tree.Walk(func(s press.Section, depth int) {
		name := s.Name(d.Room.Language, d.Room.Language)
		for range depth {
			name = "\u2003" + name
		}
		all = append(all, sectionChoice{s.Path, name})
	})
	return all
}

// may is what somebody may do, a line each.
func (d *Desk) may(tree press.Tree, grants []people.Grant) (all []string) {
	for _, g := range grants {
		text := string(g.Role)
		if s, ok := tree.Section(g.Section); ok && g.Section != press.Root {
			text += " in " + s.Name(d.Room.Language, d.Room.Language)
		}
		if g.Language != "" {
			text += ", " + g.Language.SelfName()
		}
		all = append(all, text)
	}
	return all
}
