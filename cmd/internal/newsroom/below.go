package newsroom

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// fieldBelow is a line of the text that looks like one of the front matter, bare, in
	// bold or in a list.
	fieldBelow      = regexp.MustCompile("^[\\s\\p{Z}>*_`+\"'-]*([\\pL][\\pL_ -]{0,30}?)[\\s\\p{Z}*_`\"']*[:：=](.*)$")
	beginsWithDigit = regexp.MustCompile("^[\\s*_`\"']*[0-9]")
	// ruleBelow is a line of signs alone, such as the one that ends front matter.
	ruleBelow = regexp.MustCompile("^[\\s\\p{Z}>]*(-{3,}|\\.{3,}|={3,}|_{3,}|\\*{3,}|\\+{3,}|```\\s*\\w*|~~~\\s*\\w*|<!--|-->)[\\s\\p{Z}]*$")
)

// fieldsBelow is why a text is refused that begins with fields: what was to be a date is
// not published as text, at once. start is the line of the file on which the text begins.
func (d *Document) fieldsBelow(text string, start int) *Problem {
	block := false  // a rule stands above: what follows is a second front matter
	titled := false // a heading does: what follows is text, but for a date
	for number, line := range strings.Split(text, "\n") {
		bare := strings.TrimSpace(strings.Trim(line, "\ufeff"))
		if bare == "" {
			continue
		}
		if ruleBelow.MatchString(bare) {
			block = true
			continue
		}
		if strings.HasPrefix(bare, "#") {
			titled = true
			continue
		}
		part := fieldBelow.FindStringSubmatch(bare)
		if part == nil {
			return nil
		}
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(part[1])), " ", "_")
		if titled && (name != "published" || !beginsWithDigit.MatchString(part[2])) {
			return nil
		}
		if slices.Contains(fields, name) {
			return &Problem{File: d.File, Line: start + number, Field: name, Text: `it is below the front matter, where it would be published as text: move it above the line "---" that ends the front matter`}
		}
		if block && strings.Contains(restOfBlock(text, number), "\n---") {
			return &Problem{File: d.File, Line: start + number, Text: "the text begins with a second front matter, which would be published as text: the fields are " +
				strings.Join(fields, ", ") + `, above the line "---"`}
		}
	}
	return nil
}

// restOfBlock is what follows a line without a line that is empty.
func restOfBlock(text string, number int) string {
	lines := strings.Split(text, "\n")[number:]
	if end := slices.Index(lines, ""); end >= 0 {
		lines = lines[:end]
	}
	return strings.Join(lines, "\n")
}
