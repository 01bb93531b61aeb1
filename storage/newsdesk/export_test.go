package newsdesk

import "communique/storage/press"

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
	var of *press.SectionID
	if section {
		of = new(press.SectionID)
	}
	condition, _ := n.where(4, of)
	return listPlaces(condition)
}
