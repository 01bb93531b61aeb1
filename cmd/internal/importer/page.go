package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Page is the content of a page. Its JSON is what "communique import --dry-run --json"
// prints; unknown fields are "" or empty lists.
type Page struct {
	File    string   `json:"file"`
	Title   string   `json:"title"`
	Section []string `json:"section"` // names from the top down, without the site's root
	Date    string   `json:"published"`
	// Precision is how much of the date the page gave.
	Precision press.Precision `json:"published_precision"`
	Language  press.Language  `json:"language"`
	Lead      string          `json:"lead"`
	Body      press.HTML      `json:"body_html"`
	Images    []press.Image   `json:"images"`
	// Problems are what is doubtful and what was lost, each once; Notes are what was
	// lost, at its line of the file.
	Problems []string        `json:"problems"`
	Notes    []richtext.Note `json:"notes"`

	// Profile is the name of the profile by which the page was read.
	Profile string `json:"profile,omitempty"`
	// Doubts are what was dropped inside of the text.
	Doubts []Doubt `json:"doubts,omitempty"`

	// Account says of each piece of an HTML page what became of it.
	Account []Segment `json:"-"`
	// Published is Date as an instant in the zone of the options; zero if unknown.
	Published time.Time `json:"-"`
	// Local is the date as the page gives it, if it names no zone.
	Local press.Local `json:"-"`
	// Canonical is the address that the page declares for itself, or empty.
	Canonical string `json:"-"`
	// SourceURL is the address of the page: as given, else Canonical.
	SourceURL string `json:"-"`
	// Refused is why the page is not an article; empty if it is one.
	Refused string `json:"-"`

	former  formerTexts
	written []Segment // the account in the order of the file, if that is another
}

// Complete reports whether the page has everything that an article must have:
// it was not refused and has title, date, language and body.
func (p Page) Complete() bool {
	return p.Refused == "" && p.Title != "" && p.Body != "" && p.Language != "" && !p.Published.IsZero()
}

// Identity identifies the article when it is imported again: the canonical address,
// or else "sha256:" and a hash of title, date, language and body.
func (p Page) Identity() string {
	if p.Canonical != "" {
		return p.Canonical
	}
	return p.hash(p.Title, p.dated(), besideFolder.ReplaceAllString(string(p.Body), "https://"+BesideHost+"/"))
}

// besideFolder is the folder of a file beside the page, which is another one when the
// page is imported alone.
var besideFolder = lazyregexp.New(`https://` + regexp.QuoteMeta(BesideHost) + `/[^"#]*/`)

func (p Page) hash(title, date, body string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{title, date, string(p.Language), body}, "\x00")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (p *Page) problem(text string) {
	if slices.Contains(p.Problems, text) {
		return
	}
	p.Problems = append(p.Problems, text)
}

// note tells what the page has lost on its way in, and on which line of the file it
// stood.
func (p *Page) note(line int, what string) {
	p.problem(what)
	n := richtext.Note{Line: line, What: what}
	if !slices.Contains(p.Notes, n) {
		p.Notes = append(p.Notes, n)
	}
}

func (p *Page) refuse(reason string) {
	p.Refused = reason
	p.Body, p.Lead, p.Images, p.Notes = "", "", []press.Image{}, []richtext.Note{}
	p.Date, p.Precision, p.Published, p.Local = "", "", time.Time{}, ""
	p.problem(reason)
}

// ReadPage reads a page: HTML in any encoding, or its saved text. It returns a
// [*Problem] for a file that cannot be read at all; a page that is not an article has
// Refused set. In both cases the returned page names the file and the problem, ready
// to be printed.
func ReadPage(name string, raw []byte, o Options) (Page, error) {
	p := Page{File: name, Section: []string{}, Images: []press.Image{}, Problems: []string{}, Notes: []richtext.Note{}, former: formerTexts{alts: map[string]string{}}}
	fail := func(problem *Problem) (Page, error) {
		p.refuse(problem.Text)
		return p, problem
	}
	switch {
	case len(raw) > MaxPage:
		return fail(overLong(name))
	case len(bytes.TrimSpace(raw)) == 0:
		return fail(empty(name))
	}
	o.page = name
	text, note, err := decode(raw, o.charset())
	if err != nil {
		return fail(&Problem{File: name, Text: err.Error()})
	}
	if note != "" {
		p.problem(note)
	}
	if !looksLikeHTML(name, text) {
		readText(&p, text, o)
		return p, nil
	}
	if err := readHTML(&p, text, o); err != nil {
		return fail(&Problem{File: name, Text: err.Error()})
	}
	p.asWritten(text)
	return p, nil
}

// readHTML reads a page by the profile that it fits, or as a page of its own.
func readHTML(p *Page, text string, o Options) error {
	d, err := parseDocument(text, o)
	if err != nil {
		return err
	}
	if o.Profiles == nil {
		readDocument(p, d, o)
		return nil
	}
	profile, reason := o.Profiles.fit(d)
	switch {
	case profile == nil && o.Profiles.Lenient:
		readDocument(p, d, o)
		return nil
	case profile == nil:
		p.readAddress(d, o)
		p.Language = p.pickLanguage(d.language, "", o)
		p.refuse(reason)
		return nil
	}
	before := *p
	readByProfile(p, d, profile, o)
	if !o.Profiles.Lenient || p.Complete() {
		return nil
	}
	// Nobody has looked at this profile: what it lacks may be found without it.
	*p = before
	p.former = formerTexts{alts: map[string]string{}}
	if d, err = parseDocument(text, o); err != nil {
		return err
	}
	readDocument(p, d, o)
	return nil
}

// looksLikeHTML distinguishes a page from its saved text: by its name, or a tag in its
// beginning.
func looksLikeHTML(name, text string) bool {
	return htmlName.MatchString(name) || anyTag.MatchString(text[:min(len(text), 64<<10)])
}

var (
	htmlName = lazyregexp.New(`(?i)\.x?html?$`)
	anyTag   = lazyregexp.New(`(?i)<(!doctype\s|(html|head|body|meta|title|div|table|article|section|main|header|nav|p|h[1-6]|ul|ol|li|dl|blockquote|figure|img|br|a|span|font|center)(\s[^<>]*)?/?>)`)
)

// NoSection is the problem of a page that names no section.
const NoSection = "the page does not say which section it belongs to"

// finish checks what HTML pages and saved texts have in common.
func (p *Page) finish() {
	if p.Refused != "" {
		return
	}
	slices.SortStableFunc(p.Notes, func(a, b richtext.Note) int { return a.Line - b.Line })
	if p.Title == "" {
		p.problem("no title was found")
	}
	if p.Body == "" {
		p.refuse("no article text was found")
		return
	}
	if len(p.Section) == 0 {
		p.problem(NoSection)
	}
}

// address returns the first text that is an absolute address.
func address(texts ...string) *url.URL {
	for _, t := range texts {
		u, err := url.Parse(strings.TrimSpace(t))
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			return u
		}
	}
	return nil
}

// key is a text as it is compared: cleaned, in lower case, without the punctuation in
// which spellings of a heading differ.
func key(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range strings.ToLower(richtext.CleanText(s)) {
		switch r {
		case '“', '”', '„', '«', '»', '"', '\'', '’', '‘', '…', '.', ',', ':', '：', '，', '-', '–', '—', '\u00a0', ' ', '　', '!', '?', '！', '？':
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
