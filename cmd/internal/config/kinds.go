package config

import (
	"fmt"
	"slices"
	"strings"

	"communique/storage/press"
)

// Kind is a kind of article, such as a speech.
type Kind struct {
	Name press.ArticleKind `yaml:"name"`
	// Names are what readers call it, by language; those that are missing are the program's
	// own, or else those of another language.
	Names map[press.Language]string `yaml:"names"`
}

// checkKinds takes over the kinds of articles, the usual ones if none is named.
func (f file) checkKinds(c *Config) error {
	for i, k := range f.Kinds {
		wrong := func(field, text string) error {
			return &FieldError{Field: fmt.Sprintf("kinds[%d].%s", i, field), Text: text}
		}
		if _, err := press.ParseArticleKind(string(k.Name)); err != nil {
			return wrong("name", fmt.Sprintf("%q is not written like the name of a kind: use small letters, figures and hyphens, as in press-release", k.Name))
		}
		if slices.Contains(c.KindNames(), k.Name) {
			return wrong("name", fmt.Sprintf("there is another kind %q: name each once", k.Name))
		}
		names := map[press.Language]string{}
		for tag, name := range k.Names {
			lang, err := press.ParseLanguage(string(tag))
			if err != nil {
				return wrong("names", err.Error())
			}
			if names[lang] = strings.TrimSpace(name); names[lang] == "" || press.CheckText("names", name, press.MaxShort) != nil {
				return wrong("names", fmt.Sprintf("the name in %s is empty or longer than %d characters", lang, press.MaxShort))
			}
		}
		c.Kinds = append(c.Kinds, Kind{k.Name, names})
	}
	if len(c.Kinds) == 0 {
		for _, name := range press.UsualKinds() {
			c.Kinds = append(c.Kinds, Kind{Name: name})
		}
	}
	return nil
}

// KindNames are the names of all kinds by which documents and addresses call them.
func (c Config) KindNames() (all []press.ArticleKind) {
	for _, k := range c.Kinds {
		all = append(all, k.Name)
	}
	return all
}
