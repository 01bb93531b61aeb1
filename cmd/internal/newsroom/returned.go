package newsroom

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"communique/storage/press"
)

const (
	// fewWords is how many words a correction takes out that is about each of them, such
	// as one that mends a name. A text that was written anew is about none.
	fewWords = 6
	// passage is how many words in a row readers know again, and passageCharacters how
	// many of a script that does not separate words.
	passage, passageCharacters = 4, 8
	// longWord is how many letters a word has that does more than hold a sentence
	// together.
	longWord = 4
	// everyday figures are those of days, hours and ordinals, which any sentence may have.
	everyday = 31
)

// returned compares what corrections took out of an article with what a document says,
// in whichever place and form it comes back.
type returned struct {
	before, now, then said
	language          press.Language
	removed, added    []term // words, by the corrections
	put               []term // figures that the corrections put in
	missing           int    // how many of these the document lacks
	// How many figures and words it has that neither version had.
	unheardFigures, unheardWords int
}

func newReturned(language press.Language, before, now, then said) returned {
	then = then.asIn(before, now)
	r := returned{before: before, now: now, then: then, language: language}
	r.removed, r.added = before.lacks(now, term.word), now.lacks(before, term.word)
	r.put = now.lacks(before, term.figure)
	r.missing = len(now.lacks(then, func(t term) bool { return t.figure() && !before.has(t) }))
	part := then.partsOf(before)
	r.unheardFigures = len(then.lacks(now, func(t term) bool { return t.figure() && !r.had(t) && !part[t.key] }))
	r.unheardWords = len(then.lacks(now, func(t term) bool { return t.word() && !before.has(t) }))
	return r
}

// partsOf are the figures of a text that are parts of numbers which another one has in
// whichever form, as 1200 is of 1200 million.
func (s said) partsOf(other said) map[string]bool {
	all := map[string]bool{}
	for _, sentence := range s.sentences {
		for _, n := range sentence.spelled {
			for _, t := range sentence.terms[n.from:n.to] {
				all[t.key] = all[t.key] || other.figures[n.value]
			}
		}
	}
	return all
}

// had reports whether the version before said a term, a figure by whichever of its
// values.
func (r returned) had(t term) bool {
	return r.before.has(t) || slices.ContainsFunc(t.values, func(v string) bool { return r.before.figures[v] && !r.now.figures[v] })
}

// find returns what comes back, and in which sentence.
func (r returned) find() (what string, in sentence, ok bool) {
	for _, s := range r.then.sentences {
		for at, t := range s.terms {
			if r.now.has(t) || !r.had(t) {
				continue
			}
			next, previous := neighbours(s, at, at+1)
			if t.figure() && r.figureReturns(t.values, next, previous) || t.word() && (r.nameReturns(t) || r.wordReturns(t)) {
				return t.text, s, true
			}
		}
		for _, n := range s.spelled {
			next, previous := neighbours(s, n.from, n.to)
			if n.initial && (len(r.put) == 0 || r.now.row(s.terms[n.from:n.to])) {
				continue // of a name
			}
			if r.before.figures[n.value] && !r.now.figures[n.value] && r.figureReturns([]string{n.value}, next, previous) {
				return shownTerms(s.terms[n.from:n.to]), s, true
			}
		}
		for _, a := range s.also {
			if r.before.figures[a.value] && !r.now.figures[a.value] {
				return a.text, s, true
			}
		}
		for _, v := range s.vague {
			if r.vagueReturns(v) {
				return v.text, s, true
			}
		}
		if text, found := r.passageReturns(s); found {
			return text, s, true
		}
	}
	return "", sentence{}, false
}

// figureReturns reports whether a figure takes the place of one that was put in for it,
// stands beside the same word as before, or was taken out and nothing put in for it.
func (r returned) figureReturns(values []string, next, previous string) bool {
	switch {
	case r.missing > r.unheardFigures:
		return true
	case len(r.put) == 0 && !isEveryday(values[0]):
		return true
	}
	for _, b := range r.before.sentences {
		for _, at := range b.countedAs(values) {
			n, p := neighbours(b, at[0], at[1])
			if next != "" && n == next || tells(previous) && (p == previous || n == previous) || tells(next) && p == next {
				return true
			}
		}
	}
	return false
}

