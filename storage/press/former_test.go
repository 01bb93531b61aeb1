package press

import "testing"

// TestFormerDigests: a digest that an earlier version made is that of the draft,
// and digests of today do not depend on it.
func TestFormerDigests(t *testing.T) {
	t.Parallel()
	d := Draft{Title: "Aid", Body: "<p>10<sup>6</sup></p>"}
	today := d.Digest()
	former := Draft{Title: "Aid", Body: "<p>106</p>"}
	before := former.Digest()
	if d.Is(before, Article{}) {
		t.Error("another text is taken for this one")
	}
	d.Former = []Draft{former}
	if !d.Is(before, Article{}) || !d.Is(today, Article{}) || d.Digest() != today || d.Is("", Article{}) {
		t.Errorf("digests %s and %s of %+v", d.Digest(), today, d)
	}
}
