package newsdesk

// Statements that are run for each publication.
const (
	MarkSitemap = markSitemap
	Pinned      = pinnedQuery
	DropMedia   = dropMedia
)
