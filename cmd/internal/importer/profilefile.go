package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"communique/storage/press"
)

// maxProfiles bounds a file of profiles, in bytes.
const maxProfiles = 1 << 20

// ParseProfiles reads a file of profiles as [Learned.Write] writes it and webmasters edit
// it. Errors name file, line and field.
func ParseProfiles(name string, raw []byte) (*Profiles, error) {
	if len(raw) > maxProfiles {
		return nil, &Problem{File: name, Text: fmt.Sprintf("the file is larger than %d KiB: no profiles are", maxProfiles>>10)}
	}
	var ps Profiles
	if err := yaml.UnmarshalWithOptions(raw, &ps, yaml.Strict()); err != nil {
		return nil, &Problem{File: name, Text: yamlProblem(err)}
	}
	if len(ps.Profiles) == 0 {
		return nil, &Problem{File: name, Text: `it has no profile: write one below "profiles:", or let "communique import learn" write it`}
	}
	if ps.Language != "" {
		language, err := press.ParseLanguage(ps.Language)
		if err != nil {
			return nil, &Problem{File: name, Text: fmt.Sprintf("line %d: language: %v", lineOfField(raw, "$.language"), err)}
		}
		ps.Language = string(language)
	}
	for i, p := range ps.Profiles {
		at := fmt.Sprintf("$.profiles[%d]", i)
		if p == nil {
			return nil, &Problem{File: name, Text: fmt.Sprintf("profile %d is empty: take out its line", i+1)}
		}
		if p.Name == "" {
			p.Name = "profile " + strconv.Itoa(i+1)
		}
		if err := p.compile(); err != nil {
			if f, ok := errors.AsType[*fieldError](err); ok && lineOfField(raw, at+"."+f.field) > 0 {
				at += "." + f.field
			}
			return nil, &Problem{File: name, Text: fmt.Sprintf("line %d: %s: %v", lineOfField(raw, at), p.Name, err)}
		}
	}
	return &ps, nil
}