// countedAs is where a sentence has a figure, or words, of one of some values.
func (s sentence) countedAs(values []string) (all [][2]int) {
	for i, t := range s.terms {
		if t.figure() && slices.Contains(values, t.values[0]) {
			all = append(all, [2]int{i, i + 1})
		}
	}
	for _, n := range s.spelled {
		if slices.Contains(values, n.value) {
			all = append(all, [2]int{n.from, n.to})
		}
	}
	return all
}

func isEveryday(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && n <= everyday
}

func tells(word string) bool { return utf8.RuneCountInString(word) >= longWord }

// neighbours are the terms on either side of some, up to a mark.
func neighbours(s sentence, from, to int) (next, previous string) {
	if to < len(s.terms) && !s.terms[to].apart {
		next = s.terms[to].key
	}
	if from > 0 && !s.terms[from].apart {
		previous = s.terms[from-1].key
	}
	return next, previous
}

// nameReturns reports whether a word is a name: written with a capital letter within a
// sentence, and never without.
func (r returned) nameReturns(t term) bool {
	lang, _, _ := strings.Cut(string(r.language), "-")
	if !t.capital || t.letters() < 2 || daysAndMonths[t.key] ||
		allNouns[lang] && len(r.removed) > fewWords { // there a noun is written as a name
		return false
	}
	within := false
	for _, version := range []said{r.before, r.now, r.then} {
		for _, s := range version.sentences {
			for i, o := range s.terms {
				switch {
				case o.key != t.key:
				case !o.capital:
					return false
				default:
					within = within || i > 0 && !inCapitals(s)
				}
			}
		}
	}
	return within
}

// allNouns are the languages in which nouns have capital letters.
var allNouns = map[string]bool{"de": true, "lb": true, "gsw": true}

// daysAndMonths have capital letters in some languages, and are no names.
var daysAndMonths = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`monday tuesday wednesday thursday friday saturday sunday
		january february march april may june july august september october november december
		montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar märz mai juni juli oktober dezember
		δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή`) {
		all[word] = true
	}
	return all
}()

// inCapitals reports whether all longer words of a sentence have capital letters, as in
// the titles of some houses.
func inCapitals(s sentence) bool {
	words := 0
	for _, t := range s.terms {
		if t.word() && t.cased() && t.letters() >= longWord {
			if words++; !t.capital {
				return false
			}
		}
	}
	return words > 2
}

// wordReturns reports whether a word comes back that corrections of few words took out:
// where what they put in is gone or, in scripts in which names look like other words, at
// all.
func (r returned) wordReturns(t term) bool {
	switch {
	case t.single || t.letters() < longWord || len(r.removed) > fewWords:
		return false
	case !t.cased():
		return true
	}
	return r.unheardWords <= fewWords && slices.ContainsFunc(r.added, func(a term) bool { return a.letters() >= longWord && !r.then.has(a) })
}

// passageReturns finds a passage that was taken out: two words side by side of which
// neither is said any more, several words in a row, or a short sentence.
func (r returned) passageReturns(s sentence) (string, bool) {
	gone := func(t term) bool { return t.word() && !r.now.has(t) && t.letters() >= longWord }
	takenOut := func(terms []term) bool { return r.before.row(terms) && !r.now.row(terms) }
	for i, t := range s.terms {
		rest := s.terms[i:]
		length := passage
		switch {
		case t.single && len(r.removed) <= fewWords:
			length = passage - 1
		case t.single:
			length = passageCharacters
		case len(rest) > 1 && gone(rest[0]) && gone(rest[1]):
			length = 2
		}
		if length <= len(rest) && takenOut(rest[:length]) {
			return shownTerms(rest[:length]), true
		}
	}
	short := len(s.terms) > 1 && len(s.terms) < passage && !s.terms[0].single
	if short && takenOut(s.terms) && r.before.hasSentence(s) {
		return shownTerms(s.terms), true
	}
	return "", false
}

func (s said) hasSentence(other sentence) bool {
	return slices.ContainsFunc(s.sentences, func(o sentence) bool { return keys(o.terms) == keys(other.terms) })
}

// shownTerms are terms as they are shown to people.
func shownTerms(terms []term) string {
	var b strings.Builder
	for i, t := range terms {
		if i > 0 && (!t.single || !terms[i-1].single) {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
