package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/cmd/internal/civil"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// How much a date is worth, by its place. The date beside the title is the one that
// the office vouches for; metadata is written by templates; the address tells when
// the file was created.
const (
	worthHead     = 100 // a line of its own between title and text, or in the heading
	worthFirst    = 85  // the first line of the text, alone
	worthTail     = 75  // after the text, labelled
	worthMetadata = 60
	worthBeside   = 55 // at the start of the text, beside other words: "Done at Port Almira on 5 March 2024"
	worthDateline = 50 // "Port Almira, 17 October 2026 –" at the start of the text
	worthTitle    = 30 // at the end of the title or set apart in it
	worthAddress  = 20
)

// candidate is a date with its worth.
type candidate struct {
	reading
	worth int
}

// region is the position of title and text among the lines of a page.
type region struct {
	title      int // -1 if no line is the title
	name       string
	body, tail int // first and last line of the text
}

var (
	publishedLabel = textsLike(`publi|posted|released|issued|^date|datum|veröff|erschien|mis en ligne|fecha|pubblic|^data|дата|опублик|размещ|发布|發布|发表|日期|时间|時間|تاريخ|نشر|公開|掲載|発表|게시|등록|작성|yayın|tarih|ngày|δημοσ|objav|publik|közzé|פרסום|انتشار|опубл|публик|објав|zveřejn|vydán|paskelb|julkais|avaldat|udgiv|प्रकाशित|เผยแพร่|diterbit|tanggal`)
	updatedLabel   = textsLike(`updat|modif|aktuali|\bstand\b|mise? à jour|actuali|aggiorn|обновл|изменен|更新|تحديث|gewijzigd|ändert|change|as of|päivitetty|uppdatera|güncelle|zaktualiz|módos|ažur|עדכון|روزرسانی`)
	validLabel     = textsLike(`gültig|valid|en vigueur|vigente|действ`)
	foreignLabel   = textsLike(`\buntil\b|\bbis\b|expir|deadline|jusqu|hasta|copyright|©|born|geboren|naissance|\b(decree|act|law|regulation|resolution|order|directive)s? (no|nr|of)\b|verordnung|gesetz vom|décret|decreto|указ |приказ |постановлени|\bsigned (at|on|in)\b|unterzeichnet|\bsigné|\bevent\b|veranstaltung|termin`)
	dateMarks      = namesLike(`(date|datetime|time|pub-?(date|time|lished)?|publish(ed)?|posted(-on)?|created|timestamp|datum|fecha|data|tarih|byline|meta|info|news_body_time|article-?info|release|submitted|h-time|updated)($|[\s_-])`)
	teaserMarks    = namesLike(`(related|teasers?|more|recommend\w*|sidebar|aside|list|latest|archive|calendar|events?|comments?|prev(ious)?|next|pager)($|[\s_-])`)
)

// NoDate is the problem of a page of which no date is known.
const NoDate = "no date was found"

// pickDate chooses the date of publication and puts it into the page. An
// unknown date stays empty; every doubt becomes a problem.
func (p *Page) pickDate(lines []line, at region, metadata []candidate, address string, language press.Language, o order, zone *time.Location) {
	visible := visibleDates(lines, at, language, o)
	best := strongest(append(append(visible, metadata...), addressDate(address)...))
	if best == nil {
		p.problem(NoDate)
		return
	}
	chosen := *best
	if chosen.year < firstYear && !chosen.doubtful {
		p.problem(fmt.Sprintf("the date %04d-%02d-%02d is before %d: it is hardly that of a page; if it is, say so in a profile", chosen.year, chosen.month, chosen.day, firstYear))
		return
	}
	if chosen.doubtful || chosen.worth == worthAddress && calendarDoubt(language) {
		day, ok := namedDay(chosen.reading, language, metadata)
		if !ok {
			p.problem(fmt.Sprintf("the date %s is in figures that may be of another calendar, and no metadata names that day", chosen.figures()))
			return
		}
		p.setDate(day, zone)
		return
	}
	if chosen.swapped {
		sure, ok := resolveOrder(chosen, metadata, addressDate(address), lines)
		if !ok {
			p.problem(fmt.Sprintf("the date %02d/%02d/%d can be read in two ways", chosen.day, chosen.month, chosen.year))
			return
		}
		chosen.reading = sure
	} else if chosen.either && agreed(chosen.other(), metadata) && !agreed(chosen.reading, metadata) {
		chosen.reading = chosen.other() // a template of another country
	}
	if chosen.worth > worthMetadata || chosen.worth == worthDateline {
		chosen = refine(p, chosen, metadata, zone)
	}
	if chosen.worth == worthTitle {
		p.problem("the date was taken from the title: the page shows no other")
	}
	if chosen.worth == worthAddress {
		p.problem("the date was taken from the address: the page shows none")
	}
	p.setDate(chosen.reading, zone)
}

