package desk

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestKeys: the list has each key that a page or the script knows, and no other.
func TestKeys(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(templates, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`data-(key|go)="([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			known[map[string]string{"key": "", "go": "g "}[found[1]]+found[2]] = true
		}
		if regexp.MustCompile(`class="grave" data-key="."[^-]*>`).Match(text) {
			t.Errorf("%s: what cannot be undone has a key that does more than lead there", name)
		}
	}
	for _, found := range regexp.MustCompile(`case "(.)"`).FindAllStringSubmatch(string(keysScript), -1) {
		known[found[1]] = true
	}
	for _, always := range []string{"Esc", "Enter"} { // of which one is the browser's
		known[always] = true
	}
	delete(known, "g")
	var listed []string
	for _, group := range keyGroups() {
		for _, k := range group.Keys {
			keys := strings.Join(k.Keys, " ")
			listed = append(listed, keys)
			if !known[keys] {
				t.Errorf("nothing is done by %q, which is listed", keys)
			}
		}
	}
	for key := range known {
		if !slices.Contains(listed, key) {
			t.Errorf("%q is not listed", key)
		}
	}
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	got := b.get("/keys")
	b.is("the list", got, http.StatusOK, "/keys", "<kbd>g</kbd> then <kbd>o</kbd>")
	for _, letter := range []string{"o", "a", "m", "c", "r", "p", "l"} {
		if !strings.Contains(got.body, `data-go="`+letter+`"`) {
			t.Errorf("an operator's menu lacks %s", letter)
		}
	}
}
