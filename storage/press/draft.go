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

// Draft is an article as it is handed in, before it has an id or a place in
// the log.
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

	// Published is the instant of publication. Zero means now, or for a
	// correction the instant that the article has.
	Published time.Time
	Precision Precision

	// Silent: shown and fed, never pushed to followers.
	Silent bool

	Identity  string
	SourceURL string
}

// Bounds of the texts, in characters; a body is bounded in bytes, so that the
// activity that carries it stays under the 1 MB that receivers take.
const (
	MaxTitle = 500
	MaxLead  = 5000
	MaxBody  = 768 << 10
	MaxTags  = 50
)

// Check reports the first rule that the draft breaks, as an error that is
// [ErrInvalid] and names the field.
func (d Draft) Check() error {
	switch {
	case strings.TrimSpace(d.Title) == "":
		return fmt.Errorf("%w title: it is empty", ErrInvalid)
	case utf8.RuneCountInString(d.Title) > MaxTitle:
		return fmt.Errorf("%w title: longer than %d characters", ErrInvalid, MaxTitle)
	case utf8.RuneCountInString(d.Lead) > MaxLead:
		return fmt.Errorf("%w lead: longer than %d characters", ErrInvalid, MaxLead)
	case len(d.Body) > MaxBody:
		return fmt.Errorf("%w body: larger than %d KiB", ErrInvalid, MaxBody>>10)
	case len(d.Tags) > MaxTags:
		return fmt.Errorf("%w tags: more than %d", ErrInvalid, MaxTags)
	case d.Section == Root:
		return fmt.Errorf("%w section: an article must be filed in one", ErrInvalid)
	case d.Language == "":
		return fmt.Errorf("%w language: none given", ErrInvalid)
	}
	// SQLite stores a string that was cut in mid-rune, PostgreSQL refuses it.
	for field, s := range map[string]string{"title": d.Title, "lead": d.Lead, "body": string(d.Body)} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return fmt.Errorf("%w %s: not valid UTF-8 text", ErrInvalid, field)
		}
	}
	return nil
}

// Digest is the SHA-256 of everything in the draft, in hex: two drafts with
// one digest say the same.
func (d Draft) Digest() string {
	text, err := json.Marshal(d)
	if err != nil {
		// Every field marshals, but for a year beyond 9999, which no parser lets in.
		text = fmt.Appendf(nil, "%#v", d)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
