package press

import "testing"

// TestEditions: what names an edition is read back, and nothing else is.
func TestEditions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Edition{"1": {1, 1}, "12": {12, 1}, "1 (draft 3)": {1, 3}} {
		got, err := ParseEdition(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v %q, %v", text, got, got.String(), err)
		}
	}
	for _, text := range []string{"", "0", "01", "1.0", "-1", "1 (draft 0)", "1 draft 2", "1234567890", "٣"} {
		if e, err := ParseEdition(text); err == nil {
			t.Errorf("%q is edition %v", text, e)
		}
	}
	if !(Edition{2, 1}).Same(Edition{2, 3}) || (Edition{1, 1}).Same(Edition{1, 2}) || (Edition{1, 1}).Same(Edition{2, 1}) {
		t.Error("editions are taken for others")
	}
}
