package newsroom

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// ErrBack is at the root of the [*Problem] of a document that takes a passage back to
// what it was before a correction. It is press.ErrConflict.
var ErrBack = fmt.Errorf("%w: takes a correction back", press.ErrConflict)

// ErrNoteStands is at the root of the [*Problem] of a document that takes back what readers
// were told in the note on a correction, and would go on to be. It is press.ErrInvalid.
var ErrNoteStands = fmt.Errorf("%w: contradicts a note", press.ErrInvalid)

// checkUndone refuses a document that takes a passage of a public article back to an
// earlier version: an editor who begins with an old file undoes what came between
// without seeing it, and the note on it stays. Where it is meant, readers who were told
// the one must be told the other.
func (d Document) checkUndone(tx *storage.Tx, now press.Article, draft press.Draft, c Correction) error {
	if now.State != press.Published {
		return nil // nobody has read what a draft said before, and it is not kept
	}
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	history, err := tx.NotedHistory(now.ID, now.Revision)
	if err != nil {
		return err
	}
	saysNow := saidBy(now.Language, now.Title, now.Lead, now.Tags, now.Images, now.Body, now.Particulars)
	willSay := saidBy(draft.Language, draft.Title, draft.Lead, draft.Tags, draft.Images, draft.Body, draft.Particulars)
	for number := now.Revision - 1; number > 0; number-- {
		before, err := tx.WordingAt(now.ID, number)
		if err != nil {
			return err
		}
		field, text := undone(tree, before, now, draft)
		if text == "" && before.Language == draft.Language {
			said := saidBy(before.Language, before.Title, before.Lead, before.Tags, before.Images, before.Body, before.Particulars)
			what, in, back := newReturned(draft.Language, said, saysNow, willSay).find()
			if back {
				field, text = in.field, fmt.Sprintf("it says %s again, which was taken out: %s", richtext.Quoted(what), richtext.Quoted(cmp.Or(in.written, shownTerms(in.terms))))
			}
		}
		if text == "" {
			continue
		}
		if c.Back {
			note, err := noteThatStands(tx, now.ID, history, number, field, change{saysNow, willSay})
			if err != nil {
				return err
			}
			if note != "" && c.Minor && !c.HideEarlier {
				p := d.Problem(field, fmt.Sprintf("%s, and the note that told readers of it would stay: %s", text, richtext.Quoted(note)))
				p.Cause = ErrNoteStands
				return p
			}
			continue
		}
		p := d.Problem(field, text+d.corrections(history[number:]))
		p.Cause = ErrBack
		return p
	}
	if note, stands := noteOutdated(history, saysNow, willSay); stands && c.Minor && !c.HideEarlier {
		p := d.Problem("", "it no longer says what readers were told in a note, which would stay: "+richtext.Quoted(note))
		p.Cause = ErrNoteStands
		return p
	}
	return nil
}

// corrections says what was corrected after a revision.
func (d Document) corrections(since []press.Revision) string {
	r := since[0]
	text := fmt.Sprintf(" (revision %d of %s corrected it", r.Number, r.At.In(d.place()).Format(time.DateOnly))
	if i := slices.IndexFunc(since, func(r press.Revision) bool { return r.Note != "" }); i >= 0 {
		text += ": " + strconv.Quote(since[i].Note)
	}
	return text + ")"
}

// undone is the first thing that a draft takes back from what an article says now to
// what it said before, for a person, with the field that it is in; the text has none.
func undone(tree press.Tree, before, now press.Article, draft press.Draft) (field, text string) {
	for _, f := range []struct{ name, before, now, then string }{
		{"section", sectionPath(tree, before.Section), sectionPath(tree, now.Section), sectionPath(tree, draft.Section)},
		{"language", string(before.Language), string(now.Language), string(draft.Language)},
		{"kind", string(before.Kind), string(now.Kind), string(draft.Kind)},
	} {
		if f.then == f.before && f.then != f.now {
			return f.name, fmt.Sprintf("it is %s again, and is %s now", richtext.Quoted(f.before), richtext.Quoted(f.now))
		}
	}
	for _, tag := range slices.Concat(draft.Tags, now.Tags) {
		was, is, will := slices.Contains(before.Tags, tag), slices.Contains(now.Tags, tag), slices.Contains(draft.Tags, tag)
		switch {
		case is == will || was != will:
		case will:
			return "tags", fmt.Sprintf("%q is there again, which was taken out", tag)
		default:
			return "tags", fmt.Sprintf("%q is missing again, which was added", tag)
		}
	}
	for _, f := range []struct {
		name              string
		before, now, then []string
	}{
		{"title", wording.Words(before.Title), wording.Words(now.Title), wording.Words(draft.Title)},
		{"lead", wording.Words(before.Lead), wording.Words(now.Lead), wording.Words(draft.Lead)},
		{"place", wording.Words(before.Place), wording.Words(now.Place), wording.Words(draft.Place)},
		{"contacts", contactWords(before.Contacts), contactWords(now.Contacts), contactWords(draft.Contacts)},
		{notesField, noteWords(before.NotesToEditors), noteWords(now.NotesToEditors), noteWords(draft.NotesToEditors)},
		{"images", imageWords(before.Images), imageWords(now.Images), imageWords(draft.Images)},
		{"", htmlWords(before.Body), htmlWords(now.Body), htmlWords(draft.Body)},
	} {
		w := wordings{seen(f.before), seen(f.now), seen(f.then)}
		if change, marks, ok := w.undone(); ok {
			was, is := passageOf(f.then, change.ToStart, change.ToEnd, marks), passageOf(f.now, change.FromStart, change.FromEnd, marks)
			return f.name, fmt.Sprintf("it says %s again, where %s stands now", richtext.Quoted(was), richtext.Quoted(is))
		}
	}
	return "", ""
}

