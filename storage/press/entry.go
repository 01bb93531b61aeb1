package press

import "time"

// Seq is a position in the publication log, from 1, without gaps except for the jump
// after a restored backup. 0 is before all entries.
type Seq int64

// Kind is what an entry made public.
type Kind string

// The kinds of entries.
const (
	KindPublished Kind = "published"
	KindCorrected Kind = "corrected"
	KindWithdrawn Kind = "withdrawn"
	// KindActor is a change of an actor's profile, key or address; it goes to the
	// actor's followers and never into feeds.
	KindActor Kind = "actor"
	// KindMoved is the move of an actor to another account, which its followers are
	// asked to follow instead.
	KindMoved Kind = "moved"
	// KindSection is a section that was added, named, moved or closed; pull only.
	KindSection Kind = "section"
)

// Entry is a line of the publication log.
type Entry struct {
	Seq      Seq
	Kind     Kind
	At       time.Time
	Article  ArticleID // of the article kinds
	Revision int       // the revision to render for this entry
	Section  SectionID // of KindSection
	Actor    string    // of KindActor and KindMoved
	Minor    bool
	// Silent entries are pulled and never pushed.
	Silent bool
	// Pushed is the seq of the article's published entry if that was pushed, else 0.
	// It determines which destinations may have the article.
	Pushed Seq
}
