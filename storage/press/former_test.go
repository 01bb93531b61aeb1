package press

import "testing"

// TestFormerDigests: a digest that an earlier version made is that of the draft,
// and digests of today do not depend on it.
func TestFormerDigests(t *testing.T) {
	t.Parallel()
	d := Draft{Title: "Aid", Body: "<p>10<sup>6</sup></p>"}
	today := d.Digest()
	before := Draft{Title: "Aid", Body: "<p>106</p>"}.Digest()
	if d.Is(before) {
		t.Error("another text is taken for this one")
	}
	d.Former = []string{before}
	if !d.Is(before) || !d.Is(today) || d.Digest() != today || d.Is("") {
		t.Errorf("digests %s and %s of %+v", d.Digest(), today, d)
	}
}
