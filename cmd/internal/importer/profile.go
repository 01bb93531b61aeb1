package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"communique/storage/press"
)

// Profile says where the pages of one template have what. A page is read by it if it has
// title, text and date where the profile says.
type Profile struct {
	Name     string      `yaml:"name"`
	Title    TitleRule   `yaml:"title"`
	Date     DateRule    `yaml:"date"`
	Section  SectionRule `yaml:"section"`
	Lead     string      `yaml:"lead"`
	Body     string      `yaml:"body"`
	Captions string      `yaml:"captions"`
	// Also are elements beside the body that belong to the text.
	Also []string `yaml:"also"`
	// Files are elements beside the body in which the files of a page are listed.
	Files  []string `yaml:"files"`
	Remove []string `yaml:"remove"`
	// Says is what some of the removed elements say: one that says something else is not
	// removed.
	Says    map[string][]string `yaml:"says"`
	Lines   []string            `yaml:"lines"`
	Silent  []string            `yaml:"silent"`
	Address string              `yaml:"address"`

	title, date, section, lead, body, captions, address Selector
	also, files, remove                                 []Selector
	says                                                map[string]phrases
	zone                                                *time.Location
	lines, beside, kickers                              phrases
	silent                                              map[uint64]bool
	learned                                             *evidence // nil of a profile that somebody wrote or edited
}

// TitleRule is where the title stands.
type TitleRule struct {
	Select  string `yaml:"select"`
	Without string `yaml:"without"` // what ends it on each page
	// Beside are words in the element of the title that are none of it: what kind of text
	// the page has.
	Beside []string `yaml:"beside"`
}

// DateRule is where the date stands, and how it is written.
type DateRule struct {
	Select  string   `yaml:"select"`
	Formats []string `yaml:"formats"`
	// Beside are words in the element of the date that are none of the text.
	Beside []string `yaml:"beside"`
	Zone   string   `yaml:"zone"`
}

// SectionRule is where the section stands; Skip are steps that are no sections.
type SectionRule struct {
	Select  string   `yaml:"select"`
	Without string   `yaml:"without"` // what begins it on each page
	Skip    []string `yaml:"skip"`
}

// Profiles are those of the templates of a site.
type Profiles struct {
	Encoding string `yaml:"encoding"`
	// Language is that of pages that declare none.
	Language string     `yaml:"language"`
	Profiles []*Profile `yaml:"profiles"`

	// Lenient profiles were learned and seen by nobody: what they don't say is judged
	// by what is usual, and so are pages that fit none of them.
	Lenient bool `yaml:"-"`
}

// evidence is what the sample has shown of a profile.
type evidence struct {
	pages   int
	names   []string // of some pages
	fields  map[string]*rated
	also    []*rated
	files   []*rated
	remove  []*rated
	formats map[string]int
	said    []Repeated
	kickers []*phrase // words beside the titles
}

// Repeated is what most pages of a template say between title and end of the text, and is
// left out: nobody is told of it page by page, so somebody has to see it once.
type Repeated struct {
	Profile string `json:"profile"`
	Text    string `json:"text"`
	Pages   int    `json:"pages"` // of those that fit
}

func newEvidence() *evidence { return &evidence{fields: map[string]*rated{}} }

func (e *evidence) add(field string, r *rated) { e.fields[field] = r }

// fieldError is what is wrong with a field of a profile.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.field + ": " + e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

var errOnlyDates = errors.New(bareLine + " is a line that has no element of its own, which only a date can be: write here which elements it is")

var errOnlyElements = errors.New("this has to be elements, which data for programs are not: only title, date, section and address can stand in " + dataMark)

// compile reads the selectors of a profile. The error names the field.
func (p *Profile) compile() error {
	for _, f := range []struct {
		name, text string
		to         *Selector
	}{
		{"title", p.Title.Select, &p.title}, {"date", p.Date.Select, &p.date}, {"section", p.Section.Select, &p.section},
		{"lead", p.Lead, &p.lead}, {"body", p.Body, &p.body}, {"captions", p.Captions, &p.captions}, {"address", p.Address, &p.address},
	} {
		s, err := ParseSelector(f.text)
		if err == nil && s.bare && f.name != "date" {
			err = errOnlyDates
		}
		if err != nil {
			return &fieldError{f.name, err}
		}
		*f.to = s
	}
	for _, f := range []struct {
		name  string
		texts []string
		to    *[]Selector
	}{{"also", p.Also, &p.also}, {"files", p.Files, &p.files}, {"remove", p.Remove, &p.remove}} {
		for _, text := range f.texts {
			s, err := ParseSelector(text)
			switch {
			case err == nil && s.isData():
				err = errOnlyElements
			case err == nil && s.bare:
				err = errOnlyDates
			}
			if err != nil {
				return &fieldError{f.name, err}
			}
			*f.to = append(*f.to, s)
		}
	}
	for text := range p.Says {
		if !slices.Contains(p.Remove, text) {
			return &fieldError{"says", fmt.Errorf("%q is not among the elements to remove: write it there, or take it out here", text)}
		}
	}
	switch {
	case p.Title.Select == "":
		return &fieldError{"title", errors.New(`it is missing: write where the title stands, like select: "h1"`)}
	case p.Body == "" || p.body.attribute != "" || p.body.isData():
		return &fieldError{"body", errors.New(`write which elements have the text, like ".article-text"`)}
	case p.lead.attribute+p.captions.attribute != "":
		return &fieldError{"lead", errors.New("lead and captions are elements, not attributes: leave out what begins with @")}
	case p.lead.isData() || p.captions.isData():
		return &fieldError{"lead", errOnlyElements}
	}
	if p.Date.Zone != "" {
		zone, err := time.LoadLocation(p.Date.Zone)
		if err != nil || p.Date.Zone == "Local" {
			return &fieldError{"date", fmt.Errorf("the zone %q is not known: write it like Europe/Berlin", p.Date.Zone)}
		}
		p.zone = zone
	}
	p.index()
	return nil
}

