package importer

import (
	"net/url"
	"time"

	"communique/storage/press"
)

// Options say what a page itself does not.
type Options struct {
	// Zone is the zone of times that name none. With nil such a time is a problem.
	Zone *time.Location
	// Language is the language of pages that don't tell theirs; with
	// LanguageForced it is the language of all.
	Language       press.Language
	LanguageForced bool
	// SourceURL is where the page came from; relative addresses are resolved
	// against it and the date in it is the last resort. May be nil.
	SourceURL *url.URL
	// Charset is the encoding that the HTTP header named, or empty.
	Charset string
}
