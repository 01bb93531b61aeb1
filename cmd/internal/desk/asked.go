package desk

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"communique/storage/people"
	"communique/storage/press"
)

// asked is what a list is narrowed to.
type asked struct {
	State, Pile, Section, Language, Kind, Author, Text string
}

func askedOf(q url.Values) asked {
	return asked{
		State: q.Get("state"), Pile: q.Get("pile"), Section: q.Get("section"), Language: q.Get("language"), Kind: q.Get("kind"), Author: q.Get("author"),
		Text: strings.TrimSpace(q.Get("text")),
	}
}

// address is that of a list, from a place on.
func (a asked) address(path, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"state": a.State, "pile": a.Pile, "section": a.Section, "language": a.Language, "kind": a.Kind, "author": a.Author, "text": a.Text, "after": after,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// language is the one that is asked for; empty is all.
func (a asked) language() (press.Language, error) {
	if a.Language == "" {
		return "", nil
	}
	return press.ParseLanguage(a.Language)
}

// choices are what a list can be narrowed to.
type choices struct {
	Asked     asked
	Sections  []sectionChoice
	Languages []press.Language
	Kinds     []Kind
	Authors   []people.Name
}

// choices are those of what is asked for. An author is asked for by their login.
func (d *Desk) choices(ctx context.Context, a asked) (c choices, n names, author string, err error) {
	all, tree, err := d.Room.Names(ctx)
	if err != nil {
		return c, nil, "", err
	}
	c = choices{Asked: a, Sections: d.sections(tree), Languages: d.Room.Languages, Kinds: d.kindChoices(a.Kind)}
	for _, p := range all {
		if p.Writes || p.Login == a.Author {
			c.Authors = append(c.Authors, p)
		}
		if p.Login == a.Author {
			author = p.ID
		}
	}
	if a.Author != "" && author == "" {
		return c, nil, "", press.ErrNotFound
	}
	slices.SortStableFunc(c.Authors, func(a, b people.Name) int { return cmp.Compare(a.Shown(), b.Shown()) })
	return c, namesOf(all), author, nil
}
