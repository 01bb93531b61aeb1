package config

import (
	"fmt"
	"slices"
	"strings"

	"communique/storage/press"
)

// Announcer is an actor beside the ministry's: it announces the articles of a
// section and all below it, or in a language, or both.
type Announcer struct {
	Actor       `yaml:",inline"`
	DisplayName string `yaml:"display_name"`
	// Section is a path of slugs or of names; empty is the whole site.
	Section string `yaml:"section"`
	// Language is empty for every language.
	Language press.Language `yaml:"language"`
}

// Actors are the names of all actors, the ministry's first.
func (c Config) Actors() []string {
	names := []string{c.Actor.Name}
	for _, a := range c.Announcers {
		names = append(names, a.Name)
	}
	return names
}

// Pictures are the files of all actors' pictures.
func (c Config) Pictures() []string {
	files := []string{c.Actor.Icon, c.Actor.Header}
	for _, a := range c.Announcers {
		files = append(files, a.Icon, a.Header)
	}
	return slices.DeleteFunc(files, func(name string) bool { return name == "" })
}

// checkAnnouncers takes over the further actors. Their languages are the site's.
func (f file) checkAnnouncers(c *Config) error {
	for i, a := range f.Actors {
		wrong := func(field, format string, args ...any) error {
			return &FieldError{Field: fmt.Sprintf("actors[%d].%s", i, field), Text: fmt.Sprintf(format, args...)}
		}
		if err := CheckActorName(a.Name); err != nil {
			return wrong("name", "%s", err.Error())
		}
		if slices.Contains(c.Actors(), a.Name) {
			return wrong("name", "there is another actor %q: each needs a name of its own", a.Name)
		}
		if a.DisplayName = strings.TrimSpace(a.DisplayName); a.DisplayName == "" {
			return wrong("name", "%s has no display_name: write the name that people read", a.Name)
		}
		if a.Section == "" && a.Language == "" {
			return wrong("name", "%s has neither section nor language: say what it announces", a.Name)
		}
		if a.Language != "" {
			lang, err := press.ParseLanguage(string(a.Language))
			if err != nil || !slices.Contains(c.Languages, lang) {
				return wrong("language", "%q is not a language of the site: use one of %v", a.Language, c.Languages)
			}
			a.Language = lang
		}
		c.Announcers = append(c.Announcers, a)
	}
	return nil
}
