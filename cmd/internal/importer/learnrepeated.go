package importer

import (
	"cmp"
	"slices"
	"strings"
)

// repeated is what the profile leaves out because most pages say it, the most frequent first,
// but for what leads somewhere or operates the page.
func (s *survey) repeated(p *Profile) (all []Repeated) {
	said := heard{}
	for _, e := range s.found {
		if e.kind == repeats && !e.leads && slices.ContainsFunc(e.names, func(name string) bool { return slices.Contains(p.Remove, name) }) {
			said.add(e.page, e.text, e.inBody)
		}
	}
	for _, l := range s.lines {
		if p.repeated(l.text) && !l.leads {
			for page := range l.pages {
				said.add(page, l.text, l.inText)
			}
		}
	}
	for _, l := range p.learned.kickers {
		said.add(0, l.text, false)
		for page := range l.pages {
			said.add(page, l.text, false)
		}
	}
	for _, l := range said {
		all = append(all, Repeated{p.Name, l.text, len(l.pages)})
	}
	slices.SortFunc(all, func(a, b Repeated) int { return cmp.Or(b.Pages-a.Pages, strings.Compare(a.Text, b.Text)) })
	return all
}