// index makes the repeated lines ready to be found.
func (p *Profile) index() {
	p.lines, p.silent, p.says = phrasesOf(p.Lines), keysOf(p.Silent), map[string]phrases{}
	p.beside, p.kickers = phrasesOf(p.Date.Beside), phrasesOf(p.Title.Beside)
	for selector, texts := range p.Says {
		p.says[selector] = phrasesOf(texts)
	}
}

func keysOf(texts []string) map[uint64]bool {
	keys := map[uint64]bool{}
	for _, text := range texts {
		k, _ := textKey("", text)
		keys[k] = true
	}
	return keys
}

// repeated reports whether a line is one of those that the profile leaves out.
func (p *Profile) repeated(text string) bool { return p.lines.have(text) }

// removes reports whether an element that a selector of those to remove has found is to go:
// it says what it says elsewhere, or whatever it says.
func (p *Profile) removes(s Selector, n *html.Node) bool {
	says, bound := p.says[s.text]
	text := lineOf(n).text
	return !bound || !saying(text) || says.have(text)
}

// reason says why an element goes that a selector of those to remove has found: because it is
// repeated, if it is known by its words and they lead nowhere, or because the profile says so.
func (p *Profile) reason(s Selector, n *html.Node) string {
	if _, known := p.says[s.text]; known && !leadsOrOperates(n) {
		return repeated
	}
	return byProfile
}

// leadsOrOperates reports whether an element has a link or a control.
func leadsOrOperates(n *html.Node) bool {
	if operable(n) {
		return true
	}
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && operable(c) {
			return true
		}
	}
	return false
}

// unheard reports whether words that no browser shows are those of the template.
func (p *Profile) unheard(text string) bool {
	k, _ := textKey("", text)
	return p.silent[k]
}

// fits says what a page lacks of a profile, or nothing.
func (p *Profile) fits(d *document) string {
	root := d.tree.Nodes[0]
	for _, f := range []struct {
		name string
		s    Selector
	}{{"body", p.body}, {"title", p.title}, {"date", p.date}} {
		if f.s.text == "" || f.s.bare {
			continue
		}
		if _, n := f.s.value(root); n == nil {
			return fmt.Sprintf("no %s (%s)", f.name, f.s)
		}
	}
	return ""
}

// fit returns the first profile that a page fits, or why it fits none.
func (ps *Profiles) fit(d *document) (*Profile, string) {
	var reasons []string
	for _, p := range ps.Profiles {
		lacks := p.fits(d)
		if lacks == "" {
			return p, ""
		}
		reasons = append(reasons, p.Name+": "+lacks)
	}
	return nil, "it fits none of the profiles: " + strings.Join(reasons, "; ")
}

// order says which figure of the profile's dates is the day.
func (p *Profile) order() order {
	for _, f := range p.Date.Formats {
		day, month := strings.IndexByte(f, 'D'), strings.IndexByte(f, 'M')
		if day >= 0 && month >= 0 && !strings.HasPrefix(f, "YYYY") {
			if day < month {
				return dayFirst
			}
			return monthFirst
		}
	}
	return unknownOrder
}

// writes reports whether a date is written as the profile says.
func (p *Profile) writes(text string, r reading) bool {
	if len(p.Date.Formats) == 0 {
		return true
	}
	either := strings.NewReplacer("D", "?", "M", "?")
	shape := dateShape(text, r)
	for _, f := range p.Date.Formats {
		if f == shape || r.day == r.month && either.Replace(f) == either.Replace(shape) {
			return true
		}
	}
	return false
}

// readDate reads the date of a page where and as the profile says.
func (p *Page) readDate(profile *Profile, text string, metadata []candidate, language press.Language, o Options) {
	found := findDates(text, language, profile.order())
	if len(found) == 0 {
		p.problem("the date of the page is not one: " + squeeze(text, 80))
		return
	}
	r := found[0]
	switch {
	case !profile.writes(text, r):
		p.problem(fmt.Sprintf("the date %q is written as %s, which the profile does not have among its formats", squeeze(text, 60), dateShape(text, r)))
		return
	case r.swapped && profile.order() == unknownOrder:
		p.problem(fmt.Sprintf("the date %02d/%02d/%d can be read in two ways: write D/M/YYYY or M/D/YYYY among the formats of the profile", r.day, r.month, r.year))
		return
	case r.doubtful:
		day, ok := namedDay(r, language, metadata)
		if !ok {
			p.problem(fmt.Sprintf("the date %s is in figures that may be of another calendar, and no metadata names that day", r.figures()))
			return
		}
		r = day
	}
	r.swapped = false
	zone := o.Zone
	if profile.zone != nil {
		zone = profile.zone
	}
	p.setDate(refine(p, candidate{r, worthHead}, metadata, zone).reading, zone)
}

// Repeated is what most pages that fit a profile say, and is left out; nothing if it was not
// learned.
func (p *Profile) Repeated() []Repeated {
	if p.learned == nil {
		return nil
	}
	return p.learned.said
}

// Fits is how many of the pages that were compared fit a profile; 0 if it was not
// learned.
func (p *Profile) Fits() int {
	if p.learned == nil {
		return 0
	}
	return p.learned.pages
}
