package press

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
)

// ArticleID names an article for ever: 80 random bits as 16 lower-case base32
// characters. It is random so that it tells neither the minute of drafting (as
// a ULID would) nor that something was kept back (as a gap in a counter would).
type ArticleID string

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const idLength = 16

// NewArticleID draws a fresh id from the system's randomness.
func NewArticleID() ArticleID {
	return ArticleID(RandomToken())
}

// RandomToken returns 80 random bits in the alphabet of an [ArticleID], for
// the other things that need an unguessable name.
func RandomToken() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it aborts the program instead.
	return idEncoding.EncodeToString(b[:])
}

// ParseArticleID accepts exactly what [NewArticleID] makes.
func ParseArticleID(s string) (ArticleID, error) {
	if len(s) != idLength || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", fmt.Errorf("%q is no article id: 16 characters of a-z and 2-7 are expected", s)
	}
	return ArticleID(s), nil
}
