package wording

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestMerge: what does not touch is merged, and what does is left to a person.
func TestMerge(t *testing.T) {
	t.Parallel()
	for what, tt := range map[string]struct{ base, theirs, mine, want string }{
		"nothing":                       {"a b c", "a b c", "a b c", "a b c"},
		"mine alone":                    {"a b c", "a b c", "a x c", "a x c"},
		"theirs alone":                  {"a b c", "a x c", "a b c", "a x c"},
		"both, apart":                   {"a b c", "x b c", "a b y", "x b y"},
		"both, alike":                   {"a b c", "a x c", "a x c", "a x c"},
		"both, side by side":            {"a b c d", "a x c d", "a b y d", "a {b c|x c|b y} d"},
		"both, the same place":          {"a b c", "a x c", "a y c", "a {b|x|y} c"},
		"one takes out, one changes":    {"a b c", "a c", "a y c", "a {b||y} c"},
		"both put in at one place":      {"a c", "a x c", "a y c", "a {|x|y} c"},
		"put in at two places":          {"a b", "x a b", "a b y", "x a b y"},
		"out here, in there":            {"a b c d", "b c d", "a b c x d", "b c x d"},
		"one change over two":           {"a b c d e", "a x d e", "a y c z e", "a {b c d|x d|y c z} e"},
		"from nothing":                  {"", "x", "y", "{|x|y}"},
		"all taken out by one":          {"a b", "", "a b", ""},
		"all taken out, and put in":     {"a b", "", "a x b", "{a b||a x b}"},
		"the end of one, start of next": {"a b", "a x b", "a b y", "a x b y"},
	} {
		var got []string
		for _, s := range Merge(strings.Fields(tt.base), strings.Fields(tt.theirs), strings.Fields(tt.mine)) {
			if s.Touches() {
				got = append(got, "{"+strings.Join(s.Base, " ")+"|"+strings.Join(s.Theirs, " ")+"|"+strings.Join(s.Mine, " ")+"}")
			} else if m := strings.Join(s.Merged(), " "); m != "" {
				got = append(got, m)
			}
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: %q, want %q", what, text, tt.want)
		}
	}
}

// TestMergeLosesNothing: the stretches in a row are each of the three whole.
func TestMergeLosesNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		var of [3][]string
		for i := range of {
			for range random.IntN(10) {
				of[i] = append(of[i], string(rune('a'+random.IntN(4))))
			}
		}
		var back [3][]string
		for _, s := range Merge(of[0], of[1], of[2]) {
			back[0], back[1], back[2] = append(back[0], s.Base...), append(back[1], s.Theirs...), append(back[2], s.Mine...)
		}
		for i := range of {
			if !slices.Equal(of[i], back[i]) {
				t.Fatalf("%v has become %v", of, back)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		"One. Two.":                    "One. |Two.",
		"One.\nTwo":                    "One.\n|Two",
		"One.\n\nTwo.\n":               "One.\n|\n|Two.\n",
		"He said: “No.” They left.":    "He said: “No.” |They left.",
		"In 3.5 hours, at a.b.example": "In 3.5 hours, at a.b.example",
		"What?! No…  Yes":              "What?! |No…  |Yes",
		"我们同意。他们反对！「不」。好":                     "我们同意。|他们反对！|「不」。|好",
		"هل وافق الوزير؟ نعم. انتهى الاجتماع": "هل وافق الوزير؟ |نعم. |انتهى الاجتماع",
		"  \n": "  \n",
	} {
		all := Sentences(text)
		if got := strings.Join(all, "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if strings.Join(all, "") != text {
			t.Errorf("%q: %q", text, all)
		}
	}
}