// firstYear is that of the first web sites.
const firstYear = 1990

// setDate sets the page's date from a reading and a zone.
func (p *Page) setDate(r reading, zone *time.Location) {
	t, err := r.in(zone)
	if err != nil {
		p.problem(err.Error())
		return
	}
	p.Published, p.Precision, p.Local = t, r.precision, r.civil().Local()
	p.Date = t.Format(time.RFC3339)
}

// dated is the date as it is on the page, in whatever zone it is read.
func (p Page) dated() string {
	if p.Local != "" {
		return string(p.Local)
	}
	return p.Published.UTC().Format(time.RFC3339)
}

// DatedIn is the page as it would be read in another zone; ok is false if its date
// cannot be read there.
func (p Page) DatedIn(zone *time.Location) (in Page, ok bool) {
	t := p.Published.In(zone)
	if p.Local != "" {
		c, err := civil.Parse(p.Local)
		if err == nil {
			t, err = c.In(zone)
		}
		if err != nil {
			return p, false
		}
	}
	p.Published, p.Date = t, t.Format(time.RFC3339)
	return p, true
}

// in returns the instant of a reading, in the zone that it names or else the site's;
// the result is in the site's zone.
func (r reading) in(zone *time.Location) (time.Time, error) { return r.civil().In(zone) }

func strongest(all []candidate) *candidate {
	var best *candidate
	for i := range all {
		if best == nil || all[i].worth > best.worth {
			best = &all[i]
		}
	}
	return best
}

// visibleDates returns the visible dates where the date of publication may be: in and
// around the heading, at the beginning of the text, and after it.
func visibleDates(lines []line, at region, language press.Language, o order) []candidate {
	var found []candidate
	from, to := at.title-3, at.body
	if at.title < 0 {
		from = at.body - 8
	}
	// Short lines at the start of the text may still belong to its head.
	for n := 0; n < 6 && to < at.tail && to < len(lines) && lines[to].length() < 100; n++ {
		to++
	}
	for i := max(from, 0); i <= min(to, at.tail, len(lines)-1); i++ {
		c := bestInLine(lines, i, language, o)
		if c == nil {
			continue
		}
		alone := aloneness(lines[i], *c)
		switch {
		case i < at.title && ancestor(lines[i].node, isClock) != nil:
			continue
		case i < at.title && !(alone && !lines[i].linked() && !inBanner(lines[i].node) && !inNavigation(lines[i].node)):
			continue
		case i == at.title && strings.Contains(at.name, dateText(lines[i].text, *c)):
			if !dated(lines[i].text, *c) {
				continue // part of the title: the day of the announced event
			}
			c.worth = worthTitle
		case i < at.body || i == at.title:
			if !alone && lines[i].length() > 160 && !markedAsDate(lines[i].node) {
				continue
			}
			c.worth += worthAbove(lines[i], *c, i-at.title)
		case alone:
			c.worth += worthAmong(lines[i], *c)
		case c.start < 90 && dateline(lines[i].text, *c):
			c.worth += worthDateline
		default:
			continue
		}
		found = append(found, *c)
	}
	return append(found, tailDates(lines, at, language, o)...)
}

// tailDates returns dates right after the text, or as its last line.
func tailDates(lines []line, at region, language press.Language, o order) []candidate {
	var found []candidate
	for i := max(at.tail-2, at.body+1); i < min(at.tail+10, len(lines)); i++ {
		l := lines[i]
		if l.length() > 100 || l.linked() || ancestor(l.node, isTeaser) != nil {
			continue
		}
		c := bestInLine(lines, i, language, o)
		if c == nil || !aloneness(l, *c) {
			continue
		}
		if i == at.tail && (saysLittle(l.text, c.reading) || placeBefore.MatchString(firstBytes(l.text, c.start)) && endsWith(l.text, c.reading)) {
			c.worth += worthTail - 20 // a date as last line
			found = append(found, *c)
			continue
		}
		label := labelOf(lines, i, c.start)
		published := publishedLabel.MatchString(label)
		if !published && updatedLabel.MatchString(label) && outsideOf(lines, at, l.node) {
			continue // the site's
		}
		if published || updatedLabel.MatchString(label) || markedAsDate(l.node) {
			c.worth += worthTail
			found = append(found, *c)
		}
	}
	return found
}

