package vocab

import (
	"bytes"
	_ "embed" // the contexts
	"encoding/json"
	"fmt"
	"time"
)

// Document is what is answered at an id or sent to an inbox: it gets a JSON-LD
// context.
type Document interface {
	// context is the value of @context, as JSON.
	context() string
}

//go:embed context/plain.jsonld
var plainContext string

// The contexts below define the terms beyond ActivityStreams in place: receivers
// would have to fetch a context that is named by its URL.

//go:embed context/actor.jsonld
var actorContext string

//go:embed context/object.jsonld
var objectContext string

//go:embed context/quote.jsonld
var quoteContext string

//go:embed context/feature.jsonld
var featureContext string

// Marshal writes a document: compact JSON in UTF-8, @context first, then the
// properties in the order of the struct. The same value gives the same bytes.
func Marshal(d Document) ([]byte, error) {
	properties, err := encode(d)
	if err != nil {
		return nil, fmt.Errorf("writing a %T: %w", d, err)
	}
	var b bytes.Buffer
	b.WriteString(`{"@context":`)
	if err := json.Compact(&b, []byte(d.context())); err != nil {
		return nil, fmt.Errorf("the context of a %T: %w", d, err)
	}
	b.WriteByte(',')
	b.Write(bytes.TrimPrefix(properties, []byte("{")))
	return b.Bytes(), nil
}

// encode is json.Marshal without writing "<" as \u003c: content is HTML, and bodies
// of twice the size would go to every inbox.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Time is written as in RFC 3339, in UTC, to the second. The zero Time is left out.
type Time time.Time

// IsZero reports whether there is no time to write.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText implements encoding.TextMarshaler.
func (t Time) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05Z"), nil
}

// Content is the text of an object, as HTML in one language. [NewContent] makes it,
// so that content and contentMap cannot differ: Mastodon takes the first language
// of the map whose text equals content.
type Content struct {
	HTML string   `json:"content"`
	Map  Language `json:"contentMap,omitzero"`
}

// NewContent returns a text in a language (BCP 47).
func NewContent(language, html string) Content {
	return Content{HTML: html, Map: Language{tag: language, text: html}}
}

// Language is a map with one key, a language, to its text.
type Language struct{ tag, text string }

// MarshalJSON implements json.Marshaler.
func (l Language) MarshalJSON() ([]byte, error) {
	return encode(map[string]string{l.tag: l.text})
}
