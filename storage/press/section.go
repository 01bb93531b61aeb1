package press

import (
	"fmt"
	"strings"
	"time"
)

// SectionID names a section for ever, across renaming and moving. [Root] is
// the invisible section above all others.
type SectionID int64

// Root is the parent of the top sections; rolled up, it holds every article.
const Root SectionID = 0

// Path is the address of a section: its slugs from the top down, joined by
// "/", as in "the-ministry/the-minister/activities". The root's path is empty.
type Path string

// reservedSlugs would collide with URLs below a language (see urls.go).
var reservedSlugs = map[string]bool{"articles": true, "search": true, "archive": true, "tags": true}

// ParsePath accepts slugs joined by "/".
func ParsePath(s string) (Path, error) {
	for slug := range strings.SplitSeq(s, "/") {
		if err := CheckSlug(slug); err != nil {
			return "", err
		}
	}
	return Path(s), nil
}

// CheckSlug reports why a text cannot be a section's slug: slugs are made of
// a-z, 0-9 and single hyphens, at most 64 characters, and must not be a word
// that the URLs below a language use for something else.
func CheckSlug(slug string) error {
	switch {
	case slug == "" || len(slug) > maxSlug || slug != Slug(slug):
		return fmt.Errorf("%q is no slug: use a-z, 0-9 and single hyphens, at most %d characters", slug, maxSlug)
	case reservedSlugs[slug]: // a slug has no dot, so none is a feed.*
		return fmt.Errorf("the slug %q is taken by the site itself: choose another", slug)
	}
	return nil
}

// Slugs returns the slugs of the path from the top down.
func (p Path) Slugs() []string {
	if p == "" {
		return nil
	}
	return strings.Split(string(p), "/")
}

// Child returns the path of a section below p.
func (p Path) Child(slug string) Path {
	if p == "" {
		return Path(slug)
	}
	return Path(string(p) + "/" + slug)
}

// Section is a node of the tree in which articles are filed.
type Section struct {
	ID      SectionID
	Parent  SectionID
	Slug    string
	Path    Path
	Names   map[Language]string
	Created time.Time
	// Closed is when the section was closed, with all below it; zero if it is
	// open. Nothing is filed in it any more; what it has stays.
	Closed time.Time
	// Instead are the sections that are named in the place of a closed one.
	Instead []SectionID
}

// Name is the section's name in a language, or in the fallback language, or in
// any language (the smallest tag, to be the same each time), or its slug.
func (s Section) Name(lang, fallback Language) string {
	if n := s.Names[lang]; n != "" {
		return n
	}
	if n := s.Names[fallback]; n != "" {
		return n
	}
	var best Language
	for l := range s.Names {
		if best == "" || l < best {
			best = l
		}
	}
	if best != "" {
		return s.Names[best]
	}
	return s.Slug
}

// NameLanguage is the language of the text that [Section.Name] returns, so
// that a page can mark it with lang and dir.
func (s Section) NameLanguage(lang, fallback Language) Language {
	name := s.Name(lang, fallback)
	for _, l := range []Language{lang, fallback} {
		if s.Names[l] == name {
			return l
		}
	}
	var best Language
	for l, n := range s.Names {
		if n == name && (best == "" || l < best) {
			best = l
		}
	}
	if best != "" {
		return best
	}
	return fallback
}
