package newsroom

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/wording"
)

// Wording is a document, and what is said of how it goes out.
type Wording struct {
	Document string
	How      manuscripts.How
}

// Choice is whose wording somebody has chosen for a [Clash]; empty is none yet.
type Choice string

// The choices.
const (
	ChooseTheirs Choice = "theirs"
	ChooseMine   Choice = "mine"
	ChooseBoth   Choice = "both" // theirs first
)

// Clash is a place of a document that two people have changed, and not alike.
type Clash struct {
	Field              string // as documents and problems call it; "text" is the text, empty all of a document
	Base, Theirs, Mine string
	Joins              bool // both can stand there, one behind the other
	Chosen             Choice
}

// Merge puts together what two people have made of one wording: field by field, and in the text
// sentence by sentence, so that none is ever made of the words of two. What both have changed is
// a clash, for each of which chosen is asked by its number; without a choice theirs stands there.
func Merge(base, theirs, mine Wording, chosen func(clash int) Choice) (Wording, []Clash) {
	m := merger{chosen: chosen}
	merged := Wording{Document: m.document(base.Document, theirs.Document, mine.Document), How: m.how(base.How, theirs.How, mine.How)}
	return merged, m.clashes
}

// merger collects clashes in the order in which the form has their fields.
type merger struct {
	chosen  func(clash int) Choice
	clashes []Clash
}

func (m *merger) clash(c Clash) Choice {
	c.Chosen = m.chosen(len(m.clashes))
	if c.Chosen != ChooseTheirs && c.Chosen != ChooseMine && (c.Chosen != ChooseBoth || !c.Joins) {
		c.Chosen = ""
	}
	m.clashes = append(m.clashes, c)
	return c.Chosen
}

func (m *merger) document(base, theirs, mine string) string {
	b, noBase := ReadComposition([]byte(base))
	t, noTheirs := ReadComposition([]byte(theirs))
	own, noMine := ReadComposition([]byte(mine))
	if noBase != nil || noTheirs != nil || noMine != nil {
		return m.text("", base, theirs, mine)
	}
	return string(m.composition(b, t, own).Document())
}

func (m *merger) composition(base, theirs, mine Composition) (c Composition) {
	c.Article, c.Revision = unasked(base.Article, theirs.Article, mine.Article), unasked(base.Revision, theirs.Revision, mine.Revision)
	c.Title = m.value("title", base.Title, theirs.Title, mine.Title)
	c.Section = m.value("section", base.Section, theirs.Section, mine.Section)
	c.Language = m.value("language", base.Language, theirs.Language, mine.Language)
	c.Kind = m.value("kind", base.Kind, theirs.Kind, mine.Kind)
	c.Place = m.value("place", base.Place, theirs.Place, mine.Place)
	c.Published = m.value("published", base.Published, theirs.Published, mine.Published)
	c.Lead = m.text("lead", base.Lead, theirs.Lead, mine.Lead)
	c.Text = m.text("text", base.Text, theirs.Text, mine.Text)
	c.Tags = mergeSet(base.Tags, theirs.Tags, mine.Tags)
	c.NotesToEditors = mergeItems(m, notesField, base.NotesToEditors, theirs.NotesToEditors, mine.NotesToEditors, func(note string) string { return note })
	c.Contacts = m.contacts(base.Contacts, theirs.Contacts, mine.Contacts)
	c.TranslationOf = m.value("translation_of", base.TranslationOf, theirs.TranslationOf, mine.TranslationOf)
	c.Images = m.images(base.Images, theirs.Images, mine.Images)
	return c
}

func (m *merger) how(base, theirs, mine manuscripts.How) manuscripts.How {
	at := unasked(whenOf(base), whenOf(theirs), whenOf(mine))
	return manuscripts.How{
		At: at.At, Local: at.Local,
		Note: m.text("note", base.Note, theirs.Note, mine.Note), Reason: m.text("reason", base.Reason, theirs.Reason, mine.Reason),
		Minor: unasked(base.Minor, theirs.Minor, mine.Minor), Hide: unasked(base.Hide, theirs.Hide, mine.Hide), Silent: unasked(base.Silent, theirs.Silent, mine.Silent),
		Meant: mergeSet(base.Meant, theirs.Meant, mine.Meant),
	}
}

// when is the instant at which something is done, as it was entered.
type when struct {
	At    time.Time
	Local press.Local
}

func whenOf(how manuscripts.How) when { return when{how.At.UTC(), how.Local} }

// unasked merges what has two values alone, or what nobody types.
func unasked[T comparable](base, theirs, mine T) T {
	if theirs == base {
		return mine
	}
	return theirs
}

// value merges what stands in a field as a whole.
func (m *merger) value(field, base, theirs, mine string) string {
	s := wording.Stretch{Base: []string{base}, Theirs: []string{theirs}, Mine: []string{mine}}
	if !s.Touches() {
		return s.Merged()[0]
	}
	if m.clash(Clash{Field: field, Base: base, Theirs: theirs, Mine: mine}) == ChooseMine {
		return mine
	}
	return theirs
}

