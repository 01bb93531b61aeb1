package config

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"unicode/utf8"
)

// Saying is how the author presents articles in the fediverse.
type Saying struct {
	// Rendition is the form in which articles go out: "note" or "article".
	Rendition string `yaml:"rendition"`
	// NoteImage attaches an article's first picture to its note.
	NoteImage bool `yaml:"note_image"`
	// Quotes is who may quote: "anyone", "followers" or "nobody".
	Quotes string `yaml:"quotes"`
	// Collections is whose collections of accounts may list the actors: "anyone",
	// "followers" or "nobody".
	Collections string `yaml:"collections"`
	// Tags are featured on the profile.
	Tags []string `yaml:"tags"`
	// Domains are those beside the site's own whose pages may name the actor
	// as their author.
	Domains []string `yaml:"attribution_domains"`
}

// What receivers take of an actor.
const (
	maxFeaturedTags = 10
	maxDomains      = 256
	maxFields       = 50
	maxFieldText    = 500 // characters; with the mark-up of a link it stays under 2047
)

func (f file) checkSaying(c *Config) error {
	s := f.Actor.Saying
	c.Saying = s
	if err := oneOf("actor.rendition", &c.Saying.Rendition, "note", "article"); err != nil {
		return err
	}
	if err := oneOf("actor.quotes", &c.Saying.Quotes, "anyone", "followers", "nobody"); err != nil {
		return err
	}
	if err := oneOf("actor.collections", &c.Saying.Collections, "anyone", "followers", "nobody"); err != nil {
		return err
	}
	switch {
	case len(s.Tags) > maxFeaturedTags:
		return &FieldError{Field: "actor.tags", Text: fmt.Sprintf("%d tags: other servers show %d at most", len(s.Tags), maxFeaturedTags)}
	case len(s.Domains) > maxDomains:
		return &FieldError{Field: "actor.attribution_domains", Text: fmt.Sprintf("%d domains: other servers take %d at most", len(s.Domains), maxDomains)}
	case len(f.Actor.Fields) > maxFields:
		return &FieldError{Field: "actor.fields", Text: fmt.Sprintf("%d lines: other servers take %d at most", len(f.Actor.Fields), maxFields)}
	}
	for i, field := range f.Actor.Fields {
		if utf8.RuneCountInString(field.Name) > maxFieldText || utf8.RuneCountInString(field.Value) > maxFieldText {
			return &FieldError{Field: fmt.Sprintf("actor.fields[%d]", i), Text: fmt.Sprintf("longer than %d characters", maxFieldText)}
		}
	}
	for i, domain := range s.Domains {
		if net.ParseIP(domain) != nil || strings.ContainsAny(domain, ":/@ ") || !strings.Contains(domain, ".") {
			return &FieldError{Field: fmt.Sprintf("actor.attribution_domains[%d]", i), Text: fmt.Sprintf("%q is not a valid domain: write one like mfa.example", domain)}
		}
	}
	return nil
}

// oneOf checks a setting that takes one of some words, the first if it is empty.
func oneOf(field string, value *string, words ...string) error {
	if *value == "" {
		*value = words[0]
	}
	if slices.Contains(words, *value) {
		return nil
	}
	return &FieldError{Field: field, Text: fmt.Sprintf("%q is not one of %s", *value, strings.Join(words, ", "))}
}

func (f file) checkSigner(c *Config) error {
	c.Signer = f.Signer
	return oneOf("signer", &c.Signer, "auto", "go", "openssl")
}
