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

// NearlySaid is one that is run before each.
var NearlySaid = nearlySaid
