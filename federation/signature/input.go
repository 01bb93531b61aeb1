package signature

import (
	"strings"
	"time"
)

// input says what a signature by RFC 9421 covers and how: the one member of a
// Signature-Input field (§4.1).
type input struct {
	label      string
	components []string
	parameters []parameter // in the order given, which is part of what is signed
}

// parseInput reads a Signature-Input field of one member. Several are refused: which
// one counts would be a guess.
func parseInput(field string) (input, error) {
	var in input
	err := dictionary(field, func(s *scanner, name string) (err error) {
		if in.label != "" {
			return invalid("more than one signature: %s and %s", in.label, name)
		}
		in.label = name
		if in.components, err = s.componentList(); err != nil {
			return err
		}
		in.parameters, err = s.parameters()
		return err
	})
	return in, err
}

// componentList reads the names of what is covered, an inner list of strings
// (RFC 9651 §4.2.1.2). Components with parameters (RFC 9421 §2.1.1 and following:
// parts and other forms of a field) are refused: nobody in the fediverse sends
// them.
func (s *scanner) componentList() ([]string, error) {
	if !s.take("(") {
		return nil, invalid("the covered components are not a list")
	}
	var names []string
	seen := map[string]bool{}
	for {
		s.span(" ")
		if s.take(")") {
			return names, nil
		}
		if !strings.HasPrefix(s.rest, `"`) {
			return nil, invalid("a covered component is not a string, or the list does not end")
		}
		name, err := s.string()
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, invalid("the component %s is covered twice", name)
		}
		seen[name] = true
		names = append(names, name)
		if s.rest == "" || s.rest[0] != ' ' && s.rest[0] != ')' {
			return nil, invalid("the component %s has parameters", name)
		}
	}
}

// String is the canonical form, the value of @signature-params (RFC 9421 §2.3).
func (in input) String() string {
	var b strings.Builder
	b.WriteByte('(')
	for i, name := range in.components {
		if i > 0 {
			b.WriteByte(' ')
		}
		writeItem(&b, name)
	}
	b.WriteByte(')')
	for _, p := range in.parameters {
		b.WriteString(";" + p.name)
		if p.value != true {
			b.WriteByte('=')
			writeItem(&b, p.value)
		}
	}
	return b.String()
}

// text is a parameter that is a string; absent it is empty.
func (in input) text(name string) (string, error) {
	for _, p := range in.parameters {
		if p.name == name {
			text, ok := p.value.(string)
			if !ok || text == "" {
				return "", invalid("the parameter %s is not a non-empty string", name)
			}
			return text, nil
		}
	}
	return "", nil
}

// instant is a parameter in seconds since 1970; absent it is the zero time.
func (in input) instant(name string) (time.Time, error) {
	for _, p := range in.parameters {
		if p.name == name {
			seconds, ok := p.value.(int64)
			if !ok || seconds <= 0 || seconds > 1<<40 {
				return time.Time{}, invalid("%s is not a time in seconds", name)
			}
			return time.Unix(seconds, 0), nil
		}
	}
	return time.Time{}, nil
}
