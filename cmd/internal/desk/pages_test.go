package desk

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPagesAreListed: each route that answers GET is in the list of pages that are looked at in
// a browser, or is said to be none.
func TestPagesAreListed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/pages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		route, addresses, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || addresses == "" {
			t.Errorf("%q has no address", line)
		}
		listed = append(listed, route)
	}
	var routes []string
	for _, route := range routesOf(t, newHouse(t, provided(t)).desk) {
		if strings.HasPrefix(route, "GET ") {
			routes = append(routes, route)
		}
	}
	for _, route := range routes {
		if !slices.Contains(listed, route) {
			t.Errorf("testdata/pages.tsv lacks %s", route)
		}
	}
	for _, route := range listed {
		if !slices.Contains(routes, route) {
			t.Errorf("testdata/pages.tsv has %s, which is no route", route)
		}
	}
}
