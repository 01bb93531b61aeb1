package press

import (
	"cmp"
	"path"
	"strings"
	"time"
)

// HTML is article text that package richtext has cleaned: a fragment of known
// elements, safe to put into a page, a feed or an activity. Nothing but
// richtext.Clean (or the database, which stores what it made) yields one.
type HTML string

// State is the state of an article.
type State string

// The states of an article.
const (
	// Embargoed articles are invisible: the log has no entry for them yet.
	Embargoed State = "embargoed"
	// Published articles have a published entry and no withdrawal.
	Published State = "published"
	// Withdrawn articles are answered 410 with date and reason, for ever.
	Withdrawn State = "withdrawn"
	// Cancelled articles were withdrawn under embargo: they never were public and
	// are answered like an unknown id.
	Cancelled State = "cancelled"
)

// Precision is how much of Published was given: an article dated to the day is
// shown without a time.
type Precision string

// The precisions of a publication date.
const (
	ToTheDay    Precision = "day"
	ToTheMinute Precision = "minute"
	ToTheSecond Precision = "second"
)

// Image is a picture of an article. Its texts are plain.
type Image struct {
	Src     string `json:"src"` // absolute URL
	Alt     string `json:"alt"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"` // who made it
	Terms   string `json:"terms,omitempty"`  // terms of use
	Focus   *Focus `json:"focus,omitempty"`  // nil is the centre

	// Properties of a picture that is served from here. Storage sets them when the
	// article is stored and ignores what it is given.
	Width    int    `json:"width,omitempty"` // pixels
	Height   int    `json:"height,omitempty"`
	Type     string `json:"type,omitempty"` // media type
	Size     int64  `json:"size,omitempty"` // bytes
	Blurhash string `json:"blurhash,omitempty"`
}

// Focus is the point of a picture that stays visible when it is cropped: x from -1
// (left) to 1 (right), y from -1 (bottom) to 1 (top).
type Focus [2]float64

// File is a file that an article links to and that is served from here.
type File struct {
	Name  string // base name
	Title string // what the article calls it; may be empty
	URL   string // absolute
	Hash  string // of the content
	Type  string // media type, without parameters
	Size  int64  // bytes
}

// Label is what the article calls the file, or else its name.
func (f File) Label() string { return cmp.Or(f.Title, f.Name) }

// Kind is what people call the kind of file, as in "PDF".
func (f File) Kind() string { return strings.ToUpper(strings.TrimPrefix(path.Ext(f.Name), ".")) }

// Article is one revision of a statement in one language.
type Article struct {
	ID       ArticleID
	Section  SectionID
	Language Language
	// Group joins the translations of one statement; it is the id of the first one
	// stored.
	Group ArticleID
	// Translates is the article that this one was filed or corrected as a translation of;
	// empty if there is none, or that was before it was recorded.
	Translates ArticleID

	Title  string // plain text
	Lead   string // plain text, may be empty
	Body   HTML
	Images []Image
	Tags   []string
	Particulars

	// Published is the first publication, to the second, UTC, and fixed once public; of
	// what is dated to the day, the first instant of that day in the site's zone.
	Published time.Time
	Precision Precision
	Local     Local // as it was written; a day if Precision is [ToTheDay]
	// Stamp is what Published was when the article went out, if it has followed the
	// zone of the site since; else zero. See [Article.Stamped].
	Stamp   time.Time
	Updated time.Time // last correction that was not minor, or Published

	State  State
	Silent bool // pulled, never pushed
	// Inherits is whether an embargo is that of the statement which this one translates,
	// and moves and ends with it.
	Inherits bool
	// Held drafts wait for a person, whatever their date: what they translate was
	// withdrawn or cancelled.
	Held bool
	// Alone drafts may be public before the original of their set: somebody has said so.
	Alone bool
	// Together drafts go out with all others of their set that are, in one transaction, or not
	// at all.
	Together bool
	// Worded counts what it has said, from 1: what a correction only moves counts as before.
	// Agrees is what the original of its set had counted when a translation was last held
	// against it.
	Worded, Agrees int
	// Revision is the number of this revision, from 1.
	Revision int
	// Revised is when this revision was made: at least a second after the one
	// before it, also for minor ones (ActivityPub updated).
	Revised time.Time

	// Changed is the newest entry that changed the article's page: one of its own or
	// of a translation.
	Changed Seq

	// Identity identifies an imported article: its canonical URL, or else a hash of
	// title, date, language and body. Empty for articles that were not imported.
	Identity  string
	SourceURL string
	// Reader is the generation of the importer that has read the article's page, 0 if
	// that was before it was recorded.
	Reader int

	WithdrawnAt time.Time
	Reason      string
}

// Revision is a line of an article's public history.
type Revision struct {
	Number int
	At     time.Time
	Note   string // what was corrected; empty for the first and for minor ones
	Minor  bool
	Hidden bool // its wording is no longer public
}

// Translation names the same statement in another language.
type Translation struct {
	ID       ArticleID
	Language Language
	Title    string
}