// lineOfField is the line of the file on which a field is, or 0.
func lineOfField(raw []byte, field string) int {
	path, err := yaml.PathString(field)
	if err != nil {
		return 0
	}
	node, err := path.ReadNode(bytes.NewReader(raw))
	if err != nil || node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// yamlProblem says in a line what YAML cannot read.
func yamlProblem(err error) string {
	syntax, ok := errors.AsType[yaml.Error](err)
	if !ok || syntax.GetToken() == nil || syntax.GetToken().Position == nil {
		return "it cannot be read as YAML: " + squeeze(err.Error(), 200)
	}
	return fmt.Sprintf("line %d: %s", syntax.GetToken().Position.Line, syntax.GetMessage())
}

// Write writes the profiles with the evidence for each line, for a webmaster to look at
// and to edit.
func (l Learned) Write(w io.Writer, folder string) error {
	b := &profileWriter{}
	b.line(0, "# Made of %d of %d pages by: communique import learn %s", l.Pages, l.Of, folder)
	b.line(0, "# Edit it, then use it: communique import --dry-run --profile FILE %s", folder)
	b.line(0, "# Elements are named as in CSS; \"meta[name='date'] @content\" names an attribute,")
	b.line(0, "# and \"ld+json NewsArticle.datePublished\" what a page says in its data for programs.")
	b.line(0, "# A page is read by the first profile of which it has title, date and body.")
	if l.Profiles.Encoding != "" {
		b.line(0, "encoding: %s", strconv.Quote(l.Profiles.Encoding))
	} else {
		b.line(0, "# encoding: \"windows-1252\"   # of pages that name none")
	}
	if l.Profiles.Language != "" {
		b.line(0, "language: %s             # of pages that declare none", strconv.Quote(l.Profiles.Language))
	} else {
		b.line(0, "# language: \"en\"             # of pages that declare none")
	}
	b.line(0, "profiles:")
	for _, p := range l.Profiles.Profiles {
		b.profile(p)
	}
	if len(l.Unfit) > 0 {
		b.line(0, "# These fit none, and would be put aside:")
	}
	const shown = 20
	for _, u := range l.Unfit[:min(len(l.Unfit), shown)] {
		b.line(0, "#   %s: %s", u.File, squeeze(u.Reason, 200))
	}
	if n := len(l.Unfit) - shown; n > 0 {
		b.line(0, "#   and %d more", n)
	}
	_, err := w.Write(b.Bytes())
	return err
}

type profileWriter struct{ bytes.Buffer }

func (b *profileWriter) line(indent int, format string, a ...any) {
	line := fmt.Sprintf(format, a...)
	b.WriteString(strings.Repeat(" ", indent) + strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085' }), " ") + "\n")
}

// found is the evidence of a field as a comment.
func (b *profileWriter) found(indent int, p *Profile, r *rated) {
	if r == nil {
		return
	}
	var examples []string
	for _, e := range r.examples {
		examples = append(examples, strconv.Quote(e))
	}
	b.line(indent, "# on %d of %d pages: %s", len(r.on), p.learned.pages, strings.Join(examples, "; "))
}

// elements writes the selectors of elements, each with where it was found.
func (b *profileWriter) elements(p *Profile, field string, selectors []string, found []*rated) {
	if len(selectors) > 0 {
		b.line(4, "%s", field)
	}
	for i, text := range selectors {
		if i < len(found) {
			b.found(6, p, found[i])
		}
		b.line(6, "- %s", strconv.Quote(text))
	}
}

func (b *profileWriter) profile(p *Profile) {
	e := p.learned
	if e == nil {
		e = newEvidence()
	}
	b.line(2, "- name: %s", strconv.Quote(p.Name))
	b.line(4, "# fits %d of the pages that were compared, such as %s", e.pages, strings.Join(e.names, ", "))
	b.line(4, "title:")
	b.found(6, p, e.fields["title"])
	b.line(6, "select: %s", strconv.Quote(p.Title.Select))
	if p.Title.Without != "" {
		b.line(6, "without: %s   # it ends each of them", strconv.Quote(p.Title.Without))
	}
	if len(p.Title.Beside) > 0 {
		b.list(6, "beside", p.Title.Beside, "   # words beside the title that are none of it")
	}
	b.line(4, "date:")
	b.found(6, p, e.fields["date"])
	if e.fields["date"] == nil {
		b.line(6, "# not found: without it no page has a date, and all are put aside")
	}
	note := ""
	if p.date.bare {
		note = "   # a line between title and text, or the first of it, that has no element of its own"
	}
	b.line(6, "select: %s%s", strconv.Quote(p.Date.Select), note)
	if len(p.Date.Formats) > 0 {
		b.line(6, "formats:   # D, M or month in words, and YYYY; a date that is written otherwise is a problem")
	}
	for _, f := range p.Date.Formats {
		note := ""
		if strings.Contains(f, "?") {
			note = ", and no page shows which figure is the day: write D/M/YYYY or M/D/YYYY"
		}
		b.line(8, "- %s   # on %d pages%s", strconv.Quote(f), e.formats[f], note)
	}
	if len(p.Date.Beside) > 0 {
		b.list(6, "beside", p.Date.Beside, "   # words beside the date that are none of the text; others are told")
	}
	if p.Date.Zone != "" {
		b.line(6, "zone: %s   # of times that name none", strconv.Quote(p.Date.Zone))
	}
	b.section(p, e)
	for _, f := range []struct{ name, value, none string }{
		{"lead", p.Lead, "not found"}, {"body", p.Body, ""}, {"captions", p.Captions, "not found"},
		{"address", p.Address, "not found: no page says its own address; see --mirror"},
	} {
		b.found(4, p, e.fields[f.name])
		if e.fields[f.name] == nil && f.none != "" {
			b.line(4, "# %s", f.none)
		}
		b.line(4, "%s: %s", f.name, strconv.Quote(f.value))
	}
	b.elements(p, "also:   # elements beside the body that belong to the text", p.Also, e.also)
	b.elements(p, "files:   # elements beside the body that list files: the links to these stand behind the text", p.Files, e.files)
	b.repeated(p)
	if len(p.Remove) == 0 {
		b.line(4, "remove: []   # elements in and around the text that are none of it")
	} else {
		b.line(4, "remove:   # in and around the text, and none of it: these words are left out without a problem")
	}
	for i, text := range p.Remove {
		if i < len(e.remove) {
			b.found(6, p, e.remove[i])
		}
		b.line(6, "- %s", strconv.Quote(text))
	}
	if len(p.Says) > 0 {
		b.line(4, "says:   # one of these elements that says something else is not removed")
	}
	for _, text := range p.Remove {
		if says := p.Says[text]; says != nil {
			b.list(6, strconv.Quote(text), says, "")
		}
	}
	if len(p.Lines) > 0 {
		b.list(4, "lines", p.Lines, "   # lines in and around the text that stand on most pages, and are left out; \"Editor:…\" is any that begins so")
	} else {
		b.line(4, `lines: []   # lines in and around the text that are left out, wherever they stand; "Editor:…" is any that begins so`)
	}
	if len(p.Silent) > 0 {
		b.list(4, "silent", p.Silent, "   # words that no browser shows, known from other pages: nobody needs to look at them")
	}
}

// section writes where the section of a page stands.
func (b *profileWriter) section(p *Profile, e *evidence) {
	b.line(4, "section:")
	b.found(6, p, e.fields["section"])
	if e.fields["section"] == nil {
		b.line(6, "# not found: name one with --section, or write here where it stands, like \"div.kind\" or \"p.info > a\"")
	}
	b.line(6, "select: %s", strconv.Quote(p.Section.Select))
	if p.Section.Without != "" {
		b.line(6, "without: %s   # it begins each of them", strconv.Quote(p.Section.Without))
	}
	if len(p.Section.Skip) > 0 {
		b.list(6, "skip", p.Section.Skip, "   # steps that are no sections")
	}
}

// repeated names what most pages say and is left out.
func (b *profileWriter) repeated(p *Profile) {
	const shown = 20
	said := p.Repeated()
	if len(said) == 0 {
		return
	}
	b.line(4, "# Most pages say this between title and end of the text, and it is left out of all. If it is of")
	b.line(4, "# the text, take it out of remove, says and lines below:")
	for _, r := range said[:min(len(said), shown)] {
		b.line(4, "#   on %d of %d pages: %s", r.Pages, p.Fits(), strconv.Quote(squeeze(r.Text, 200)))
	}
	if n := len(said) - shown; n > 0 {
		b.line(4, "#   and %d more", n)
	}
}

func (b *profileWriter) list(indent int, name string, values []string, note string) {
	b.line(indent, "%s:%s", name, note)
	for _, v := range values {
		b.line(indent+2, "- %s", strconv.Quote(v))
	}
}