func sectionPath(tree press.Tree, id press.SectionID) string {
	section, _ := tree.Section(id)
	return string(section.Path)
}

var tagOrText = lazyregexp.New(`<[^>]*>|[^<]+`)

var struck = lazyregexp.New(`^<(/?)(?:del|s|strike)\b`)

// htmlWords are the words of a text, an element's mark as one: where a link leads is
// as much what a text says as its words. What is struck through is not said.
func htmlWords(body press.HTML) []string {
	var all []string
	depth := 0
	for _, part := range tagOrText.FindAllString(string(body), -1) {
		if mark := struck.FindStringSubmatch(part); mark != nil {
			if depth++; mark[1] != "" {
				depth -= 2
			}
			continue
		}
		if depth > 0 {
			continue
		}
		if strings.HasPrefix(part, "<") {
			all = append(all, part)
			continue
		}
		all = append(all, wording.Words(html.UnescapeString(part))...)
	}
	return all
}

// isWord tells words, figures and the characters of scripts without spaces from marks.
func isWord(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func imageWords(images []press.Image) []string {
	var all []string
	for _, i := range images {
		all = append(all, i.Src)
		for _, text := range []string{i.Alt, i.Caption, i.Credit, i.Terms} {
			all = append(append(all, "\n"), wording.Words(text)...)
		}
	}
	return all
}

func contactWords(contacts []press.Contact) []string {
	var all []string
	for _, c := range contacts {
		for _, text := range []string{c.Name, c.Role, c.Telephone, c.Email} {
			all = append(append(all, "\n"), wording.Words(text)...)
		}
	}
	return all
}

func noteWords(notes []string) []string {
	var all []string
	for _, note := range notes {
		all = append(append(all, "\n"), wording.Words(note)...)
	}
	return all
}

// seen leaves out white space, of which readers see only that it is there.
func seen(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !isSeen(w) })
}

func isSeen(word string) bool { return strings.TrimSpace(word) != "" }

// wordings are three texts as words: an earlier one, the present one and the one that
// is to replace it.
type wordings struct{ before, now, then []string }

// undone finds a change that takes a passage back; marks is set if it is in the marks of
// elements alone.
func (w wordings) undone() (change wording.Edit, marks, ok bool) {
	if slices.Equal(w.before, w.now) {
		return change, false, false
	}
	corrected := wording.Align(w.before, w.now)
	kept := keptFrom(wording.Align(w.before, w.then), len(w.then))
	for _, change := range wording.Align(w.now, w.then) {
		if change.Kept {
			continue
		}
		for _, c := range corrected {
			if !c.Kept && c.ToStart <= change.FromEnd && change.FromStart <= c.ToEnd && w.takesBack(c, change, kept) {
				return change, slices.Equal(unmarked(w.then[change.ToStart:change.ToEnd]), unmarked(w.now[change.FromStart:change.FromEnd])), true
			}
		}
	}
	return wording.Edit{}, false, false
}

// keptFrom tells for each word of the second text which one of the first it is, or -1.
func keptFrom(edits []wording.Edit, length int) []int {
	from := slices.Repeat([]int{-1}, length)
	for _, e := range edits {
		for i := e.ToStart; e.Kept && i < e.ToEnd; i++ {
			from[i] = e.FromStart + i - e.ToStart
		}
	}
	return from
}

// takesBack reports whether a change undoes a correction that it touches: at least half
// of what it puts there is what the correction took out; or it takes out what the
// correction put in, and puts nothing in its place.
func (w wordings) takesBack(c, change wording.Edit, kept []int) bool {
	counts := func(string) bool { return true }
	if slices.ContainsFunc(w.then[change.ToStart:change.ToEnd], telling) {
		counts = telling // which small words and marks are around it says nothing
	}
	restored, put := 0, 0
	for i := change.ToStart; i < change.ToEnd; i++ {
		if !counts(w.then[i]) {
			continue
		}
		if put++; kept[i] >= c.FromStart && kept[i] < c.FromEnd {
			restored++
		}
	}
	if restored > 0 && 2*restored >= put {
		return true
	}
	if c.FromStart < c.FromEnd || c.ToStart < change.FromStart || change.FromEnd < c.ToEnd {
		return false
	}
	count := countWords
	if countWords(w.now[c.ToStart:c.ToEnd]) == 0 { // a comma was put in
		count = func(words []string) int { return len(words) }
	}
	added, taken := count(w.now[c.ToStart:c.ToEnd]), count(w.now[change.FromStart:change.FromEnd])
	return count(w.then[change.ToStart:change.ToEnd]) <= taken-added && 3*added >= taken
}

// telling words are more than what holds a sentence together: figures, longer words,
// characters of scripts without spaces, and where something leads.
func telling(w string) bool {
	r, size := utf8.DecodeRuneInString(w)
	switch {
	case strings.HasPrefix(w, "<"):
		return leads.MatchString(w)
	case unicode.IsDigit(r), size == len(w) && unspaced(r):
		return true
	}
	return isWord(w) && utf8.RuneCountInString(w) >= longWord
}

// countWords counts words without marks.
func countWords(words []string) int {
	n := 0
	for _, w := range words {
		if isWord(w) {
			n++
		}
	}
	return n
}

// unmarked are words without the marks of elements, but for those that lead somewhere.
func unmarked(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.HasPrefix(w, "<") && !leads.MatchString(w) })
}
