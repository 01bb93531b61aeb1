package newsroom

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// promise is a line by which a document says, elsewhere than in the field for it, when it
// is to be public. Whether it would be public before is known when it is filed.
type promise struct {
	problem *Problem
	days
}

// checkPromised refuses a document of which an article was made that is public before the
// document says that it is.
func (d Document) checkPromised(tx *storage.Tx, a press.Article) error {
	public := tx.Now()
	if a.State == press.Embargoed {
		public = a.Published
	}
	for _, p := range d.promises {
		ahead := len(p.dates)+len(p.yearless) == 0 && d.Published.IsZero()
		for _, at := range p.dates {
			ahead = ahead || at.After(public)
		}
		for _, day := range p.yearless {
			ahead = ahead || day.near(tx.Now(), d.place()).After(public)
		}
		if ahead {
			return p.problem
		}
	}
	return nil
}

const (
	underEmbargo   = "it says that the text is under embargo, and would be published as a part of it: take it out; " + publishAt
	publishedLater = "it names a date of publication that lies ahead, and the text would be public before: " + publishAt

	// shortLine is how many words a line has that is no sentence of a text.
	shortLine = 14
	// fewBeside is how many words a line has at most beside its date that is about
	// nothing but the date, and fewAfter how many characters are between an embargo and
	// its date.
	fewBeside, fewAfter = 5, 60
	// headLines is how many short lines may stand above a text.
	headLines = 6
	// lineLooked is how many characters of a line are looked at.
	lineLooked = 200

	datedAhead = "the text begins with a date that lies ahead, and would be public before: " + publishAt

	publishAt = `the field for the date is published, above the line "---" that ends the front matter`
	asItIs    = ` (if it is to be read as it stands, write \ before a sign in it, such as its dot)`
)

// A \b is between letters of Latin alone.
const untilWords = `(?:(?:until|till|to|for|by|before|jusqu\S*|hasta|fino|ate|bis|tot|til|do|pana)\b|до |εως |حتى |الى )`

