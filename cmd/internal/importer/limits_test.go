package importer

import (
	"strings"
	"testing"
	"time"
)

// TestMostElements: a page of more elements than any page of a site has is refused, and
// the reason names the limit.
func TestMostElements(t *testing.T) {
	t.Parallel()
	page := func(n int) []byte { return []byte(shapedPage(strings.Repeat("<br>", n))) }
	if _, err := ReadPage("a.html", page(maxElements), Options{Zone: time.UTC}); err == nil || !strings.Contains(err.Error(), "more than 60000 elements") {
		t.Errorf("too many elements: %v", err)
	}
	if _, err := ReadPage("a.html", page(maxElements-20), Options{Zone: time.UTC}); err != nil {
		t.Errorf("as many as are read: %v", err)
	}
}
