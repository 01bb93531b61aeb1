package press

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
)

// Particulars are what a press release has beside its text. All of it may be missing.
type Particulars struct {
	Kind     ArticleKind `json:"kind,omitempty"`
	Place    string      `json:"place,omitempty"` // where it was made, as in a dateline; plain text
	Contacts []Contact   `json:"contacts,omitempty"`
	// NotesToEditors are paragraphs of plain text for those who write about it.
	NotesToEditors []string `json:"notes_to_editors,omitempty"`
}

// ArticleKind is what kind of text an article is, by a word that addresses and documents have for
// it, as in "press-release".
type ArticleKind string

// UsualKinds are those of a site that names none itself.
func UsualKinds() []ArticleKind {
	return []ArticleKind{"statement", "speech", "readout", "press-release", "travel-advice"}
}

var kindForm = regexp.MustCompile(`^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`)

const maxKind = 40

// ParseArticleKind reads a kind. It returns [ErrInvalid] for what is not written like one.
func ParseArticleKind(s string) (ArticleKind, error) {
	if len(s) > maxKind || !kindForm.MatchString(s) {
		return "", fmt.Errorf("%w kind: %q is not written like one: use small letters, figures and hyphens, as in press-release", ErrInvalid, s)
	}
	return ArticleKind(s), nil
}

// Contact is somebody whom those who write about an article can ask. Its texts are plain.
type Contact struct {
	Name      string `json:"name,omitempty"`
	Role      string `json:"role,omitempty"` // as in "Press Office"
	Telephone string `json:"telephone,omitempty"`
	Email     string `json:"email,omitempty"`
}

// Check returns [ErrInvalid] for a contact whom nobody could call or write to.
func (c Contact) Check() error {
	switch {
	case c.Name == "" && c.Role == "":
		return fmt.Errorf("%w contacts: one has neither name nor role: say who it is", ErrInvalid)
	case c.Telephone == "" && c.Email == "":
		return fmt.Errorf("%w contacts: %s has neither telephone nor email: say how to ask", ErrInvalid, c.Name+c.Role)
	case c.Telephone != "" && !isTelephone(c.Telephone):
		return fmt.Errorf("%w contacts: %q is not a telephone number: write figures, as in +351 21 555 0100", ErrInvalid, c.Telephone)
	case c.Email != "" && !isEmail(c.Email):
		return fmt.Errorf("%w contacts: %q is not an e-mail address: write one like press@mfa.example", ErrInvalid, c.Email)
	}
	for _, t := range []struct{ field, text string }{{"name", c.Name}, {"role", c.Role}, {"telephone", c.Telephone}, {"email", c.Email}} {
		if err := CheckText("contacts "+t.field, t.text, MaxShort); err != nil {
			return err
		}
	}
	return nil
}

// isTelephone reports whether a text has the figures of a number and little else: an extension
// may be named.
func isTelephone(text string) bool {
	figures, letters := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			figures++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return figures >= 3 && letters <= figures
}

func isEmail(text string) bool {
	read, err := mail.ParseAddress(text)
	return err == nil && read.Address == text && !strings.ContainsAny(text, " \"<>")
}

// Dial is a telephone number as the address of a link has it, without an extension
// (RFC 3966 §3); empty if there is none to be dialled.
func (c Contact) Dial() string {
	var b strings.Builder
	for _, r := range c.Telephone {
		switch {
		case r == '+' && b.Len() == 0, r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if b.Len() > 0 {
				return b.String()
			}
			return ""
		}
	}
	return b.String()
}

// Limits of particulars.
const (
	MaxContacts = 20
	MaxNotes    = 50
)

func (p Particulars) check() error {
	switch {
	case len(p.Contacts) > MaxContacts:
		return fmt.Errorf("%w contacts: more than %d: leave some out", ErrInvalid, MaxContacts)
	case len(p.NotesToEditors) > MaxNotes:
		return fmt.Errorf("%w notes_to_editors: more than %d: leave some out", ErrInvalid, MaxNotes)
	}
	if p.Kind != "" {
		if _, err := ParseArticleKind(string(p.Kind)); err != nil {
			return err
		}
	}
	if err := CheckText("place", p.Place, MaxShort); err != nil {
		return err
	}
	for _, c := range p.Contacts {
		if err := c.Check(); err != nil {
			return err
		}
	}
	for _, note := range p.NotesToEditors {
		if strings.TrimSpace(note) == "" {
			return fmt.Errorf("%w notes_to_editors: one is empty", ErrInvalid)
		}
		if err := CheckText("notes_to_editors", note, MaxNote); err != nil {
			return err
		}
	}
	return nil
}

// Lines are the particulars that people read, each with the field that it stands in: what
// must not tell what is kept back, and what was taken out if an earlier wording is hidden.
func (p Particulars) Lines() (all []ParticularLine) {
	add := func(field string, texts ...string) {
		for _, text := range texts {
			if text != "" {
				all = append(all, ParticularLine{field, text})
			}
		}
	}
	add("place", p.Place)
	for _, c := range p.Contacts {
		add("contacts", c.Name, c.Role, c.Telephone, c.Email)
	}
	add("notes_to_editors", p.NotesToEditors...)
	return all
}

// ParticularLine is a text of the particulars.
type ParticularLine struct{ Field, Text string }
