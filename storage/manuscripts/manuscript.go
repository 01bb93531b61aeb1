package manuscripts

import (
	"slices"
	"time"

	"communique/storage/press"
)

// Kind is what a manuscript is to become.
type Kind string

// The kinds of manuscripts.
const (
	NewArticle Kind = "new"        // an article
	Correction Kind = "correction" // of an article
	Withdrawal Kind = "withdrawal" // of an article
)

// State is how far a manuscript is.
type State string

// The states of manuscripts.
const (
	Draft     State = "draft"     // is being written
	InReview  State = "in review" // waits for somebody to approve it
	Ready     State = "ready"     // was approved, and waits for other languages of its set
	Approved  State = "approved"  // waits for its instant, at which it is carried out
	Released  State = "released"  // was approved and filed
	Cancelled State = "cancelled" // was given up; nothing is left of its text
)

// Open tells whether a manuscript is being worked on.
func (s State) Open() bool { return slices.Contains(OpenStates(), s) }

// OpenStates are those in which a manuscript is being worked on.
func OpenStates() []State { return []State{Draft, InReview, Ready} }

// Pending tells whether something can still become of a manuscript: it is open, or approved for
// an instant that has not come.
func (s State) Pending() bool { return s.Open() || s == Approved }

// Manuscript is a text that people work on, as its newest revision has it.
type Manuscript struct {
	ID      string
	Kind    Kind
	State   State
	Article press.ArticleID // that it corrects or withdraws, or has become
	// Section, Language, Title and Instant are what its document says, as far as it says
	// them: for lists.
	Section  press.SectionID
	Language press.Language
	Title    string
	// ArticleKind, Translates and Lacks are likewise: what it lacks is in words of package newsroom.
	ArticleKind press.ArticleKind
	Translates  press.ArticleID
	Lacks       []string
	Instant     time.Time   // from when it is to be public; zero as soon as it is approved
	Local       press.Local // the date of the instant as it was written, if no zone was
	Created     time.Time
	Changed     time.Time // the last revision, or change of state
	By          string    // who began it, the id of a person
	Assigned    string    // who is to work on it next; may be empty
	Named       []string  // who alone may read it, beside who began it; empty is everybody with the right
	Revision    int       // the newest
	// Set is the manuscript of the original of the set of languages to which it belongs, its own
	// if it is that one; empty of what is in no set. Together sets go out all or none.
	Set      string
	Together bool
}

// Revision is a state of a manuscript's text.
type Revision struct {
	Number   int
	At       time.Time
	By       string
	Document []byte // front matter and Markdown, as package newsroom reads it; empty of a withdrawal
	How      How
	Words    Words // what the document says, for who looks for it; written, and not read back
}

// How says what is to be done with a document, beside what it says.
type How struct {
	Note   string `json:"note,omitempty"`   // on a correction, for the public
	Reason string `json:"reason,omitempty"` // of a withdrawal, for the public
	Minor  bool   `json:"minor,omitempty"`
	Hide   bool   `json:"hide,omitempty"` // takes earlier wordings out of the public history
	Silent bool   `json:"silent,omitempty"`
	// At is the instant at which what is proposed is carried out; zero as soon as it is approved.
	At time.Time `json:"at,omitzero"`
	// Local is the date of At as it was written, if no zone was.
	Local press.Local `json:"local,omitempty"`
	// Meant are the refusals that somebody has said are meant: "again", "final", "alone",
	// "back", "replace", "lift".
	Meant []string `json:"meant,omitempty"`
}

// Remark is what people of the desk say to each other; it never goes out.
type Remark struct {
	At   time.Time
	By   string
	Text string
}

// Approval is that somebody has agreed to what goes out by a revision.
type Approval struct {
	Revision int
	Digest   string // of all that was shown
	By       string
	At       time.Time
	Reason   string // why it was released without a second person; else empty
}
