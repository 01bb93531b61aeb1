package newsdesk

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/picture"
	"communique/storage/press"
)

// Media is a picture that is served from here.
type Media struct {
	Hash          string  // of the content, names it in URLs
	Type          string  // media type, "image/jpeg"
	Width, Height int     // pixels
	Blurhash      string  // its coarse colours; smaller sizes have none
	Size          int64   // bytes
	Content       []byte  // of one that is handed in
	Sizes         []Media // the same picture narrower, the narrowest first
}

// MaxMedia bounds a picture that is handed in, in bytes.
const MaxMedia = picture.MaxBytes

// NewMedia makes a picture of a file, without what does not draw it, and in
// smaller sizes, and names it by its content. It returns press.ErrInvalid
// if the file is not a JPEG, PNG or GIF. It takes up to seconds and belongs before
// the transaction.
func NewMedia(content []byte) (Media, error) {
	p, err := picture.Read(content)
	if err != nil {
		return Media{}, err
	}
	m := newMedia(p)
	for _, size := range p.Sizes {
		m.Sizes = append(m.Sizes, newMedia(size))
	}
	return m, nil
}

// HashOf names content in addresses.
func HashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:16])
}

func newMedia(p picture.Picture) Media {
	return Media{
		Hash: HashOf(p.Content), Type: p.Type,
		Width: p.Width, Height: p.Height, Blurhash: p.Blurhash, Size: int64(len(p.Content)), Content: p.Content,
	}
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

// mediaName is the name of a picture, with its hash as a group.
const mediaName = `([0-9a-f]{32})\.(?:jpg|png|gif)`

// mediaAddress is how [press.Site.Media] writes the address of a picture, and
// mediaAddresses finds such in a text, with the name as a group.
var (
	mediaAddress   = regexp.MustCompile(`/media/` + mediaName + `$`)
	mediaAddresses = regexp.MustCompile(`/media/(` + mediaName + `)\b`)
)

// MediaHash is the hash of the picture of ours that an address names, or
// nothing.
func MediaHash(address string) string {
	if found := mediaAddress.FindStringSubmatch(address); found != nil {
		return found[1]
	}
	return ""
}

// MediaNames are the names of the pictures of ours that an article shows, with
// those of their sizes.
func (tx *Tx) MediaNames(a press.Article) ([]string, error) {
	var names []string
	for _, found := range ownPictures(a) {
		names = append(names, found.name)
		sizes, err := tx.Sizes(found.hash)
		if err != nil {
			return nil, err
		}
		for _, size := range sizes {
			names = append(names, size.Name())
		}
	}
	return names, nil
}

// ownPicture is a picture of ours as an article names it.
type ownPicture struct{ name, hash string }

func ownPictures(a press.Article) []ownPicture {
	texts := []string{string(a.Body)}
	for _, i := range a.Images {
		texts = append(texts, i.Src)
	}
	var all []ownPicture
	for _, found := range mediaAddresses.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		all = append(all, ownPicture{name: found[1], hash: found[2]})
	}
	return all
}

// AddMedia stores a picture with its sizes; the same content is stored once.
// Before an article that shows it is published, or the article says nothing of
// its dimensions. One that was withdrawn is a [*BarredError].
func (tx *Tx) AddMedia(m Media) error {
	for _, one := range append([]Media{m}, m.Sizes...) {
		if err := tx.checkBarred(one.Hash); err != nil {
			return err
		}
	}
	if err := tx.insertMedia(m); err != nil {
		return err
	}
	for _, size := range m.Sizes {
		if err := tx.insertMedia(size); err != nil {
			return err
		}
		err := tx.db.Exec(`INSERT INTO media_sizes (parent, width, hash) VALUES ($1, $2, $3)
			ON CONFLICT (parent, width) DO NOTHING`, m.Hash, size.Width, size.Hash)
		if err != nil {
			return fmt.Errorf("store picture %s, %d wide: %w", m.Hash, size.Width, err)
		}
	}
	return nil
}

