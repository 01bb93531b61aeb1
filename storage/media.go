package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/gif" // the formats that all receivers show
	_ "image/jpeg"
	_ "image/png"

	"communique/storage/press"
)

// Media is a picture that is served from here.
type Media struct {
	Hash          string // of the content, names it in URLs
	Type          string // media type, "image/jpeg"
	Width, Height int    // pixels
	Content       []byte
}

// Bounds of a picture: what is larger is refused before a pixel is decoded.
const (
	MaxMedia       = 20 << 20 // bytes
	maxMediaPixels = 50_000_000
)

// NewMedia recognises a picture by its first bytes, as JPEG, PNG or GIF, and
// names it by its content. Anything else is press.ErrInvalid: a page or a
// program must not pass as a picture.
func NewMedia(content []byte) (Media, error) {
	if len(content) > MaxMedia {
		return Media{}, fmt.Errorf("%w picture: larger than %d MiB", press.ErrInvalid, MaxMedia>>20)
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return Media{}, fmt.Errorf("%w picture: not a JPEG, PNG or GIF file", press.ErrInvalid)
	}
	if size.Width*size.Height > maxMediaPixels {
		return Media{}, fmt.Errorf("%w picture: %d by %d pixels, more than 50 million", press.ErrInvalid, size.Width, size.Height)
	}
	sum := sha256.Sum256(content)
	return Media{
		Hash: hex.EncodeToString(sum[:16]), Type: "image/" + format,
		Width: size.Width, Height: size.Height, Content: content,
	}, nil
}

// Extension is how the picture's name ends in its address.
func (m Media) Extension() string {
	switch m.Type {
	case "image/jpeg":
		return "jpg"
	case "image/png":
		return "png"
	}
	return "gif"
}

// Name is the last part of the picture's address.
func (m Media) Name() string { return m.Hash + "." + m.Extension() }

// AddMedia stores a picture; the same content is stored once.
func (tx *Tx) AddMedia(m Media) error {
	err := tx.exec(`INSERT INTO media (hash, type, width, height, content) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash) DO NOTHING`, m.Hash, m.Type, m.Width, m.Height, m.Content)
	if err != nil {
		return fmt.Errorf("store picture %s: %w", m.Hash, err)
	}
	return nil
}

// ShowMedia notes that an article shows a picture. The note holds until a
// correction whose body and images do not name the hash any more.
func (tx *Tx) ShowMedia(hash string, id press.ArticleID) error {
	err := tx.exec(`INSERT INTO media_articles (hash, article) VALUES ($1, $2) ON CONFLICT (hash, article) DO NOTHING`, hash, id)
	if err != nil {
		return fmt.Errorf("note that article %s shows picture %s: %w", id, hash, err)
	}
	return nil
}

// dropMedia forgets the pictures that the article's newest text does not name
// any more: a picture that a correction took out is no longer public.
func (tx *Tx) dropMedia(a press.Article) error {
	err := tx.exec(`DELETE FROM media_articles WHERE article = $1 AND NOT EXISTS (
			SELECT 1 FROM revisions r WHERE r.article = $1 AND r.number = $2
			AND (r.images LIKE '%' || media_articles.hash || '%' OR r.body LIKE '%' || media_articles.hash || '%'))`, a.ID, a.Revision)
	if err != nil {
		return fmt.Errorf("forget the pictures that article %s showed: %w", a.ID, err)
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
