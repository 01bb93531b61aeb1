package site

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// shown writes pieces with [added] and {removed} words.
func shown(paragraphs [][]piece) string {
	var all []string
	for _, pieces := range paragraphs {
		var b strings.Builder
		for _, p := range pieces {
			switch {
			case p.Added:
				b.WriteString("[" + p.Text + "]")
			case p.Removed:
				b.WriteString("{" + p.Text + "}")
			default:
				b.WriteString(p.Text)
			}
		}
		all = append(all, b.String())
	}
	return strings.Join(all, " / ")
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, from, to, want string }{
		{"nothing", "", "", ""},
		{"the same", "One. / Two.", "One. / Two.", "One. / Two."},
		{"a word", "The treaty was signed on Monday.", "The treaty was signed on Tuesday.", "The treaty was signed on {Monday}[Tuesday]."},
		{"words in a row", "It was cold and wet there.", "It was warm or dry there.", "It was {cold and wet}[warm or dry] there."},
		{"only a comma", "Dear all we met.", "Dear all, we met.", "Dear all[,] we met."},
		{"a paragraph more", "One. / Three.", "One. / Two. / Three.", "One. / [Two.] / Three."},
		{"a paragraph less", "One. / Two. / Three.", "One. / Three.", "One. / {Two.} / Three."},
		{"everything", "Alpha", "Beta", "{Alpha}[Beta]"},
		{"from nothing", "", "Beta", "[Beta]"},
		{"two apart", "a b c d e f", "a x c d y f", "a {b}[x] c d {e}[y] f"},
		{"Chinese", "王毅会见了部长", "王毅会晤了部长", "王毅会{见}[晤]了部长"},
		{"Arabic", "وقّعت الوزيرة الاتفاق", "وقّعت الوزيرة المعاهدة", "وقّعت الوزيرة {الاتفاق}[المعاهدة]"},
	} {
		cut := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, " / ")
		}
		if got := shown(differences(cut(tt.from), cut(tt.to))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestDifferencesTellBothTexts: without the added words the one text is there,
// without the removed the other, whatever they are.
func TestDifferencesTellBothTexts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	write := func() []string {
		var text []string
		for range random.IntN(6) {
			words := make([]string, 1+random.IntN(8))
			for i := range words {
				words[i] = string(rune('a' + random.IntN(4)))
			}
			text = append(text, strings.Join(words, " "))
		}
		return text
	}
	for range 5000 {
		from, to := write(), write()
		var old, fresh []string
		for _, pieces := range differences(from, to) {
			for _, p := range pieces {
				if !p.Added {
					old = append(old, strings.Fields(p.Text)...)
				}
				if !p.Removed {
					fresh = append(fresh, strings.Fields(p.Text)...)
				}
			}
		}
		if !slices.Equal(old, strings.Fields(strings.Join(from, " "))) || !slices.Equal(fresh, strings.Fields(strings.Join(to, " "))) {
			t.Fatalf("%q and %q: %v", from, to, differences(from, to))
		}
	}
}

// TestDifferencesAreBounded: two long texts without anything in common are one
// in place of the other.
func TestDifferencesAreBounded(t *testing.T) {
	t.Parallel()
	from, to := make([]string, 30_000), make([]string, 30_000)
	for i := range from {
		from[i], to[i] = strings.Repeat("a ", 12), strings.Repeat("b ", 12)
	}
	if got := differences(from, to); len(got) < 2 {
		t.Errorf("%d paragraphs", len(got))
	}
	some, other := strings.Repeat("a b ", 20_000), strings.Repeat("b c ", 20_000)
	if got := compareWords(some, other); len(got) != 2 && len(got) != 3 {
		t.Errorf("%d pieces", len(got))
	}
}
