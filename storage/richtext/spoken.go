package richtext

import (
	"iter"
	"slices"
	"strings"
)

// Unsaid stands where a plain form leaves out what its neighbours would be read with: a
// term before its definition, a cell of a row, the words above the items of an inner list;
// and for an empty term or definition wherever that cannot be shown as one.
const Unsaid = "—"

// spoken is what a plain form says of each block. What is struck through must not hand
// what belonged to it to its neighbour, as the name of a secretary to the minister above:
// a term without its definition, and a definition without its term, have a dash beside them.
func spoken(all []Block) []string {
	texts := make([]string, len(all))
	for i, b := range all {
		texts[i] = b.plain()
	}
	for i := range all {
		list, term := strings.CutSuffix(all[i].Kind, "dt")
		switch {
		case !term:
			if texts[i] == "" && heads(all[i:], texts[i:]) {
				texts[i] = Unsaid
			}
		case i == 0 || all[i-1].Kind != all[i].Kind: // the first of the terms of a definition
			settleTerms(all[i:], texts[i:], list)
		}
	}
	return texts
}

// settleTerms sees to the terms with which blocks begin, and to what defines them.
func settleTerms(all []Block, texts []string, list string) {
	terms := 0
	for terms < len(all) && all[terms].Kind == all[0].Kind {
		terms++
	}
	end := terms
	for end < len(all) && strings.HasPrefix(all[end].Kind+" ", list+"dd ") {
		end++
	}
	if end == terms {
		return
	}
	switch named, defined := says(texts[:terms]), says(texts[terms:end]); {
	case !named && defined:
		texts[0] = Unsaid
	case named && !defined:
		texts[terms] = Unsaid // it is struck, a picture, or nothing
	}
}

// heads tells whether the first of blocks is a heading over something that is said, or the
// head of an item that goes on with a list of which something is.
func heads(all []Block, texts []string) bool {
	kind := all[0].Kind
	if name := kind[strings.LastIndexByte(kind, ' ')+1:]; len(name) == 2 && name[0] == 'h' && name != "hr" {
		return len(all) > 1 && texts[1] != "" && all[0].beginsStruck()
	}
	if !strings.HasSuffix(strings.TrimSuffix(kind, " p"), "li") {
		return false
	}
	item := strings.TrimSuffix(kind, " p")
	for i := 1; i < len(all) && inner(all[i].Kind, item); i++ {
		if texts[i] != "" {
			return true
		}
	}
	return false
}

// inner tells whether a kind is that of a block in a list within an item.
func inner(kind, item string) bool {
	rest, ok := strings.CutPrefix(kind, item+" ")
	return ok && (strings.HasPrefix(rest, "ul") || strings.HasPrefix(rest, "ol") || strings.HasPrefix(rest, "dl"))
}

// announces tells whether a text ends in a sign behind which there is what it names.
func announces(text string) bool {
	for _, sign := range []string{":", "：", "–", "="} {
		if strings.HasSuffix(text, sign) {
			return true
		}
	}
	return false
}

func (b Block) beginsStruck() bool { return struckFirst(slices.All(b.Runs)) }
func (b Block) endsStruck() bool   { return struckFirst(slices.Backward(b.Runs)) }

// struckFirst tells whether the first of runs that is read is struck.
func struckFirst(runs iter.Seq2[int, Run]) bool {
	for _, r := range runs {
		if r.Style.Struck {
			return true
		}
		if !r.Style.Note && strings.TrimSpace(r.Text) != "" {
			return false
		}
	}
	return false
}

func says(texts []string) bool {
	for _, t := range texts {
		if t != "" {
			return true
		}
	}
	return false
}

// row is the text of a row, in which what stands in place of a struck cell keeps the
// others under their heads.
func (b Block) row() string {
	var cells []string
	var struck []bool
	cell := Block{}
	end := func() {
		text := cell.plain()
		cells, struck = append(cells, text), append(struck, text == "" && holdsStruck(cell))
		cell = Block{}
	}
	for _, r := range b.Runs {
		for i, part := range strings.Split(r.Text, "\t") {
			if i > 0 {
				end()
			}
			if part != "" || r.Style.Picture != "" {
				cell.Runs = append(cell.Runs, Run{part, r.Style})
			}
		}
	}
	end()
	if !says(cells) {
		return ""
	}
	for i := range cells {
		if struck[i] {
			cells[i] = Unsaid
		}
	}
	return strings.Trim(strings.Join(cells, "\t"), " \t\n")
}

func holdsStruck(b Block) bool {
	for _, r := range b.Runs {
		if r.Style.Struck {
			return true
		}
	}
	return false
}