// outsideOf reports whether an element is outside of what has title and text in it, if that
// is not the whole page.
func outsideOf(lines []line, at region, n *html.Node) bool {
	if at.title < 0 || at.body >= len(lines) {
		return false
	}
	holder := lines[at.title].node
	for holder != nil && !within(lines[at.body].node, holder) {
		holder = holder.Parent
	}
	return holder != nil && holder.Data != "body" && holder.Data != "html" && !within(n, holder)
}

// firstBytes is a line up to a place of a reading.
func firstBytes(text string, end int) string {
	text = plainDigits(text)
	return text[:min(end, len(text))]
}

// endsWith reports whether a line ends with a date.
func endsWith(text string, r reading) bool {
	text = plainDigits(text)
	return strings.Trim(text[min(r.end, len(text)):], " .") == ""
}

// bestInLine returns the most likely date of a line, judged by the words before it,
// or nil.
func bestInLine(lines []line, i int, language press.Language, o order) *candidate {
	if lines[i].length() > 600 {
		lines[i].text = string([]rune(lines[i].text)[:600])
	}
	var best *candidate
	last := 0
	for _, r := range findDates(lines[i].text, language, o) {
		label := labelBetween(lines, i, last, r.start)
		last = r.end
		c := candidate{reading: r}
		switch {
		case foreignLabel.MatchString(label):
			continue
		case updatedLabel.MatchString(label):
			c.worth = -12
		case validLabel.MatchString(label):
			c.worth = -8
		case publishedLabel.MatchString(label):
			c.worth = 5
		}
		if best == nil || c.worth > best.worth || best.doubtful && !c.doubtful {
			best = &c
		}
	}
	return best
}

func labelOf(lines []line, i, start int) string { return labelBetween(lines, i, 0, start) }

// labelBetween is the label of a date: the text before it in its line, or the line before
// if that is short and has no figures, which would be of another date.
func labelBetween(lines []line, i, from, start int) string {
	text := plainDigits(lines[i].text)
	label := text[min(from, len(text)):min(start, len(text))]
	if utf8.RuneCountInString(label) > 60 {
		r := []rune(label)
		label = string(r[len(r)-60:])
	}
	if strings.TrimSpace(label) == "" && i > 0 && lines[i-1].length() < 30 && !strings.ContainsFunc(lines[i-1].text, unicode.IsDigit) {
		label = lines[i-1].text
	}
	return strings.TrimSpace(label)
}

// dated recognises titles that contain their date: "Talks in Sund (5 March 2026)",
// "No 45, 5 March 2026, on the strait".
func dated(title string, c candidate) bool {
	title = plainDigits(title)
	before, after := strings.TrimSpace(title[:c.start]), strings.TrimSpace(title[min(c.end, len(title)):])
	if strings.HasPrefix(after, ")") || after == "" || after == "." {
		return before != ""
	}
	return strings.HasSuffix(before, ",") && strings.HasPrefix(after, ",")
}

// dateText is the stretch of a line that was read as a date.
func dateText(text string, c candidate) string {
	text = plainDigits(text)
	return text[min(c.start, len(text)):min(c.end, len(text))]
}

// aloneness reports whether a line says little besides its date.
func aloneness(l line, c candidate) bool {
	rest := l.length() - utf8.RuneCountInString(dateText(l.text, c))
	return rest <= 45 || markedAsDate(l.node) && rest <= 120
}

// dateline recognises "PORT ALMIRA, 17 October 2026 – The minister".
func dateline(text string, c candidate) bool {
	text = plainDigits(text)
	before, after := text[:c.start], strings.TrimLeft(text[min(c.end, len(text)):], ". \t\n\u00a0")
	if strings.ContainsAny(before, ".!?。") && !strings.HasPrefix(before, "(") {
		return false
	}
	for _, sign := range []string{"–", "—", "-", ":", ".-", ")", "|", "/", "电", "訊", "讯"} {
		if strings.HasPrefix(after, sign) {
			return true
		}
	}
	return false
}

func markedAsDate(n *html.Node) bool {
	for i := 0; n != nil && i < 3; i++ {
		if n.Data == "time" || marked(dateMarks, marks(n)) || strings.Contains(strings.ToLower(attr(n, "itemprop")), "date") {
			return true
		}
		n = n.Parent
	}
	return false
}

func isTeaser(n *html.Node) bool {
	return teaserElement(n) || n.Data != "body" && n.Data != "main" && n.Data != "article" && marked(teaserMarks, attr(n, "class"))
}

// teaserElement reports whether an element is of a kind in which other pages are offered.
func teaserElement(n *html.Node) bool { return n.Data == "nav" || n.Data == "aside" || n.Data == "li" }

