package storage

// MaxInteractions is where counting ends.
const MaxInteractions = maxInteractions

// Statements that are run for each message or publication.
const (
	FollowingsOf = `SELECT 1 ` + followingsOf
	MarkSitemap  = markSitemap
	Pinned       = pinnedQuery
	NextDue      = nextDue
	DropMedia    = dropMedia
)
