package wording

import "testing"

// TestSkeleton: what looks the same at a glance has one skeleton, in either case.
func TestSkeleton(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"The Ministry", "THE MINISTRY", "The Mlnistry", "The Mínístry", "The Мinistry", "ＴＨＥ Ministry"},
		{"Other", "0ther", "Øther", "ΟTHER", "Оther"},
		{"Modern", "Modem"},
		{"COP", "СОР", "ϹΟΡ", "сор", "cop", "ᏟOꓑ"},
		{"Note", "ΝΟΤΕ", "νοτε"},
		{"Brand", "Brаnd", "Bránd", "Brán\u0336d", "BRAND"},
		{"Ελλάδα", "ΕΛΛΑΔΑ", "ελλαδα"},
		{"Российская", "РОССИЙСКАЯ"},
		{"الوزارة", "الْوِزَارَة"},
		{"שָׁלוֹם", "שלום"},
	} {
		for _, other := range same[1:] {
			if Skeleton(same[0]) != Skeleton(other) {
				t.Errorf("%q and %q: %q and %q", same[0], other, Skeleton(same[0]), Skeleton(other))
			}
		}
	}
	for _, apart := range [][2]string{
		{"Annex II", "Annex 11"}, {"10 May", "16 May"}, {"Ministry", "Minister"}, {"カキ", "ガギ"}, {"दल", "दिल"}, {"한국", "한글"},
		{"бар", "вар"}, {"σε", "θε"}, {"Sarel", "Brand"},
		{"A0b", "A6b"}, {"A1b", "A7b"}, {"A2b", "A3b"}, {"A5b", "A4b"}, {"A8b", "A9b"},
	} {
		if Skeleton(apart[0]) == Skeleton(apart[1]) {
			t.Errorf("%q and %q are both %q", apart[0], apart[1], Skeleton(apart[0]))
		}
	}
}

// TestSkeletonOfASCII: it is the same by the short way as by the long one.
func TestSkeletonOfASCII(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Modern", "MORNING", "r2n", "rn", "0ther", "2026", "A-1", "co2", "10th", "barn-owl's", "x_1y", "*", ""} {
		if short, long := Skeleton(text), Skeleton(text+" é"); short+" e" != long && text != "" {
			t.Errorf("%q: %q and %q", text, short, long)
		}
	}
}
