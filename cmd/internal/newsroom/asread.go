package newsroom

import (
	"html"
	"strings"

	"communique/storage/lazyregexp"
	"communique/storage/wording"
)

// contextWords is how many words an editor is shown on either side of a passage.
const contextWords = 6

// passageOf is a stretch of a text as readers see it, with a few words before and after.
// start and end count the words that are seen. Marks of elements are left out, but for where
// a link or a picture in it leads and what is said of that; with them if nothing else tells
// what differs.
func passageOf(words []string, start, end int, marks bool) string {
	var at []int // of the words that are seen
	for i, w := range words {
		if isSeen(w) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return ""
	}
	from, to := max(start-contextWords, 0), min(end+contextWords, len(at))
	last := at[to-1]
	var b strings.Builder
	for i := at[from]; i <= last; i++ {
		w := words[i]
		inside := start < end && i >= at[start] && i <= at[end-1]
		switch {
		case !strings.HasPrefix(w, "<"):
			b.WriteString(w)
		case inside && attributes(w) != "":
			b.WriteString(" [" + attributes(w) + "] ")
		case marks && w != "<p>" && w != "</p>":
			b.WriteString(asWritten.Replace(w))
		case !withinLine.MatchString(w):
			b.WriteByte(' ')
		}
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if from > 0 {
		text = "… " + text
	}
	if to < len(at) {
		text += " …"
	}
	return text
}

// attributes are where a link or a picture leads, and what is said of it.
func attributes(mark string) string {
	m := leads.FindStringSubmatch(mark)
	if m == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(html.UnescapeString(m[1]))
	for _, said := range describes.FindAllStringSubmatch(mark, -1) {
		b.WriteString(` "` + html.UnescapeString(said[1]) + `"`)
	}
	return b.String()
}

var (
	// asWritten are the marks of elements as an editor writes them.
	asWritten = strings.NewReplacer("</strong>", "**", "<strong>", "**", "</b>", "**", "<b>", "**", "</em>", "*", "<em>", "*", "</i>", "*", "<i>", "*")
	leads     = lazyregexp.New(`^<[^>]* (?:href|src)="([^"]*)"`)
	describes = lazyregexp.New(` (?:alt|title)="([^"]+)"`)
	// withinLine are the marks of elements that part no words.
	withinLine = lazyregexp.New(`^</?(?:a|abbr|b|bdi|bdo|cite|code|dfn|em|i|ins|kbd|mark|q|ruby|s|samp|small|span|strong|sub|sup|time|u|var)[\s/>]`)
)

// writtenAs are the sentences of a text as it is written, if it has as many as were read
// in it.
func writtenAs(text string, read int) []string {
	parts := sentenceEnd.Split(wording.Visible(text), -1)
	if len(parts) != read {
		return nil
	}
	return parts
}
