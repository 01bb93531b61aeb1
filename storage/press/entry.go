package press

import "time"

// Seq is a position in the publication log, from 1, without gaps but for the
// jump that follows a restored backup. 0 stands before everything.
type Seq int64

// Kind says what an entry made public.
type Kind string

// The kinds of entries.
const (
	KindPublished Kind = "published"
	KindCorrected Kind = "corrected"
	KindWithdrawn Kind = "withdrawn"
	// KindActor is a changed profile, key or address of an actor; it goes to
	// that actor's followers and never into feeds.
	KindActor Kind = "actor"
	// KindMoved is a KindActor after which the actor's followers are elsewhere:
	// they are told where.
	KindMoved Kind = "moved"
	// KindSection is a section added, named, moved or closed; pull only.
	KindSection Kind = "section"
)

// Entry is a line of the publication log.
type Entry struct {
	Seq      Seq
	Kind     Kind
	At       time.Time
	Article  ArticleID // of the article kinds
	Revision int       // the revision that readers of this entry render
	Section  SectionID // of KindSection
	Actor    string    // of KindActor and KindMoved
	Minor    bool
	// Silent entries are pulled and never pushed.
	Silent bool
	// Pushed is the seq of the article's published entry if that one was
	// pushed, else 0: which destinations may have the article is read off it.
	Pushed Seq
}