var (
	// embargoedText is an embargo on news, wherever it is in a line.
	embargoedText = lazyregexp.New(`\b(?:not for|do not|not to be|don't|never) (?:\w+ ){0,2}(?:releas|publi|broadcast|distribut|us|quot|shar)\w* (?:before|until|till|prior)\b` +
		`|\bne pas (?:diffuser|publier|utiliser) avant\b|\bno (?:publicar|difundir) (?:antes|hasta)\b|\bnon (?:diffondere|pubblicare) prima\b|\bnao (?:publicar|divulgar) antes\b` +
		`|\bsperrfrist\b|\bsperrvermerk\b|\bgesperrt bis\b|не (?:публиковать|распространять) (?:до|ранее|раньше)|для публикации (?:после|не ранее)` +
		`|(?:محظور|ممنوع) (?:النشر|نشره) (?:حتى|قبل)|(?:لا ينشر|غير للنشر) قبل|(?:حظر|يحظر|يمنع) (?:النشر|نشره|نشرها) (?:حتى|قبل)|[0-9]日?.{0,8}前(?:不得|请勿|勿|禁止|不要|不可).{0,4}(?:发布|發布|刊登|发表|發表|公开|公開|报道|報道)|禁止.{0,20}前.{0,4}(?:发布|發布|刊登|发表|公開)|请勿.{0,20}前.{0,4}(?:发布|發布|刊登|发表)|解禁(?:日時|時間|时间)|엠바고|보도유예`)
	// embargoFirst is one with which a part of a line begins, after words that tell that
	// it is not on goods.
	embargoFirst = lazyregexp.New(`^(?:(?:this|the|all|these|following|below|above|attached|enclosed|press|media|news|texts?|speech|statement|release|communique|document|information|contents?|articles?|material|remarks|is|are|remains?|strictly|an?|strict)\s+)*(?:embargoed(?:$|\s+` + untilWords + `)|(?:(?:press|media|news|strict)\s+)embargo\b|under (?:\w+ ){0,2}embargo(?:$|\s+` + untilWords + `)|(?:sous|bajo|sob|sotto|onder|unter|под) (?:embargo|эмбарго)(?:$|\s+` + untilWords + `)|embargad[oa] ` + untilWords + `|hold (?:until|till)\b|hold for (?:release|publication) (?:until|till)\b)`)
	// embargoWord begins one that may as well be on goods, unless there is nothing but
	// its end beside it.
	embargoWord = lazyregexp.New(`^(?:strict(?:ly)? |total )*(?:embargo\w*|эмбарго|ambargo|εμπαργκο|エンバーゴ|禁运|حظر النشر)\s*(?:` + untilWords + `|ends?\b|lift|expires?\b|date\b|time\b|[:：0-9(])`)
	// publishedAt is a line about the date of publication; publishAtHour tells people
	// when to do it.
	publishedAt = lazyregexp.New(`^(?:(?:to be|please|date|time|day|datum|date et heure|fecha|data|дата|время|تاريخ|موعد|for|for immediate|pour|zur|am|not before|of|de|di|da|der|la|del|d'|a|para|per|para a|per la|para su|для|до|do|te|til|till|voor)[\s'’]+)*(?:publi|pubbli|releas|issued\b|veroff|erschein|parution|diffus|difund|divulg|diffond|freigabe(?: am| ab| zum)?\s*[:–—-]?\s*(?:am|ab|zum|\pL+,)?\s*[0-9]|vrijgave|للنشر|ينشر|mis en ligne|go(?:es)?.live|postear|опубл|публик|выпус|النشر|نشر|发布|發布|发表|發表|公開|公表|掲載|게시|발표|공개|δημοσ|yayin|objav|kozzet|julkais|offentliggor)`)
	publishHour = lazyregexp.New(`^(?:not before|not until|nicht vor|frei ab|pas avant|no antes|non prima|nao antes|niet voor|не ранее|не раньше)(?:\s|$)|^(?:please )?(?:to be )?(?:for )?(?:publi(?:sh|cation)|release|post|go(?:es)? live)(?:ed|d)?(?: only)? (?:on|at|after|from|not before)\b`)
	// askedFor begins one that people are asked for, publishedLast ends a line with one, and
	// foretold is what is before it where somebody tells of what others publish.
	askedFor      = lazyregexp.New(`^(?:for (?:immediate )?(?:release|publication)|to be (?:released|published)|pour (?:publication|diffusion)|a (?:publier|diffuser|publicar|divulgar)|para (?:publicar|publicacion|difundir|publicacao)|da (?:pubblicare|diffondere)|per la pubblicazione|zur veroffentlichung|zu veroffentlichen|freigabe|для (?:публикации|опубликования)|опубликовать|للنشر)`)
	publishedLast = lazyregexp.New(`\b(?:publish(?:ed)?|publi(?:e|ee|cado|cada)|pubblicat[oa]|veroffentlicht)\s*[:–-]?\s*(?:on |am |le |el |il |em )?([0-9].*)$`)
	foretold      = lazyregexp.New(`\b(?:be|been|was|were|wird|wurde|werden|sera|sera|seront|fue|sera|foi|fu|stato|stata|ete|sido)\s*$`)
	// releasedOthers is of people or goods that are released.
	releasedOthers = lazyregexp.New(`^(?:(?:the|date|time|day|for|of)\s+)*releas\w*\s+(?:date )?of\s+(?:the|all|an?)?\s*(\pL+)`)
	releasedTexts  = lazyregexp.New(`^(?:press|news|text|statement|report|document|communique|information|speech|remarks|article|data|figures|results|this|publication)`)
	dateAlone      = lazyregexp.New(`^(?:date|datum|fecha|data|dato|дата|التاريخ|تاريخ|日期|日付|날짜|ημερομηνια|tarih|paivays)(?:\s*[:：=–-]\s*|\s+)`)
	clockTime      = lazyregexp.New(`\b[0-9]{1,2}(?:[:.h][0-9]{2}\b|\s?(?:am|pm|a\.m|p\.m|uhr|h|hrs|noon)\b)`)
	lineParts      = lazyregexp.New(`[–—|:;()\[\]•!*_"“”«»]+| - |\. `)
	escapedSign    = lazyregexp.New(`\\[!-/:-@\[-` + "`" + `{-~]`)
	// commentedDate is a field for the date, by whichever name.
	commentedDate = lazyregexp.New(`^(?:published|embargo\w*|` + strings.Join(dateNames, "|") + `)\b[^\pL]*[0-9]`)
	nameAndMore   = lazyregexp.New(`^[^:：]{1,30}[:：]`)
)

// plainLine is the beginning of a line as it is looked at: without case, accents and
// marks of Markdown.
func plainLine(text string) string {
	if end := 4 * lineLooked; len(text) > end {
		text = strings.ToValidUTF8(text[:end], "")
	}
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || strings.ContainsRune("*_`~\\", r) {
			return -1
		}
		return richtext.ASCIIDigit(r)
	}, norm.NFD.String(lettersTogether(inOneScript(wording.Alike(text)))))
	return strings.TrimLeft(norm.NFC.String(text), "> \t+-#|•·.,;/%@&=$([{<«“\"'–—")
}