func (tx *Tx) insertMedia(m Media) error {
	err := tx.db.Exec(`INSERT INTO media (hash, type, width, height, blurhash, size) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (hash) DO NOTHING`, m.Hash, m.Type, m.Width, m.Height, m.Blurhash, m.Size)
	if err == nil {
		err = mediaChunks.add(tx, m.Hash, m.Content)
	}
	if err != nil {
		return fmt.Errorf("store picture %s: %w", m.Hash, err)
	}
	return nil
}

const dropMedia = `DELETE FROM media_articles WHERE article = $1 AND NOT EXISTS (
	SELECT 1 FROM revisions r WHERE r.article = $1 AND r.number = $2
	AND (r.images LIKE '%' || media_articles.hash || '%' OR r.body LIKE '%' || media_articles.hash || '%'))`

// PublicMedia tells of a picture, or of one of its sizes, while a published article
// shows it. Before (an embargo covers the pictures too) and after, it is
// press.ErrNotFound, and press.ErrGone if the picture was withdrawn. Content, sizes and blurhash are left out.
func (tx *Tx) PublicMedia(hash string) (Media, error) {
	m := Media{Hash: hash}
	err := tx.db.Row(`SELECT type, width, height, size FROM media WHERE hash = $1 AND EXISTS (
			SELECT 1 FROM media_articles s JOIN articles a ON a.id = s.article
			WHERE a.state = $2 AND (s.hash = $1 OR s.hash IN (SELECT parent FROM media_sizes WHERE hash = $1)))`,
		hash, press.Published).Scan(&m.Type, &m.Width, &m.Height, &m.Size)
	if err = kernel.NotFound(err, "%s", hash); errors.Is(err, press.ErrNotFound) {
		err = tx.goneMedia(hash)
	}
	if err != nil {
		return m, fmt.Errorf("read picture: %w", err)
	}
	return m, nil
}

// MediaChunk reads a part of a picture that [Tx.PublicMedia] has told of in the same
// transaction: one [Chunk] of it.
func (tx *Tx) MediaChunk(hash string, number int64) ([]byte, error) {
	chunk, err := mediaChunks.read(tx, hash, number)
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	return chunk, nil
}

// MediaContent reads a picture whether or not it is public, for those who write what
// shows it. It returns press.ErrNotFound if there is none.
func (tx *Tx) MediaContent(hash string) ([]byte, error) {
	var size int64
	err := kernel.NotFound(tx.db.Row(`SELECT size FROM media WHERE hash = $1`, hash).Scan(&size), "%s", hash)
	var content []byte
	if err == nil {
		content, err = mediaChunks.whole(tx, hash, size)
	}
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	return content, nil
}

// Sizes reads the sizes of a picture, the narrowest first, without their
// content.
func (tx *Tx) Sizes(hash string) ([]Media, error) {
	var all []Media
	err := tx.db.Each(func(scan func(...any) error) error {
		var m Media
		err := scan(&m.Hash, &m.Type, &m.Width, &m.Height, &m.Size)
		all = append(all, m)
		return err
	}, `SELECT m.hash, m.type, m.width, m.height, m.size FROM media_sizes s JOIN media m ON m.hash = s.hash
		WHERE s.parent = $1 ORDER BY s.width`, hash)
	if err != nil {
		return nil, fmt.Errorf("read the sizes of picture %s: %w", hash, err)
	}
	return all, nil
}

// DescribeImages completes the images that are pictures of ours with what storage
// knows of them; of others it is not known.
func (tx *Tx) DescribeImages(images []press.Image) ([]press.Image, error) {
	var all []press.Image
	for _, i := range images {
		i.Width, i.Height, i.Type, i.Size, i.Blurhash = 0, 0, "", 0, ""
		if hash := MediaHash(i.Src); hash != "" {
			err := tx.db.Row(`SELECT width, height, type, size, blurhash FROM media WHERE hash = $1`, hash).
				Scan(&i.Width, &i.Height, &i.Type, &i.Size, &i.Blurhash)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, fmt.Errorf("read picture: %w", err)
			}
		}
		all = append(all, i)
	}
	return all, nil
}
