package federation

import (
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
)

// Preview is an article as the object that goes to followers, by the actor of a name,
// which must be public in the transaction.
func Preview(tx *storage.Tx, site press.Site, actor string, quotes Quotes, id press.ArticleID) ([]byte, error) {
	a, err := tx.PublicArticle(id)
	if err != nil {
		return nil, err
	}
	said, err := statementOf(tx, a)
	if err != nil {
		return nil, err
	}
	return vocab.Marshal(author{site: site, name: actor, quotes: quotes}.object(said))
}