// saysEmbargo reports whether a line, as it is looked at, says until when the text that
// it stands in is under embargo.
func (d *Document) saysEmbargo(line string) bool {
	for _, where := range embargoedText.FindAllStringIndex(line, -1) {
		if d.soonDated(line[where[0]:]) || where[0] == 0 && wordsIn(line) <= shortLine {
			return wordsIn(line) <= shortLine || where[0] <= fewAfter
		}
	}
	at := 0
	for {
		part := strings.TrimSpace(line[at:])
		if embargoFirst.MatchString(part) && (wordsIn(part) <= shortLine || d.soonDated(part)) {
			return true
		}
		if embargoWord.MatchString(part) {
			dates, rest := importer.Dates(part, d.Language, d.place())
			if (len(dates) > 0 || clockTime.MatchString(part)) && wordsIn(rest) <= fewBeside {
				return true
			}
		}
		next := lineParts.FindStringIndex(line[at:])
		if next == nil || wordsIn(line) > shortLine { // a sentence may speak of one
			return false
		}
		at += next[1]
	}
}

// soonDated reports whether a text has a date or an hour soon after it begins.
func (d *Document) soonDated(text string) bool {
	if r := []rune(text); len(r) > fewAfter {
		text = string(r[:fewAfter])
	}
	return strings.ContainsFunc(text, unicode.IsDigit)
}

func wordsIn(text string) int {
	n := 0
	for _, w := range wording.Words(text) {
		if isWord(w) && !unicode.IsDigit([]rune(w)[0]) {
			n++
		}
	}
	return n
}

// promisesPublication reports whether a line is about the date of publication, and
// which dates it names.
func (d *Document) promisesPublication(line string) (dates []time.Time, ok bool) {
	if !publishedAt.MatchString(line) && !publishHour.MatchString(line) {
		return nil, false
	}
	dates, rest := importer.Dates(line, d.Language, d.place())
	if wordsIn(clockTime.ReplaceAllString(rest, " ")) > fewBeside {
		return nil, false
	}
	if of := releasedOthers.FindStringSubmatch(line); of != nil && !releasedTexts.MatchString(of[1]) {
		return nil, false
	}
	hour := len(dates) == 0 && publishHour.MatchString(line) && strings.ContainsFunc(line, unicode.IsDigit)
	return dates, len(dates) > 0 || hour
}

// publicationIn finds a date of publication in another part of a line than its beginning:
// one that is asked for, set apart from the rest, or, in a title or a lead, one that ends it.
func (d *Document) publicationIn(line string, titled bool) ([]time.Time, bool) {
	if wordsIn(line) <= shortLine {
		for _, at := range lineParts.FindAllStringIndex(line, -1) {
			part := strings.TrimSpace(line[at[1]:])
			if publishHour.MatchString(part) || askedFor.MatchString(part) {
				if dates, ok := d.promisesPublication(part); ok && len(dates) > 0 {
					return dates, true
				}
			}
		}
	}
	at := publishedLast.FindStringSubmatchIndex(line)
	if !titled || at == nil || foretold.MatchString(line[:at[0]]) {
		return nil, false
	}
	last := line[at[2]:]
	if !isoDate.MatchString(last) && wordsIn(line) > shortLine {
		return nil, false
	}
	dates, rest := importer.Dates(last, d.Language, d.place())
	return dates, len(dates) > 0 && wordsIn(clockTime.ReplaceAllString(rest, " ")) <= 1
}

// readPromises looks at what a text says of the date at which it is public: of an
// embargo in every line, of publication in those above it and in the last. It is looked
// at as it is written, which gives the line and has comments, and as it is read.
func (d *Document) readPromises(text string, lines, asRead []belowLine, start int) {
	meant := map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
		if escapedSign.MatchString(line) {
			meant[plainLine(bareLine(line))] = true
		}
	}
	d.promised(lines, lines, meant, start)
	d.promised(asRead, lines, meant, start)
}

