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
		"shingles of an article": {Statement: newsdesk.DropShingles, Step: `SEARCH shingles USING INDEX shingles_article (article=?)`},
	})
}