// isClock reports whether an element shows what day it is.
func isClock(n *html.Node) bool { return marked(clockMarks, marks(n)) }

var clockMarks = namesLike(`(clock|today|current-?(date|time)|now|uhr|horloge|reloj|datetoday)($|[\s_-])`)

// inBanner reports whether a text is in the head of the site, which may show today's
// date.
func inBanner(n *html.Node) bool {
	banner := false
	for ; n != nil && n.Data != "body"; n = n.Parent {
		if n.Data == "main" || n.Data == "article" {
			return false
		}
		banner = banner || n.Data == "header" || attr(n, "role") == "banner"
	}
	return banner
}

// refine takes the time of day from metadata of the same day, and the seconds from
// metadata of the same minute. Metadata that labels the local time as UTC, beside a
// visible time without zone, is read as local. A time of that day that clocks showed
// twice or never is taken if no other is to be had: whoever files the page must say which
// is meant, as for one that is visible.
func refine(p *Page, c candidate, metadata []candidate, zone *time.Location) candidate {
	differs := ""
	var unsure *candidate
	for _, m := range metadata {
		if m.precision == press.ToTheDay {
			if !m.sameDay(c.reading) && differs == "" {
				differs = m.figures()
			}
			continue
		}
		sameClock := m.sameDay(c.reading) && m.hour == c.hour && m.minute == c.minute
		if c.precision != press.ToTheDay {
			if sameClock && c.offset == nil {
				if m.precision == press.ToTheSecond && c.precision != press.ToTheSecond {
					c.second, c.precision = m.second, m.precision
				}
				if m.offset != nil && *m.offset != 0 {
					c.offset = m.offset
				}
				return c
			}
			continue
		}
		t, err := m.in(zone)
		if err != nil {
			if m.sameDay(c.reading) && unsure == nil {
				m.worth = c.worth
				unsure = &m
			}
			continue
		}
		local := reading{year: t.Year(), month: int(t.Month()), day: t.Day()}
		if local.sameDay(c.reading) {
			m.worth = c.worth
			return m
		}
		if differs == "" && !m.sameDay(c.reading) {
			differs = local.figures()
		}
	}
	if unsure != nil {
		return *unsure
	}
	if differs != "" && c.worth < worthHead {
		p.problem(fmt.Sprintf("the page shows the date %04d-%02d-%02d, its metadata says %s", c.year, c.month, c.day, differs))
	}
	return c
}

// agreed reports whether metadata names a day without doubt.
func agreed(r reading, metadata []candidate) bool {
	return slices.ContainsFunc(metadata, func(m candidate) bool { return !m.swapped && !m.either && m.sameDay(r) })
}

// resolveOrder decides which number is the day, by another date on the page that is
// the same day without doubt, or that shows the page's order.
func resolveOrder(c candidate, metadata, address []candidate, lines []line) (reading, bool) {
	for _, m := range append(append([]candidate(nil), metadata...), address...) {
		if m.swapped {
			continue
		}
		for _, r := range []reading{c.reading, c.other()} {
			if m.sameDay(r) {
				r.swapped = false
				return r, true
			}
		}
	}
	for _, l := range lines {
		if l.length() > 200 {
			continue
		}
		m := slashDate.FindStringSubmatch(plainDigits(l.text))
		switch {
		case m == nil:
		case len(m[1]) == 2 && m[1] > "12" && m[2] <= "12":
			c.swapped = false
			return c.reading, true
		case len(m[2]) == 2 && m[2] > "12" && m[1] <= "12":
			c.swapped = false
			return c.other(), true
		}
	}
	return reading{}, false
}

var slashDate = lazyregexp.New(`(?:^|[^0-9/])([0-9]{2})/([0-9]{2})/[0-9]{4}(?:$|[^0-9/])`)

// addressDate reads /2023/10/17/, 2023-10-17 or t20231017_ in an address.
func addressDate(address string) []candidate {
	for _, pattern := range []*lazyregexp.Regexp{pathDate, compactDate} {
		if m := pattern.FindStringSubmatch(address); m != nil {
			if found := findDates(m[1]+"-"+m[2]+"-"+m[3], "", unknownOrder); len(found) > 0 {
				return []candidate{{found[0], worthAddress}}
			}
		}
	}
	return nil
}

var (
	pathDate    = lazyregexp.New(`[/_-](20[0-9]{2}|19[0-9]{2})[/_-]?([01][0-9])[/_-]([0-3][0-9])(?:[/_.-]|$)`)
	compactDate = lazyregexp.New(`(?:^|[^0-9])(20[0-9]{2}|19[0-9]{2})([01][0-9])([0-3][0-9])(?:[^0-9]|$)`)
)
