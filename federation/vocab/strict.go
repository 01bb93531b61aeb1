package vocab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ErrMalformed says that a document cannot be read: inboxes answer 400.
var ErrMalformed = errors.New("malformed document")

// The bounds of a document.
const (
	maxDepth = 32
	maxItems = 1000 // of one array, and members of one object
)

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// byteOrderMark begins what some servers write as UTF-8. RFC 8259 §8.1 lets a reader
// pass over it; what was signed is the body with it.
var byteOrderMark = []byte("\xef\xbb\xbf")

// checked is a document without its byte order mark, after [Check].
func checked(document []byte) ([]byte, error) {
	document = bytes.TrimPrefix(document, byteOrderMark)
	return document, Check(document)
}

// Check reports whether a document is JSON that everybody reads alike: one object
// in valid UTF-8, at most 32 levels deep, with at most 1000 items in an array, no
// key twice in an object in whatever case, and none of the JSON-LD keywords @graph,
// @included and @reverse, with which a document says one thing to a JSON-LD
// processor and another to a reader of plain JSON. Every error is [ErrMalformed].
//
// It stops at the first error, so that a million brackets cost no more than
// thirty-three.
func Check(document []byte) error {
	if !utf8.Valid(document) {
		return malformed("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	first, err := d.Token()
	if err != nil {
		return malformed("%v", err)
	}
	if first != json.Delim('{') {
		return malformed("not a JSON object")
	}
	if err := checkObject(d, 1); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("more than one JSON value")
	}
	return nil
}

// checkObject reads to the end of an object whose opening brace has been read.
func checkObject(d *json.Decoder, depth int) error {
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return malformed("%v", err)
		}
		key, ok := token.(string) // unescaped: "\u0061" is "a" here
		if !ok {
			return malformed("a key is not a string")
		}
		switch {
		case seen[key]:
			return malformed("the key %q is given twice", key)
		case len(seen) == maxItems:
			return malformed("an object has more than %d members", maxItems)
		case key == "@graph" || key == "@included" || key == "@reverse":
			return malformed("%s is not accepted", key)
		}
		seen[key] = true
		if err := checkValue(d, depth); err != nil {
			return err
		}
	}
	return closed(d)
}

func checkArray(d *json.Decoder, depth int) error {
	for n := 0; d.More(); n++ {
		if n == maxItems {
			return malformed("an array has more than %d items", maxItems)
		}
		if err := checkValue(d, depth); err != nil {
			return err
		}
	}
	return closed(d)
}

func checkValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return malformed("%v", err)
	}
	opened, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return malformed("deeper than %d levels", maxDepth)
	}
	if opened == '{' {
		return checkObject(d, depth+1)
	}
	return checkArray(d, depth+1)
}

// closed reads the bracket that ends an object or array; the decoder makes sure
// that it is the right one.
func closed(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return malformed("%v", err)
	}
	return nil
}
