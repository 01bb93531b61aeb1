package newsdesk

// Statements that are run for each publication.
const (
	MarkSitemap        = markSitemap
	Pinned             = pinnedQuery
	DropMedia          = dropMedia
	WithDigest         = withDigest
	KeptBackWithDigest = keptBackWithDigest
	DropShingles       = dropShingles
)

// NearlyKeptBack is one that is run before each.
var NearlyKeptBack = nearlyKeptBack
