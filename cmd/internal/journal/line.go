package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Deed is what a line tells.
type Deed string

// The deeds; those of entries are the kinds of these.
const (
	// Begins begins a file: it tells all that comes after its seq.
	Begins Deed = "begins"
	// Done and Undone tell what became of the intent with their seq.
	Done   Deed = "done"
	Undone Deed = "undone"
	// Resumed tells that the log goes on after a gap, and lacks of what was told before nothing
	// that is to be done again.
	Resumed Deed = "resumed"
	// Mended tells that the journal could not be written since, and tells all again.
	Mended Deed = "mended"
	// TookOut tells of a picture or file that was withdrawn, in no entry as well.
	TookOut Deed = "took out"
	// Cancelled and Changed were drafts under embargo.
	Cancelled Deed = "cancelled"
	Changed   Deed = "changed"
)

// Line is a line of a journal.
type Line struct {
	Did    Deed      `json:"did"`
	At     time.Time `json:"at"` // that of the entry
	Seq    press.Seq `json:"seq,omitempty"`
	Intent bool      `json:"intent,omitempty"` // noted before the commit

	Article  press.ArticleID `json:"article,omitempty"`
	Language press.Language  `json:"language,omitempty"`
	Section  press.Path      `json:"section,omitempty"`
	Revision int             `json:"revision,omitempty"`
	// Title is that of what was published.
	Title string `json:"title,omitempty"`
	// Published is its date, and of a correction that which the article has then.
	Published *time.Time `json:"published,omitempty"`
	// Note is what was corrected, or why it was withdrawn.
	Note  string `json:"note,omitempty"`
	Minor bool   `json:"minor,omitempty"`
	// Hides is set if earlier wordings were hidden.
	Hides bool `json:"hides,omitempty"`
	// Text is what a correction said; nil if that was hidden or withdrawn later, before it
	// could be noted.
	Text *Text `json:"text,omitempty"`
	// Withdrew are the pictures and files by whose withdrawal this came about.
	Withdrew []Withdrew `json:"withdrew,omitempty"`

	// Site is the address of the site, in the first line of a file.
	Site string `json:"site,omitempty"`
}

// Withdrew is a picture or file that was withdrawn, and is barred from use.
type Withdrew struct {
	Hash  string             `json:"hash"`
	Kind  newsdesk.MediaKind `json:"kind"`
	Note  string             `json:"note,omitempty"`
	Shown bool               `json:"shown,omitempty"` // it was public
	Names []string           `json:"names,omitempty"` // the ends of its addresses
}

func withdrew(w newsdesk.WithdrawnMedia) Withdrew {
	return Withdrew{w.Hash, w.Kind, w.Note, w.Shown, w.Names}
}

// Media is it as the database has it.
func (w Withdrew) Media() newsdesk.WithdrawnMedia {
	return newsdesk.WithdrawnMedia{Hash: w.Hash, Kind: w.Kind, Note: w.Note, Shown: w.Shown, Names: w.Names}
}

// Text is what an article says.
type Text struct {
	Title  string        `json:"title"`
	Lead   string        `json:"lead,omitempty"`
	Body   press.HTML    `json:"body"`
	Images []press.Image `json:"images,omitempty"`
	Tags   []string      `json:"tags,omitempty"`
	press.Particulars
	Document []byte `json:"document,omitempty"` // as it was filed
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumDigits is the length of a checksum.
const sumDigits = 8

// encode writes a line with its end.
func (l Line) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		return nil, fmt.Errorf("write a line of the journal: %w", err)
	}
	object := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(object, castagnoli), object), nil
}

// decode reads a line without its end.
func decode(text []byte) (l Line, err error) {
	sum, object, found := bytes.Cut(text, []byte(" "))
	if !found || len(sum) != sumDigits || string(sum) != fmt.Sprintf("%08x", crc32.Checksum(object, castagnoli)) {
		return l, fmt.Errorf("%w line: its checksum is another one", press.ErrInvalid)
	}
	if err := json.Unmarshal(object, &l); err != nil {
		return l, fmt.Errorf("%w line: %w", press.ErrInvalid, err)
	}
	return l, nil
}
