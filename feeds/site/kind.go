package site

import (
	"cmp"
	"slices"
	"strings"

	"communique/storage/press"
)

// Kind is a kind of article.
type Kind struct {
	Name press.ArticleKind
	// Names are what readers call it, by language; they take the place of the messages'.
	Names map[press.Language]string
}

// KindName is what readers of a language call a kind: as the institution calls it there, or
// as the program does, or as the institution does in another language. Of a kind that the
// site has no longer it is the word that documents had for it.
func (s *Site) KindName(kind press.ArticleKind, lang press.Language) Text {
	var own map[press.Language]string
	if i := slices.IndexFunc(s.id.Kinds, func(k Kind) bool { return k.Name == kind }); i >= 0 {
		own = s.id.Kinds[i].Names
	}
	base, _, _ := strings.Cut(string(lang), "-")
	if name := cmp.Or(own[lang], own[press.Language(base)]); name != "" {
		return Text{name, lang}
	}
	w := s.Words(lang)
	if name := w.Kinds[kind]; name != "" {
		return Text{name, w.Lang}
	}
	for _, other := range s.id.Languages {
		if name := own[other]; name != "" {
			return Text{name, other}
		}
	}
	return Text{string(kind), w.Lang}
}

// Kinds are the kinds of articles, in the order in which they are offered.
func (s *Site) Kinds() (all []press.ArticleKind) {
	for _, k := range s.id.Kinds {
		all = append(all, k.Name)
	}
	return all
}