// text merges sentence by sentence.
func (m *merger) text(field, base, theirs, mine string) string {
	// The last sentence of a text ends like all others, or one behind it would change it.
	cut := func(text string) []string { return wording.Sentences(text + "\n") }
	var b strings.Builder
	for _, s := range wording.Merge(cut(base), cut(theirs), cut(mine)) {
		if !s.Touches() {
			b.WriteString(strings.Join(s.Merged(), ""))
			continue
		}
		first, second := strings.Join(s.Theirs, ""), strings.Join(s.Mine, "")
		switch m.clash(Clash{Field: field, Base: strings.Join(s.Base, ""), Theirs: first, Mine: second, Joins: first != "" && second != ""}) {
		case ChooseMine:
			b.WriteString(second)
		case ChooseBoth:
			b.WriteString(first)
			if last, _ := utf8.DecodeLastRuneInString(first); !unicode.IsSpace(last) {
				b.WriteString(" ")
			}
			b.WriteString(second)
		default:
			b.WriteString(first)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// mergeSet merges what is there or not, in whatever order.
func mergeSet(base, theirs, mine []string) (all []string) {
	for _, one := range theirs {
		if !slices.Contains(base, one) || slices.Contains(mine, one) {
			all = append(all, one)
		}
	}
	for _, one := range mine {
		if !slices.Contains(base, one) && !slices.Contains(theirs, one) {
			all = append(all, one)
		}
	}
	return all
}

// mergeItems merges a list, of which show says what is in an item.
func mergeItems[T any](m *merger, field string, base, theirs, mine []T, show func(T) string) (all []T) {
	items := map[string]T{}
	keys := func(list []T) (all []string) {
		for _, item := range list {
			key, _ := json.Marshal(item) //nolint:errchkjson // texts and numbers always are JSON
			items[string(key)] = item
			all = append(all, string(key))
		}
		return all
	}
	shown := func(keys []string) string {
		var all []string
		for _, key := range keys {
			all = append(all, show(items[key]))
		}
		return strings.Join(all, "\n")
	}
	for _, s := range wording.Merge(keys(base), keys(theirs), keys(mine)) {
		taken := s.Merged()
		if s.Touches() {
			switch m.clash(Clash{Field: field, Base: shown(s.Base), Theirs: shown(s.Theirs), Mine: shown(s.Mine), Joins: len(s.Theirs) > 0 && len(s.Mine) > 0}) {
			case ChooseMine:
				taken = s.Mine
			case ChooseBoth:
				taken = slices.Concat(s.Theirs, s.Mine)
			default:
				taken = s.Theirs
			}
		}
		for _, key := range taken {
			all = append(all, items[key])
		}
	}
	return all
}

// images merges pictures: those that are the same files by what is said of each.
func (m *merger) images(base, theirs, mine []ComposedImage) []ComposedImage {
	same := func(a, b ComposedImage) bool { return a.Src == b.Src }
	if !slices.EqualFunc(base, theirs, same) || !slices.EqualFunc(base, mine, same) {
		return mergeItems(m, "images", base, theirs, mine, func(i ComposedImage) string {
			return joined(" · ", i.Src, i.Alt, i.Caption, i.Credit, i.Terms)
		})
	}
	merged := slices.Clone(theirs)
	for n := range merged {
		b, t, own := base[n], theirs[n], mine[n]
		field := func(name string) string { return fmt.Sprintf("%s of image %d", name, n+1) }
		merged[n].Alt = m.value(field("alt"), b.Alt, t.Alt, own.Alt)
		merged[n].Caption = m.value(field("caption"), b.Caption, t.Caption, own.Caption)
		merged[n].Credit = m.value(field("credit"), b.Credit, t.Credit, own.Credit)
		merged[n].Terms = m.value(field("terms"), b.Terms, t.Terms, own.Terms)
		if unasked(inJSON(b.Focus), inJSON(t.Focus), inJSON(own.Focus)) == inJSON(own.Focus) {
			merged[n].Focus = own.Focus
		}
	}
	return merged
}

// contacts merges contacts: the same people by what is said of each.
func (m *merger) contacts(base, theirs, mine []press.Contact) []press.Contact {
	same := func(a, b press.Contact) bool { return a.Name == b.Name }
	if !slices.EqualFunc(base, theirs, same) || !slices.EqualFunc(base, mine, same) {
		return mergeItems(m, "contacts", base, theirs, mine, func(c press.Contact) string {
			return joined(", ", c.Name, c.Role, c.Telephone, c.Email)
		})
	}
	merged := slices.Clone(theirs)
	for n := range merged {
		b, t, own := base[n], theirs[n], mine[n]
		field := func(name string) string { return fmt.Sprintf("%s of contact %d", name, n+1) }
		merged[n].Role = m.value(field("role"), b.Role, t.Role, own.Role)
		merged[n].Telephone = m.value(field("telephone"), b.Telephone, t.Telephone, own.Telephone)
		merged[n].Email = m.value(field("email"), b.Email, t.Email, own.Email)
	}
	return merged
}

// joined is what is not empty of some texts.
func joined(between string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), between)
}
