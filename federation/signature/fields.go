package signature

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// The fields of RFC 9421 and RFC 9530 are dictionaries of structured fields
// (RFC 9651). What is read here is the part of them that signatures use, and
// less than the grammar allows: a second member or parameter of one name is
// refused, where RFC 9651 §4.2 would let the last one win, because verifiers
// differ in which one they believe.

// Values of members and parameters are a string, an int64, a bool, a []byte or
// a token.
type token string

// parameter is a name with a value, as in ;created=1618884473.
type parameter struct {
	name  string
	value any
}

// scanner reads a field from left to right.
type scanner struct{ rest string }

func (s *scanner) take(prefix string) bool {
	rest, ok := strings.CutPrefix(s.rest, prefix)
	s.rest = rest
	return ok
}

// span takes the longest prefix made of the given characters.
func (s *scanner) span(of string) string {
	rest := strings.TrimLeft(s.rest, of)
	taken := s.rest[:len(s.rest)-len(rest)]
	s.rest = rest
	return taken
}

const (
	lower    = "abcdefghijklmnopqrstuvwxyz"
	keyChars = lower + digits + "_-.*"
	// tokenChars are those of RFC 9110 §5.6.2 with : and /.
	tokenChars  = letters + digits + "!#$%&'*+-.^_`|~:/"
	base64Chars = letters + digits + "+/="
	blanks      = " \t"
)

// dictionary reads a whole field (RFC 9651 §4.2.2), each member's value with
// the given function.
func dictionary(field string, member func(s *scanner, name string) error) error {
	if len(field) > maxHeader {
		return invalid("a field is longer than %d bytes", maxHeader)
	}
	s := &scanner{strings.Trim(field, " ")}
	seen := map[string]bool{}
	for {
		name, err := s.key()
		if err != nil {
			return err
		}
		if seen[name] {
			return invalid("%s is given twice", name)
		}
		seen[name] = true
		if !s.take("=") {
			return invalid("%s has no value", name)
		}
		if err := member(s, name); err != nil {
			return err
		}
		s.span(blanks)
		if s.rest == "" {
			return nil
		}
		if !s.take(",") {
			return invalid("no comma after %s", name)
		}
		s.span(blanks)
	}
}

// key reads a name (RFC 9651 §4.2.3.3).
func (s *scanner) key() (string, error) {
	if s.rest == "" || !strings.ContainsRune(lower+"*", rune(s.rest[0])) {
		return "", invalid("a name is missing")
	}
	return s.span(keyChars), nil
}

// bareItem reads a value (RFC 9651 §4.2.3.1).
func (s *scanner) bareItem() (any, error) {
	if s.rest == "" {
		return nil, invalid("a value is missing")
	}
	switch c := s.rest[0]; {
	case c == '"':
		return s.string()
	case c == ':':
		return s.bytes()
	case c == '?':
		return s.boolean()
	case c == '-' || strings.IndexByte(digits, c) >= 0:
		return s.integer()
	case c == '*' || strings.IndexByte(letters, c) >= 0:
		return token(s.span(tokenChars)), nil
	}
	return nil, invalid("a value begins with %q", s.rest[0])
}

// string reads printable ASCII between quotes (RFC 9651 §4.2.5).
func (s *scanner) string() (string, error) {
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		c := s.rest[i]
		switch {
		case c == '"':
			s.rest = s.rest[i+1:]
			return b.String(), nil
		case c == '\\':
			if i++; i == len(s.rest) || s.rest[i] != '"' && s.rest[i] != '\\' {
				return "", invalid("a string has a bad escape")
			}
			c = s.rest[i]
		case c < ' ' || c > '~':
			return "", invalid("a string has the byte %#x", c)
		}
		b.WriteByte(c)
	}
	return "", invalid("a string does not end")
}

// bytes reads base64 between colons (RFC 9651 §4.2.7).
func (s *scanner) bytes() ([]byte, error) {
	if !s.take(":") {
		return nil, invalid("a value is not a byte sequence")
	}
	encoded := s.span(base64Chars)
	value, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || !s.take(":") {
		return nil, invalid("a byte sequence is not base64 between colons")
	}
	return value, nil
}

func (s *scanner) boolean() (bool, error) {
	switch {
	case s.take("?1"):
		return true, nil
	case s.take("?0"):
		return false, nil
	}
	return false, invalid("a boolean is neither ?0 nor ?1")
}

// integer reads up to 15 digits (RFC 9651 §4.2.4). No parameter of a
// signature has a fraction.
func (s *scanner) integer() (int64, error) {
	sign := ""
	if s.take("-") {
		sign = "-"
	}
	number := s.span(digits)
	value, err := strconv.ParseInt(sign+number, 10, 64)
	if err != nil || len(number) > 15 || strings.HasPrefix(s.rest, ".") {
		return 0, invalid("a number is not an integer of at most 15 digits")
	}
	return value, nil
}

// parameters reads ;name=value pairs (RFC 9651 §4.2.3.2).
func (s *scanner) parameters() ([]parameter, error) {
	var all []parameter
	seen := map[string]bool{}
	for s.take(";") {
		s.span(" ")
		name, err := s.key()
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, invalid("the parameter %s is given twice", name)
		}
		seen[name] = true
		var value any = true
		if s.take("=") {
			if value, err = s.bareItem(); err != nil {
				return nil, err
			}
		}
		all = append(all, parameter{name, value})
	}
	return all, nil
}

// byteSequences reads a dictionary of byte sequences, such as Signature and
// Content-Digest.
func byteSequences(field string) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := dictionary(field, func(s *scanner, name string) (err error) {
		all[name], err = s.bytes()
		return err
	})
	return all, err
}

// writeItem writes a value as its one canonical form (RFC 9651 §4.1.3.1).
func writeItem(b *strings.Builder, value any) {
	switch v := value.(type) {
	case string:
		b.WriteByte('"')
		b.WriteString(quoted.Replace(v))
		b.WriteByte('"')
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case []byte:
		b.WriteString(":" + base64.StdEncoding.EncodeToString(v) + ":")
	case bool:
		if v {
			b.WriteString("?1")
		} else {
			b.WriteString("?0")
		}
	case token:
		b.WriteString(string(v))
	}
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
