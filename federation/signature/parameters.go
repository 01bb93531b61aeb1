package signature

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// parameters are the parts of a Signature header (cavage-12 §2.1), each
// well-formed by itself.
type parameters struct {
	keyID     string
	algorithm string
	headers   []string // lower case, without duplicates
	signature string   // base64
	created   time.Time
	expires   time.Time
}

// maxHeader bounds a Signature header: a key id of 2048 bytes and the
// signature of the largest key fit in easily.
const maxHeader = 8 << 10

// parseParameters reads `keyId="…",algorithm="…",headers="…",signature="…"`.
// A duplicate parameter is refused: parsers differ in which one they believe.
func parseParameters(header string) (parameters, error) {
	if len(header) > maxHeader {
		return parameters{}, invalid("the Signature header is longer than %d bytes", maxHeader)
	}
	values, err := splitParameters(header)
	if err != nil {
		return parameters{}, err
	}
	p := parameters{
		keyID:     values["keyId"],
		algorithm: values["algorithm"],
		signature: values["signature"],
	}
	if p.keyID == "" || p.signature == "" {
		return p, invalid("keyId or signature is missing")
	}
	if _, err := base64.StdEncoding.DecodeString(p.signature); err != nil {
		return p, invalid("the signature is not base64")
	}
	if p.headers, err = coveredHeaders(values); err != nil {
		return p, err
	}
	if p.created, err = instant(values, "created"); err != nil {
		return p, err
	}
	p.expires, err = instant(values, "expires")
	return p, err
}

// Parameters reads a header of the syntax of Signature, `name="value",name="value"`,
// as others have it. Names that stand twice and anything malformed are [ErrInvalid].
func Parameters(header string) (map[string]string, error) {
	if len(header) > maxHeader {
		return nil, invalid("the header is longer than %d bytes", maxHeader)
	}
	return splitParameters(header)
}

// splitParameters reads name=value pairs joined by commas, with blanks around
// them. Values are quoted strings or numbers; a comma inside quotes is text.
func splitParameters(s string) (map[string]string, error) {
	values := make(map[string]string)
	for rest := s; ; {
		name, after, ok := strings.Cut(strings.TrimLeft(rest, " \t"), "=")
		if !ok || name == "" || strings.Trim(name, letters) != "" {
			return nil, invalid("a parameter of the Signature header has no name or no value")
		}
		value, tail, err := parameterValue(after)
		if err != nil {
			return nil, err
		}
		if _, twice := values[name]; twice {
			return nil, invalid("the parameter %s is given twice", name)
		}
		values[name] = value
		tail = strings.TrimLeft(tail, " \t")
		if tail == "" {
			return values, nil
		}
		if tail[0] != ',' {
			return nil, invalid("no comma after the parameter %s", name)
		}
		rest = tail[1:]
	}
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func parameterValue(s string) (value, rest string, err error) {
	if quoted, ok := strings.CutPrefix(s, `"`); ok {
		value, rest, ok = strings.Cut(quoted, `"`)
		// No id or base64 has a backslash; an escaped quote would only be
		// a way to make two parsers disagree.
		if !ok || strings.ContainsAny(value, "\\\r\n") {
			return "", "", invalid("a quoted value of the Signature header does not end or has an escape")
		}
		return value, rest, nil
	}
	rest = strings.TrimLeft(s, digits)
	if value = s[:len(s)-len(rest)]; value == "" {
		return "", "", invalid("a value of the Signature header is neither quoted nor a number")
	}
	return value, rest, nil
}

func coveredHeaders(values map[string]string) ([]string, error) {
	list, given := values["headers"]
	if !given {
		return []string{"date"}, nil // the default of cavage-12 §2.1.6 for rsa-sha256
	}
	seen := make(map[string]bool)
	var names []string
	for name := range strings.SplitSeq(list, " ") {
		name = strings.ToLower(name)
		if name == "" || name == "signature" {
			return nil, invalid("the list of signed headers is %q", list)
		}
		if seen[name] {
			return nil, invalid("the header %s is listed twice", name)
		}
		seen[name] = true
		names = append(names, name)
	}
	return names, nil
}

// instant reads created or expires, seconds since 1970 (cavage-12 §2.1.4); the
// zero time if it is absent.
func instant(values map[string]string, name string) (time.Time, error) {
	text, given := values[name]
	if !given {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}, invalid("%s is %q, not a time in seconds", name, text)
	}
	return time.Unix(seconds, 0), nil
}
