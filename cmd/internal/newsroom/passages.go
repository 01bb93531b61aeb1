package newsroom

import (
	"html"
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/cmd/internal/importer"
	"communique/storage/press"
	"communique/storage/wording"
)

const (
	// passageLength is how many words in a row are a passage, and not a turn of phrase.
	passageLength = 10
	// longPassage is how many are one that is kept back also if all that it names is public,
	// and longestPassage how many if it has figures alone, such as an hour.
	longPassage, longestPassage = 20, 30
	// caselessPassage and caselessWords are how many words in a row, and how many new ones
	// among them, are a passage with a name where names are written like other words.
	caselessPassage, caselessWords = 20, 3
)

// stretch is one of the words of a text.
type stretch struct{ start, end int }

func (s stretch) length() int { return s.end - s.start }

// passage finds words in a row that a text has in common with an article that is kept back,
// and that would tell readers of it: they have in them a name that nobody has read here of
// late, or are long and stand nowhere else. It is empty if there are none.
func (t indexed) passage(a press.Article, h heard, public []bool) string {
	names := named(a.Title, a.Lead, a.Body)
	for _, i := range a.Images {
		maps.Copy(names, named("", strings.Join([]string{i.Alt, i.Caption, i.Credit, i.Terms}, ". "), ""))
	}
	for _, s := range t.inCommon(seenWords(a.Title, a.Lead, a.Body, a.Images)) {
		if t.namesUnheard(s, names, a.Language, h) || t.tellsUnheard(s, names, a.Language, public) {
			return t.shown(s)
		}
	}
	return ""
}

// seenWords are those that readers see, of the title and of pictures, too.
func seenWords(title, lead string, body press.HTML, images []press.Image) textOfWords {
	var all []string
	add := func(text string) {
		for _, w := range wording.Words(text) {
			if isWord(w) {
				all = append(all, w)
			}
		}
	}
	add(title)
	all = append(all, spoken(lead, body)...)
	for _, mark := range tagOrText.FindAllString(string(body), -1) {
		for _, d := range describes.FindAllStringSubmatch(mark, -1) {
			if strings.HasPrefix(mark, "<") {
				add(html.UnescapeString(d[1]))
			}
		}
	}
	for _, i := range images {
		for _, text := range []string{i.Alt, i.Caption, i.Credit, i.Terms} {
			add(text)
		}
	}
	return wordsOfText(all)
}

// row are three words in a row.
type row [3]string

func (t textOfWords) row(i int) row { return row(t.words[i : i+3]) }

func (t textOfWords) rows() int { return max(0, t.length-2) }

// indexed is a text with where each of its rows stands.
type indexed struct {
	textOfWords

	at map[row][]int
}

func indexedText(t textOfWords) indexed {
	i := indexed{t, make(map[row][]int, t.length)}
	for at := range t.rows() {
		i.at[t.row(at)] = append(i.at[t.row(at)], at)
	}
	return i
}

// inCommon are the passages of a text that stand in another one, too.
func (t indexed) inCommon(other textOfWords) (all []stretch) {
	for from := range other.rows() {
		for _, at := range t.at[other.row(from)] {
			if from > 0 && at > 0 && other.words[from-1] == t.words[at-1] {
				continue // within one
			}
			n := len(row{})
			for at+n < t.length && from+n < other.length && t.words[at+n] == other.words[from+n] {
				n++
			}
			if n >= passageLength {
				all = append(all, stretch{at, at + n})
			}
		}
	}
	return all
}

// namesUnheard reports whether a passage has a name in it that nobody has read.
func (t textOfWords) namesUnheard(s stretch, names map[string]bool, language press.Language, h heard) bool {
	caseless := map[string]bool{}
	for i := s.start; i < s.end; i++ {
		key := t.words[i]
		first, _ := utf8.DecodeRuneInString(key)
		if !names[key] || h.words[key] || unicode.IsDigit(first) || isOfCalendar(t.written[i], language) {
			continue
		}
		if !unicode.Is(unicode.Lo, first) {
			return true
		}
		caseless[key] = true
	}
	return s.length() >= caselessPassage && len(caseless) >= caselessWords
}

// tellsUnheard reports whether a passage is long, names something, and is not public.
func (t textOfWords) tellsUnheard(s stretch, telling map[string]bool, language press.Language, public []bool) bool {
	unheard, names, figures := 0, false, false
	for i := s.start; i < s.end; i++ {
		if public[i] {
			unheard, names, figures = 0, false, false
			continue
		}
		unheard++
		if first, _ := utf8.DecodeRuneInString(t.words[i]); telling[t.words[i]] && !isOfCalendar(t.written[i], language) {
			names, figures = names || !unicode.IsDigit(first), true
		}
		if unheard >= longPassage && names || unheard >= longestPassage && figures {
			return true
		}
	}
	return false
}

// isOfCalendar tells names of days and months, which are in all that is announced.
func isOfCalendar(word string, language press.Language) bool {
	return namesDay(word) || importer.Month(word, language) != 0
}

// shown is a passage as an editor finds it.
func (t textOfWords) shown(s stretch) string {
	const most = 14
	words := t.written[s.start:s.end]
	if len(words) <= most {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:most/2], " ") + " … " + strings.Join(words[len(words)-most/2:], " ")
}
