package importer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// dateFound is the selector of the dates of a template, and how the pages write them.
type dateFound struct {
	*rated
	readings map[int]string // by page: the text
}

// findDate finds the selector of the element with the date of publication: one date,
// hardly anything else, that agrees with what the metadata say and is not the same on
// all pages. It is nil if fewer than three of five pages have any.
func (t *pageTemplate) findDate(p *Profile) *dateFound {
	proposed := votes{}
	t.each(func(_ int, d *document) {
		proposed.add(d.datesForPrograms()...)
		proposed.add(d.datesInLines()...)
		for _, l := range d.lines[:min(len(d.lines), maxTitleLine)] {
			if l.node == nil || l.length() > 160 || len(findDates(l.text, d.language, dayFirst)) == 0 {
				continue
			}
			n := l.node
			proposed.add(namesBelow(n)...)
			for up := 0; up < 4 && n != nil && n.Type == html.ElementNode && lineOf(n).length() < 160; up++ {
				proposed.add(names(n)...)
				proposed.add(placesOf(n)...)
				if n.Data == "time" && attr(n, "datetime") != "" {
					for _, name := range names(n) {
						proposed.add(name + " @datetime")
					}
				}
				n = n.Parent
			}
		}
	})
	const most = 120
	all := make([]*dateFound, 0, most)
	for _, r := range ratedOf(proposed.best(most)) {
		all = append(all, &dateFound{r, map[int]string{}})
	}
	t.each(func(i int, d *document) {
		root := d.tree.Nodes[0]
		body := p.body.all(root)
		_, title := p.titleIn(root)
		said := d.metadataDates(d.language, dayFirst)
		for _, r := range all {
			nodes := r.all(root)
			text, n := r.value(root)
			if n == nil || containsBody([]*html.Node{n}, body) || utf8.RuneCountInString(text) > 200 {
				continue
			}
			found := findDates(text, d.language, dayFirst)
			if len(found) == 0 {
				continue
			}
			r.readings[i] = text
			r.found(i, text, dateScore(r.Selector, text, n, title, found, said, len(nodes))*r.sureness())
		}
	})
	var best *dateFound
	for _, r := range all {
		days := map[string]bool{}
		for _, text := range r.readings {
			days[text] = true
		}
		if len(days)*5 < len(r.on) {
			r.score *= 0.2 // the clock of the site, or the day on which the pages were saved
		}
		if len(r.on)*5 >= len(t.members)*3 && (best == nil || r.score > best.score+1e-9) {
			best = r
		}
	}
	if best == nil {
		return t.bareDates(p)
	}
	return best
}

// datesInLines proposes the selectors of elements within a line that have a date, wherever in it
// they stand.
func (d *document) datesInLines() (selectors []string) {
	const most, longest = 400, 60
	rows := d.ledger.rows
	for i, piece := range d.ledger.pieces[:min(len(d.ledger.pieces), most)] {
		n := piece.Parent
		alone := (i == 0 || rows[i-1] != rows[i]) && (i+1 == len(rows) || rows[i+1] != rows[i])
		if piece.Type != html.TextNode || len(piece.Data) > longest || blockTags[n.Data] || alone || !d.onlyDated(richtext.CleanText(piece.Data)) {
			continue
		}
		selectors = append(append(selectors, names(n)...), namesBelow(n)...)
	}
	return selectors
}

// datesForPrograms proposes the selectors for the dates that a page says where only programs
// read them.
func (d *document) datesForPrograms() (selectors []string) {
	root := d.tree.Nodes[0]
	for _, property := range []string{"datePublished", "dateCreated"} {
		selectors = append(selectors, proposeData(root, property)...)
	}
	for _, n := range d.tree.Find("meta[content]").Nodes {
		for _, key := range []string{"property", "name", "itemprop"} {
			if name := attr(n, key); slices.Contains(publishedNames, strings.ToLower(name)) {
				selectors = append(selectors, "meta["+key+`="`+name+`"] @content`)
			}
		}
	}
	return selectors
}

