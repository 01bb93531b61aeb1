package wording

import "testing"

// TestAlike: what looks the same is the same, what does not is not.
func TestAlike(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Press News", "press news", "ＰＲＥＳＳ ｎｅｗｓ", " Press\u00a0News ", "Press\u202f\u3000News", "Pr\u00adess N\u200bew\u2060s\ufeff", "Press\tNews\ufe0f"},
		{"Café", "Cafe\u0301", "CAFÉ", "\u200eCafé\u200f"},
		{"Straße", "STRASSE", "strasse"},
		{"ﬁnance", "Finance"},
		{"ΛΌΓΟΣ", "λόγος", "λόγοσ"},
		{"", "\u200b", "\u3164\uffa0", "\u2800", "\u180e\U000e0061"},
		{"الوزارة", "الو\u200cزارة", "ﺍلوزارة"},
	} {
		for _, other := range same[1:] {
			if Alike(same[0]) != Alike(other) {
				t.Errorf("%q and %q: %q and %q", same[0], other, Alike(same[0]), Alike(other))
			}
		}
	}
	for _, apart := range [][2]string{{"News", "New"}, {"News 1", "News 2"}, {"Cafe", "Café"}, {"Press News", "PressNews"}, {"\u06dd1", "1"}} {
		if Alike(apart[0]) == Alike(apart[1]) {
			t.Errorf("%q and %q are both %q", apart[0], apart[1], Alike(apart[0]))
		}
	}
}
