package fingerprint

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"communique/storage/press"
)

// Wording is what an article says in one of its revisions.
type Wording struct {
	Title, Lead string
	Body        press.HTML
	Images      []press.Image
}

// OfArticle is what an article says.
func OfArticle(a press.Article) Wording {
	return Wording{Title: a.Title, Lead: a.Lead, Body: a.Body, Images: a.Images}
}

// OfDraft is what an article will say that is made of a draft.
func OfDraft(d press.Draft) Wording {
	return Wording{Title: d.Title, Lead: d.Lead, Body: d.Body, Images: d.Images}
}

// Titled are the digests of the title with the text, without and with the lead. Case,
// marks and blanks, mark-up and what nobody sees make no difference; of an article without
// words its pictures count. Without either there are none: a title is that of many.
func (w Wording) Titled() []int64 {
	var all []int64
	title := strings.Join(words(w.Title), "")
	for _, text := range w.texts() {
		all = append(all, digest("titled", title, text))
	}
	return all
}

// shortest is how many letters and figures a text has that is one by itself. What is
// shorter, such as "Statement to follow.", stands under many titles. A character of
// Chinese, Japanese or Korean is as good as three letters.
const shortest = 30

// Text are the digests of the text alone, without and with the lead. One that is too short
// to be known by itself has none.
func (w Wording) Text() []int64 {
	var all []int64
	for _, text := range w.texts() {
		if letters(text) >= shortest {
			all = append(all, digest("text", text))
		}
	}
	return all
}

// texts are the words of the body, and those of the lead and the body, each if there are
// any.
func (w Wording) texts() []string {
	body := strings.Join(bodyWords(w.Body), "")
	lead := strings.Join(words(w.Lead), "")
	if body == "" {
		body = w.pictures()
	}
	all := slices.Compact([]string{body, lead + body})
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// pictures are what an article without words shows; the slash tells it from words.
func (w Wording) pictures() string {
	var all strings.Builder
	all.WriteString(string(w.Body))
	for _, i := range w.Images {
		all.WriteString("/" + i.Src)
	}
	return all.String()
}

// digest is a number of 64 bits: among ten million texts two are taken for one by
// accident once in four hundred thousand times.
func digest(parts ...string) int64 {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return int64(binary.BigEndian.Uint64(sum[:8])) // all 64 bits are wanted
}

// letters counts letters and figures; see [shortest].
func letters(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 3
		case unicode.IsLetter(r), unicode.IsDigit(r):
			n++
		}
	}
	return n
}