func (d *Document) promised(lines, source []belowLine, meant map[string]bool, start int) {
	head := true
	for at, l := range lines {
		line := plainLine(l.text)
		short := wordsIn(line) <= shortLine
		head = head && short && at < headLines
		if line == "" || meant[line] {
			continue
		}
		refuse := func(why string) *Problem {
			number := l.number
			if at := slices.IndexFunc(source, func(s belowLine) bool { return strings.Contains(plainLine(s.text), line) }); number < 0 && at >= 0 {
				number = source[at].number
			}
			return &Problem{File: d.File, Line: start + max(number, 0), Text: why + asItIs}
		}
		around := short && (head || at == len(lines)-1)
		top := at == 0 || at == 1 && lines[0].heading && !l.heading
		if d.refused == nil && (d.saysEmbargo(line) || top && d.labelled(line, false) || around && d.whollyLabel(line, top || at == len(lines)-1)) {
			d.refused = refuse(underEmbargo)
		}
		if d.draftly == nil && (around && isDraftLabel(line) && (top || at == len(lines)-1) || top && beginsAsDraft(line)) {
			d.draftly = refuse("it says that the text is a draft, and would be published as a part of it: take it out")
			d.draftly.Cause = ErrDraftLabel
		}
		if found, ok := d.datedBefore(lines, at); ok {
			d.promises = append(d.promises, promise{refuse(datedAhead), found})
		}
		if !around {
			continue
		}
		if dates, ok := d.publicationBy(lines, at, line); ok {
			d.promises = append(d.promises, promise{refuse(publishedLater), days{dates: dates}})
		}
	}
}

// datedBefore reads the dateline of a text, or its day, at a line with which it begins.
func (d *Document) datedBefore(lines []belowLine, at int) (days, bool) {
	if at > 1 || at == 1 && !lines[0].heading {
		return days{}, false
	}
	found, ok := d.dateline(lines[at].text)
	if !ok && (len(lines) <= at+1 || !nameAndMore.MatchString(lines[at+1].text)) {
		found, ok = d.dayLine(lines[at].text)
	}
	return found, ok
}

// publicationBy reads when a text says that it is published, in one of its lines, which
// is given in plain form.
func (d *Document) publicationBy(lines []belowLine, at int, line string) ([]time.Time, bool) {
	dates, ok := d.promisesPublication(line)
	if alone, found := d.datedAlone(line); !ok && at == 0 && found && (len(lines) == 1 || !nameAndMore.MatchString(lines[1].text)) {
		dates, ok = alone, true
	}
	if !ok {
		dates, ok = d.publicationIn(line, false)
	}
	return dates, ok
}

// datedAlone reads a line that is a date, and is called so.
func (d *Document) datedAlone(line string) ([]time.Time, bool) {
	if !dateAlone.MatchString(line) {
		return nil, false
	}
	dates, rest := importer.Dates(dateAlone.ReplaceAllString(line, ""), d.Language, d.place())
	return dates, len(dates) > 0 && wordsIn(rest) <= fewBeside && !strings.ContainsAny(rest, ":：")
}

// promisedAbove looks at the title and the lead, and at lines of the front matter that
// say nothing because they are comments.
func (d *Document) promisedAbove(matter string) error {
	for _, f := range []struct{ name, text string }{{"title", d.Title}, {"lead", d.Lead}} {
		line := plainLine(f.text)
		if d.headEmbargo(line) {
			return d.Problem(f.name, underEmbargo+"; if it is about an embargo, say first on what or by whom")
		}
		dates, ok := d.promisesPublication(line)
		if !ok {
			dates, ok = d.publicationIn(line, true)
		}
		if ok && len(dates) > 0 {
			d.promises = append(d.promises, promise{d.Problem(f.name, publishedLater), days{dates: dates}})
		}
	}
	if !d.Published.IsZero() {
		return nil
	}
	for number, line := range strings.Split(matter, "\n") {
		bare := strings.TrimLeftFunc(line, unicode.IsSpace)
		if !strings.HasPrefix(bare, "#") {
			continue
		}
		name := strings.TrimLeft(strings.TrimLeft(bare, "# \t/;"), ":")
		line := plainLine(bare)
		dates, ok := d.promisesPublication(line)
		named := commentedDate.MatchString(plainLine(name))
		if !ok && !named && !d.saysEmbargo(line) {
			continue
		}
		if named {
			dates, _ = importer.Dates(line, d.Language, d.place())
		}
		problem := &Problem{File: d.File, Line: number + 2, Text: "behind a # it is a comment, and the article would be public at once: take the # away if the date counts, or the whole line if it does not"}
		d.promises = append(d.promises, promise{problem, days{dates: dates}})
	}
	return nil
}
