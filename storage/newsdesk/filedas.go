package newsdesk

import "communique/storage/press"

// FiledAs reads the articles, public or under embargo, that were filed by a draft of
// this digest, the newest first.
func (tx *Tx) FiledAs(digest string) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.digest = $1 AND a.state IN ('embargoed', 'published') ORDER BY a.published DESC, a.id DESC`, digest)
}
