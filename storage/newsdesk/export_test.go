package newsdesk

import "fmt"

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

// NewestOfKind is one that a section's page is made by.
const NewestOfKind = newestOfKind

// ListPlaces is one that a narrowed list is made by.
func ListPlaces(n Narrowed, section bool) string {
	condition, values := n.where(4)
	if section {
		condition += fmt.Sprintf(" AND section = $%d", 4+len(values))
	}
	return listPlaces(condition)
}
