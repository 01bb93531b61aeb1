package newsdesk_test

import (
	"testing"

	"communique/storage/newsdesk"
	"communique/storage/sqlite/sqlitetest"
)

// TestPlans: SQLite, left to itself, has chosen otherwise.
func TestPlans(t *testing.T) {
	t.Parallel()
	sqlitetest.Plans(t, map[string]sqlitetest.Plan{
		"sitemap of an article":  {Statement: newsdesk.MarkSitemap, Step: `SEARCH p USING INDEX positions_article (article=? AND section=?)`},
		"what is pinned":         {Statement: newsdesk.Pinned, Step: `SEARCH a USING INDEX sqlite_autoindex_articles_1 (id=?)`},
		"pictures of an article": {Statement: newsdesk.DropMedia, Step: `SEARCH media_articles USING INDEX media_articles_article (article=?)`},
		"what says the same":     {Statement: newsdesk.WithDigest, Step: `SEARCH f USING COVERING INDEX sqlite_autoindex_fingerprints_1 (digest=?)`},
		"of what is kept back":   {Statement: newsdesk.KeptBackWithDigest, Step: `SEARCH f USING COVERING INDEX sqlite_autoindex_fingerprints_1 (digest=?)`},
		"nearly the same":        {Statement: newsdesk.NearlySaid, Step: `SEARCH shingles USING COVERING INDEX sqlite_autoindex_shingles_1 (shingle=?)`},
		"articles of a kind":     {Statement: newsdesk.NewestOfKind, Step: `SEARCH s USING COVERING INDEX section_articles_kind (section=? AND language=? AND kind=? AND (published,article)<(?,?))`},
		"listed of a state":      {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{State: "withdrawn"}, false), Step: `SEARCH articles USING COVERING INDEX articles_of_state (state=? AND (published,id)<(?,?))`},
		"listed in a language":   {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{Language: "en"}, false), Step: `SEARCH articles USING COVERING INDEX articles_of_language (language=? AND (published,id)<(?,?))`},
		"listed of a kind":       {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{Kind: "speech"}, false), Step: `SEARCH articles USING COVERING INDEX articles_of_kind (kind=? AND (published,id)<(?,?))`},
		"listed of somebody":     {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{By: "ana"}, false), Step: `SEARCH articles USING COVERING INDEX articles_of_author (author=? AND (published,id)<(?,?))`},
		"listed of all at once":  {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{By: "ana", State: "published", Language: "en", Kind: "speech"}, true), Step: `SEARCH articles USING COVERING INDEX articles_of_author (author=? AND (published,id)<(?,?))`},
		"listed of a kind there": {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{State: "published", Language: "en", Kind: "speech"}, true), Step: `SEARCH articles USING COVERING INDEX articles_of_kind (kind=? AND (published,id)<(?,?))`},
		"listed in a section":    {Statement: newsdesk.ListPlaces(newsdesk.Narrowed{}, true), Step: `SEARCH articles USING COVERING INDEX articles_of_section (section=? AND (published,id)<(?,?))`},
		"shingles of an article": {Statement: newsdesk.DropShingles, Step: `SEARCH shingles USING INDEX shingles_article (article=?)`},
	})
}
