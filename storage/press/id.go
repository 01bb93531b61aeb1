package press

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
)

// ArticleID identifies an article for ever: 80 random bits as 16 lower-case base32
// characters. It is random so that it reveals neither the time of drafting (as a
// ULID would) nor that an article was held back (as a gap in a counter would).
type ArticleID string

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const idLength = 16

// NewArticleID returns a new random id.
func NewArticleID() ArticleID {
	return ArticleID(RandomToken())
}

// RandomToken returns 80 random bits in the alphabet of an [ArticleID], for anything
// else that needs an unguessable name.
func RandomToken() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it aborts the program instead.
	return idEncoding.EncodeToString(b[:])
}

// ParseArticleID accepts exactly the ids that [NewArticleID] returns.
func ParseArticleID(s string) (ArticleID, error) {
	if len(s) != idLength || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", fmt.Errorf("%q is not an article id: 16 characters of a-z and 2-7 are expected", s)
	}
	return ArticleID(s), nil
}
