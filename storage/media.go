package storage

import (
	"fmt"

	"communique/storage/press"
)

// Media is a picture that is served from here.
type Media struct {
	Hash          string // of the content, names it in URLs
	Type          string // media type, "image/jpeg"
	Width, Height int    // pixels
	Content       []byte
}

// AddMedia stores a picture; the same content is stored once.
func (tx *Tx) AddMedia(m Media) error {
	err := tx.exec(`INSERT INTO media (hash, type, width, height, content) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash) DO NOTHING`, m.Hash, m.Type, m.Width, m.Height, m.Content)
	if err != nil {
		return fmt.Errorf("store picture %s: %w", m.Hash, err)
	}
	return nil
}

// ShowMedia notes that an article shows a picture.
func (tx *Tx) ShowMedia(hash string, id press.ArticleID) error {
	err := tx.exec(`INSERT INTO media_articles (hash, article) VALUES ($1, $2) ON CONFLICT (hash, article) DO NOTHING`, hash, id)
	if err != nil {
		return fmt.Errorf("note that article %s shows picture %s: %w", id, hash, err)
	}
	return nil
}

// PublicMedia reads a picture while a published article shows it. Before (an
// embargo covers the pictures too) and after, it is press.ErrNotFound.
func (tx *Tx) PublicMedia(hash string) (Media, error) {
	m := Media{Hash: hash}
	err := tx.row(`SELECT type, width, height, content FROM media WHERE hash = $1 AND EXISTS (
			SELECT 1 FROM media_articles s JOIN articles a ON a.id = s.article WHERE s.hash = $1 AND a.state = $2)`,
		hash, press.Published).Scan(&m.Type, &m.Width, &m.Height, &m.Content)
	if err != nil {
		return m, fmt.Errorf("read picture: %w", notFound(err, "%s", hash))
	}
	return m, nil
}