// dateScore rates what stands on one page as its date.
func dateScore(s Selector, text string, n, title *html.Node, found []reading, said []candidate, matches int) float64 {
	score := 0.6
	if slices.ContainsFunc(said, func(c candidate) bool {
		return c.sameDay(found[0]) || found[0].swapped && c.sameDay(found[0].other())
	}) {
		score += 0.4
	}
	label := strings.TrimSpace(text[:min(found[0].start, len(text))])
	switch {
	case updatedLabel.MatchString(label), foreignLabel.MatchString(label):
		score *= 0.4
	case publishedLabel.MatchString(label):
		score += 0.2
	}
	if s.attribute == "" {
		rest := utf8.RuneCountInString(text) - utf8.RuneCountInString(dateText(text, candidate{reading: found[0]}))
		score -= min(0.3, float64(rest)/300)
	}
	if n.Data == "meta" || n.Data == "script" {
		return score - 0.3
	}
	if matches > 1 {
		score *= 0.6
	}
	if ancestor(n, isTeaser) != nil {
		score *= 0.5
	}
	if lineOf(n).linked() {
		score *= 0.3 // the date of what the link leads to
	}
	if title != nil {
		if title == n || within(title, n) {
			return score * 0.3
		}
		// The date beside the title is the one that the office vouches for.
		for up, a := 0, n; up < 4 && a != nil; up, a = up+1, a.Parent {
			if within(title, a) {
				score += 0.02 * float64(4-up)
				break
			}
		}
	}
	return score
}

// formats are the ways in which the pages write their dates, the most frequent first,
// with how many pages do. Of figures that can be read in two ways the set says which is
// the day: the one that goes beyond twelve, or that the metadata name.
func (t *pageTemplate) formats(found *dateFound) ([]string, map[string]int) {
	day, month := 0, 0
	t.each(func(i int, d *document) {
		text := found.readings[i]
		rs := findDates(text, d.language, unknownOrder)
		if len(rs) == 0 {
			return
		}
		m := slashDate.FindStringSubmatch(plainDigits(text))
		switch {
		case m != nil && m[1] > "12" && m[2] <= "12":
			day++
		case m != nil && m[2] > "12" && m[1] <= "12":
			month++
		case rs[0].swapped:
			for _, c := range d.metadataDates(d.language, unknownOrder) {
				first := findDates(text, d.language, dayFirst)[0]
				switch {
				case c.swapped, c.day == c.month:
				case c.sameDay(first):
					day++
				case c.sameDay(first.other()):
					month++
				}
			}
		}
	})
	order := unknownOrder
	switch {
	case day > 3*month:
		order = dayFirst
	case month > 3*day:
		order = monthFirst
	}
	ways := votes{}
	t.each(func(i int, d *document) {
		if rs := findDates(found.readings[i], d.language, order); len(rs) > 0 {
			ways.add(dateShape(found.readings[i], rs[0]))
		}
	})
	var all []string
	for shape := range ways {
		all = append(all, shape)
	}
	slices.SortFunc(all, func(a, b string) int {
		if ways[a] != ways[b] {
			return ways[b] - ways[a]
		}
		return strings.Compare(a, b)
	})
	return all, ways
}

// dateShape is how a date is written: "D month YYYY", "D/M/YYYY", "YYYY-M-D". Figures
// that can be read in two ways are "?/?/YYYY".
func dateShape(text string, r reading) string {
	text = plainDigits(text)
	text = text[min(r.start, len(text)):min(r.end, len(text))]
	var b strings.Builder
	day, month, year := false, false, false
	for i := 0; i < len(text) && !(day && month && year); {
		c, size := utf8.DecodeRuneInString(text[i:])
		j := i + size
		switch {
		case unicode.IsDigit(c):
			for j < len(text) && text[j] >= '0' && text[j] <= '9' {
				j++
			}
			switch n := text[i:j]; {
			case len(n) == 8:
				b.WriteString("YYYYMMDD")
				day, month, year = true, true, true
			case len(n) >= 4:
				b.WriteString("YYYY")
				year = true
			case r.swapped:
				b.WriteString("?")
				day, month = month, true
			case !day && number(n) == r.day && (month || r.day != r.month || !year):
				b.WriteString("D")
				day = true
			case !month && number(n) == r.month:
				b.WriteString("M")
				month = true
			default:
				b.WriteString("Y")
				year = true
			}
		case unicode.IsLetter(c) && !unicode.Is(unicode.Han, c) && !unicode.Is(unicode.Hangul, c):
			for j < len(text) {
				c, size := utf8.DecodeRuneInString(text[j:])
				if !unicode.IsLetter(c) && !unicode.Is(unicode.M, c) && c != '.' {
					break
				}
				j += size
			}
			word := strings.TrimSuffix(text[i:j], ".")
			if f := fold(word); !month && utf8.RuneCountInString(f) > 2 && !fillers()[f] {
				b.WriteString("month")
				month = true
			} else {
				b.WriteString(word)
			}
		default:
			b.WriteString(text[i:j])
		}
		i = j
	}
	return richtext.CleanText(b.String())
}

func number(digits string) int {
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n
}
