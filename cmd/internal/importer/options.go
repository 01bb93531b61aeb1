package importer

import (
	"net/url"
	"time"

	"communique/storage/press"
)

// Options supply what a page itself does not say.
type Options struct {
	// Zone is the zone of times without one. If it is nil, such a time is a problem.
	Zone *time.Location
	// Language is the language of pages that don't declare one, or with
	// LanguageForced of all pages.
	Language       press.Language
	LanguageForced bool
	// SourceURL is where the page came from; relative addresses are resolved
	// against it and the date in it is the last resort. May be nil.
	SourceURL *url.URL
	// Beside returns the address of the file beside the page to which a relative
	// reference leads, or nothing. It may be nil.
	Beside func(reference string) string
	// Sheets returns what the style sheet says to which a page of this name links, or nil
	// if it is not at hand. It may be nil.
	Sheets func(page, href string) *LinkedSheet
	// Charset is the encoding that the HTTP header named, or empty.
	Charset string
	// Profiles say where the pages of the site have what; nil if nobody knows.
	Profiles *Profiles

	page string // its name
	// languageSaid is whether the profile says which language pages have that declare none.
	languageSaid bool
}

// linkedSheets are the style sheets to which the page links.
func (o Options) linkedSheets() func(href string) *LinkedSheet {
	if o.Sheets == nil {
		return nil
	}
	return func(href string) *LinkedSheet { return o.Sheets(o.page, href) }
}

// BesideHost is the host of the addresses that files beside pages have until they are
// taken along. No site has it (RFC 6761 §6.4).
const BesideHost = "beside.invalid"

// charset is the encoding that is known besides what the page says.
func (o Options) charset() string {
	if o.Charset == "" && o.Profiles != nil {
		return o.Profiles.Encoding
	}
	return o.Charset
}
