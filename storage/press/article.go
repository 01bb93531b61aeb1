package press

import "time"

// HTML is article text that package richtext has cleaned: a fragment of known
// elements, safe to put into a page, a feed or an activity. Nothing but
// richtext.Clean (or the database, which stores what it made) yields one.
type HTML string

// State is where an article stands.
type State string

// The states of an article.
const (
	// Embargoed articles are invisible: no entry of the log names them yet.
	Embargoed State = "embargoed"
	// Published articles have a published entry and no withdrawal.
	Published State = "published"
	// Withdrawn articles answer 410 with date and reason, for ever.
	Withdrawn State = "withdrawn"
	// Cancelled articles were withdrawn under embargo: they never were public
	// and answer like an unknown id.
	Cancelled State = "cancelled"
)

// Precision says how much of Published was given: an article dated to the day
// shows no time of day.
type Precision string

// The precisions of a publication date.
const (
	ToTheDay    Precision = "day"
	ToTheMinute Precision = "minute"
	ToTheSecond Precision = "second"
)

// Image is a picture that belongs to an article. Its texts are plain.
type Image struct {
	Src     string `json:"src"` // absolute URL
	Alt     string `json:"alt"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"` // who made it
	Terms   string `json:"terms,omitempty"`  // how others may use it
	Focus   *Focus `json:"focus,omitempty"`  // nil is the middle

	// What is known of a picture that is served from here. Storage fills these
	// in when the article is stored; what is handed in counts for nothing.
	Width    int    `json:"width,omitempty"` // pixels
	Height   int    `json:"height,omitempty"`
	Type     string `json:"type,omitempty"` // media type
	Size     int64  `json:"size,omitempty"` // bytes
	Blurhash string `json:"blurhash,omitempty"`
}

// Focus is the point of a picture that stays in sight where it is cropped:
// x from -1, the left, to 1, and y from -1, the foot, to 1.
type Focus [2]float64

// Article is one statement in one language, as one of its revisions says it.
type Article struct {
	ID       ArticleID
	Section  SectionID
	Language Language
	// Group joins the translations of one statement; it is the id of the one
	// that was stored first.
	Group ArticleID

	Title  string // plain text
	Lead   string // plain text, may be empty
	Body   HTML
	Images []Image
	Tags   []string

	Published time.Time // first publication, to the second, UTC; fixed once public
	Precision Precision
	Updated   time.Time // last correction that was not minor, or Published

	State  State
	Silent bool // pulled, never pushed
	// Revision is the number of the revision that this value holds, from 1.
	Revision int
	// Revised is when this revision was made; it rises strictly from one to
	// the next by a second at least, also for minor ones (ActivityPub updated).
	Revised time.Time

	// Changed is the newest entry that touched the article's page: its own and
	// those of its translations.
	Changed Seq

	// Identity recognises an imported article: its canonical URL or, without
	// one, a hash of title, date, language and body. Empty for our own.
	Identity  string
	SourceURL string

	WithdrawnAt time.Time
	Reason      string
}

// Revision is a line of an article's public history.
type Revision struct {
	Number int
	At     time.Time
	Note   string // what was corrected; empty for the first and for minor ones
	Minor  bool
}

// Translation names the same statement in another language.
type Translation struct {
	ID       ArticleID
	Language Language
	Title    string
}
