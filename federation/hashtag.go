package federation

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/federation/vocab"
	"communique/storage/press"
)

// maxHashtags is how many tags of an article are sent; more look like advertising
// to people and to filters.
const maxHashtags = 10

type tagList []vocab.Hashtag

// hashtags are an article's tags in a form that receivers accept, each with the
// page of the articles filed under it (INTEROP O14).
func hashtags(site press.Site, a press.Article) tagList {
	var all tagList
	seen := map[string]bool{}
	for _, tag := range a.Tags {
		name := hashtag(tag)
		folded := strings.ToLower(name)
		if name == "" || seen[folded] || len(all) == maxHashtags {
			continue
		}
		seen[folded] = true
		all = append(all, vocab.Hashtag{Name: "#" + name, Href: site.TagPage(a.Language, tag)})
	}
	return all
}

// paragraph is the last paragraph of a text: receivers show one that consists of
// hashtags alone below the text.
func (all tagList) paragraph() string {
	var links []string
	for _, t := range all {
		links = append(links, `<a href="`+html.EscapeString(t.Href)+`" class="mention hashtag" rel="tag">#<span>`+
			html.EscapeString(strings.TrimPrefix(t.Name, "#"))+`</span></a>`)
	}
	if len(links) == 0 {
		return ""
	}
	return "<p>" + strings.Join(links, " ") + "</p>"
}

// hashtag turns a tag into one word as Mastodon reads them
// (app/models/concerns/tag/naming.rb): letters, marks, digits and underscores,
// with at least one letter. Words are joined with capitals, so that people and
// screen readers can tell them apart, or with underscores in scripts that have no
// capitals. A tag without a letter is empty.
//
// It is normalised twice: an invalid byte keeps the character after it out of the
// first pass, and a joined word may begin with a mark that now belongs to the
// character before it.
func hashtag(tag string) string {
	words := tagWords(norm.NFKC.String(strings.ToValidUTF8(tag, " ")))
	var b strings.Builder
	var last rune
	for _, w := range words {
		r := []rune(w)
		if len(words) > 1 {
			r[0] = unicode.ToTitle(r[0])
		}
		if last != 0 && divided(last, r[0]) {
			b.WriteByte('_')
		}
		b.WriteString(string(r))
		last = r[len(r)-1]
	}
	if !strings.ContainsFunc(b.String(), unicode.IsLetter) {
		return ""
	}
	return norm.NFKC.String(b.String())
}

// tagWords are the words of a tag. An apostrophe ends a word of one or two letters
// (l'Europe) and is dropped from longer ones (women's).
func tagWords(tag string) []string {
	var words []string
	var word []rune
	end := func() {
		if w := strings.TrimFunc(string(word), joins); w != "" {
			words = append(words, w)
		}
		word = nil
	}
	for _, r := range tag {
		switch {
		case unicode.In(r, unicode.L, unicode.Nd, unicode.M) || r == '_' || joins(r):
			word = append(word, r)
		case (r == '\'' || r == '’') && len(word) > 2:
		default:
			end()
		}
	}
	end()
	return words
}

// joins reports whether a character may stand inside a hashtag but not at its ends:
// the middle dots of Catalan and Japanese, the non-joiner of Persian.
func joins(r rune) bool { return r == '\u00b7' || r == '\u30fb' || r == '\u200c' }

// divided reports whether two words need an underscore between them because
// neither a capital nor the script shows where the second begins.
func divided(last, first rune) bool {
	switch {
	case unicode.IsUpper(first) || unicode.IsTitle(first):
		return false
	case unicode.IsDigit(last) != unicode.IsDigit(first):
		return false
	}
	return !unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
