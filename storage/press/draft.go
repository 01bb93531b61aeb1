package press

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Draft is an article before it has an id and an entry in the log.
type Draft struct {
	Section  SectionID
	Language Language
	// TranslationOf is the article that this one translates, or empty.
	TranslationOf ArticleID

	Title  string
	Lead   string
	Body   HTML
	Images []Image
	Tags   []string
	Particulars

	// Published is the time of publication. Zero means now, or for a correction the
	// article's present one.
	Published time.Time
	Precision Precision
	// Local is the date as it was written, if no zone was. Of a date to the day it is
	// what counts, and Published is not looked at.
	Local Local `json:",omitempty"` //nolint:tagliatelle // beside fields that bear their own names

	// Inherits puts a translation without a date of its own under the embargo of what it
	// translates; without such an embargo it says nothing. It is part of no digest.
	Inherits bool `json:"-"`
	// Alone lets a translation be public before the original of its set. It is part of no
	// digest.
	Alone bool `json:"-"`

	// Silent articles are on pages and in feeds, but never pushed.
	Silent bool

	Identity  string
	SourceURL string
	// Reader is the generation of the importer; it is part of no digest.
	Reader int `json:"-"`

	// ReadAs is the digest of what was read of the page that the draft was made of, if the draft
	// says that in other words: by it the article is known when the page comes again. It is
	// part of no digest.
	ReadAs string `json:"-"`

	// Document is what the draft was made of, byte for byte: no part of the digest.
	Document []byte `json:"-"`

	// Former are the drafts that earlier versions of the program would have made of
	// the same source, whose cleaning was another one. They are part of no digest.
	Former []Draft `json:"-"`
}

// Is tells whether a digest that an article was stored with, perhaps by an earlier
// version of the program, is that of this draft.
func (d Draft) Is(digest string, of Article) bool {
	for _, each := range append([]Draft{d}, d.Former...) {
		if digest == each.Digest() {
			return true
		}
		if each.Local == "" {
			continue
		}
		// Up to version 0.4 every date was an instant in the zone of its time.
		same := each.Local == of.Local
		each.Local = ""
		if digest == each.Digest() {
			return true
		}
		each.Published = of.Stamped()
		if same && digest == each.Digest() {
			return true
		}
	}
	return false
}

// Limits of texts, in characters; that of a body is in bytes, and enough for a table
// of 700 KB in Markdown. An activity carries as much of it as receivers accept.
const (
	MaxTitle  = 500
	MaxLead   = 5000
	MaxBody   = 1536 << 10
	MaxTags   = 50
	MaxImages = 50
	// MaxShort bounds a tag and a section's name. An alternative text may be as long
	// as a lead.
	MaxShort = 200
	// MaxNote bounds the note of a correction and the reason of a withdrawal.
	MaxNote = 2000
	maxURL  = 2000
)

// CheckText returns [ErrInvalid], with the name of the field, for a text that cannot
// be stored: longer than most characters, not UTF-8, or with a NUL. SQLite would
// store a string that was cut within a rune, PostgreSQL refuses it.
func CheckText(field, s string, most int) error {
	switch {
	case utf8.RuneCountInString(s) > most:
		return fmt.Errorf("%w %s: longer than %d characters: shorten it", ErrInvalid, field, most)
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return fmt.Errorf("%w %s: not valid UTF-8 text", ErrInvalid, field)
	}
	return nil
}

// Check returns [ErrInvalid], with the name of the field, for the first rule that
// the draft breaks.
func (d Draft) Check() error {
	switch {
	case strings.TrimSpace(d.Title) == "":
		return fmt.Errorf("%w title: it is empty", ErrInvalid)
	case len(d.Body) > MaxBody:
		return fmt.Errorf("%w body: larger than %d KiB: publish it in parts", ErrInvalid, MaxBody>>10)
	case len(d.Tags) > MaxTags:
		return fmt.Errorf("%w tags: more than %d: leave some out", ErrInvalid, MaxTags)
	case len(d.Images) > MaxImages:
		return fmt.Errorf("%w images: more than %d: leave some out", ErrInvalid, MaxImages)
	case d.Section == Root:
		return fmt.Errorf("%w section: an article must be filed in one", ErrInvalid)
	case d.Language == "":
		return fmt.Errorf("%w language: none given", ErrInvalid)
	}
	if err := d.checkDate(); err != nil {
		return err
	}
	return d.checkTexts()
}

func (d Draft) checkDate() error {
	switch d.Precision {
	case "", ToTheDay, ToTheMinute, ToTheSecond:
	default:
		return fmt.Errorf("%w precision: %q is not one of day, minute and second", ErrInvalid, d.Precision)
	}
	if d.Precision == ToTheDay {
		if _, err := d.Local.Day(); err != nil || len(d.Local) != len(time.DateOnly) {
			return fmt.Errorf("%w published: %q is not a day", ErrInvalid, string(d.Local))
		}
	}
	// RFC 3339, the format of all dates that we send, has four digits for the year.
	if year := d.Published.UTC().Year(); year < 1 || year > 9999 {
		return fmt.Errorf("%w published: the year %d", ErrInvalid, year)
	}
	return nil
}

func (d Draft) checkTexts() error {
	texts := []struct {
		field, text string
		most        int
	}{
		{"title", d.Title, MaxTitle},
		{"lead", d.Lead, MaxLead},
		{"body", string(d.Body), MaxBody},
		{"identity", d.Identity, maxURL},
		{"source_url", d.SourceURL, maxURL},
	}
	for _, t := range texts {
		if err := CheckText(t.field, t.text, t.most); err != nil {
			return err
		}
	}
	for _, tag := range d.Tags {
		if strings.TrimSpace(tag) == "" {
			return fmt.Errorf("%w tags: one is empty", ErrInvalid)
		}
		if err := CheckText("tags", tag, MaxShort); err != nil {
			return err
		}
	}
	for _, i := range d.Images {
		if err := i.check(); err != nil {
			return err
		}
	}
	return d.Particulars.check()
}

func (i Image) check() error {
	texts := []struct {
		field, text string
		most        int
	}{
		{"src", i.Src, maxURL},
		{"alt", i.Alt, MaxLead},
		{"caption", i.Caption, MaxLead},
		{"credit", i.Credit, MaxTitle},
		{"terms", i.Terms, MaxNote},
	}
	for _, t := range texts {
		if err := CheckText("images "+t.field, t.text, t.most); err != nil {
			return err
		}
	}
	if i.Focus == nil {
		return nil
	}
	for _, v := range i.Focus {
		if !(v >= -1 && v <= 1) { // also true for NaN
			return fmt.Errorf("%w images focus: %v is not between -1 and 1", ErrInvalid, v)
		}
	}
	return nil
}

// Digest returns the SHA-256 of the draft's content, in hex: drafts with the same
// digest are the same. The zone of a time does not matter, nor that of the site, an empty list is the same
// as none, and properties of pictures that storage sets are ignored.
func (d Draft) Digest() string {
	d.Published = d.Published.UTC()
	if d.Local != "" {
		d.Published = time.Time{} // which depends on the zone of the site
	}
	var images []Image
	for _, i := range d.Images {
		images = append(images, Image{Src: i.Src, Alt: i.Alt, Caption: i.Caption, Credit: i.Credit, Terms: i.Terms, Focus: i.Focus})
	}
	d.Images = images
	if len(d.Tags) == 0 {
		d.Tags = nil
	}
	text, err := json.Marshal(d)
	if err != nil {
		// Every field can be marshalled except a year beyond 9999, which no parser
		// accepts.
		text = fmt.Appendf(nil, "%#v", d)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
