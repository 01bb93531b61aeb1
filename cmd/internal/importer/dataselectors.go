package importer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// dataMark begins a selector that names what a page says in its data for programs
// (JSON-LD), by the type of an object and the names of its properties:
// "ld+json NewsArticle.datePublished".
const dataMark = "ld+json"

// dataPath is what follows the mark.
type dataPath struct {
	kind  string
	steps []string
}

var writtenPath = regexp.MustCompile(`^ld\+json\s+([A-Za-z]\w*)((?:\.[A-Za-z]\w*)+)$`)

func parseDataPath(text string) (*dataPath, error) {
	m := writtenPath.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("%q names no property of the page's data: write it like %s NewsArticle.datePublished", text, dataMark)
	}
	return &dataPath{m[1], strings.Split(m[2][1:], ".")}, nil
}

// isData reports whether a selector names data of the page, not elements.
func (s Selector) isData() bool { return s.data != nil }

// values are what the data of a page have there, in order, and the script in which. Objects
// of the type that are about another article are passed over.
func (p *dataPath) values(root *html.Node) ([]string, *html.Node) {
	var names []string // of what the page shows, read once there is data
	for _, script := range scriptsOf(root) {
		for _, o := range objectsOf(readData(goquery.NewDocumentFromNode(script).Text()), p.kind) {
			if names == nil {
				names = shownNames(root)
			}
			if !aboutPage(o, names) {
				continue
			}
			if values := p.follow(o); len(values) > 0 {
				return values, script
			}
		}
	}
	return nil, nil
}

// follow takes the steps of a path from an object.
func (p *dataPath) follow(o map[string]any) []string {
	at := []any{o}
	for _, step := range p.steps {
		var next []any
		for _, v := range at {
			if m, ok := v.(map[string]any); ok && m[step] != nil {
				next = append(next, listed(m[step])...)
			}
		}
		at = next
	}
	var values []string
	for _, v := range at {
		for _, text := range stringsOf(v) {
			if text = richtext.CleanText(text); text != "" {
				values = append(values, text)
			}
		}
	}
	return values
}

// listed are the parts of a value that may be a list, in the order of their positions.
func listed(v any) []any {
	all, ok := v.([]any)
	if !ok {
		return []any{v}
	}
	position := func(v any) float64 {
		m, _ := v.(map[string]any)
		at, _ := m["position"].(float64)
		return at
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b any) int { return cmp.Compare(position(a), position(b)) })
	return all
}

// scriptsOf are the elements with data for programs, as many as a page has with sense.
func scriptsOf(root *html.Node) []*html.Node {
	const most = 20
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" && strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && len(found) < most {
			found = append(found, n)
		}
	}
	return found
}

// readData reads JSON, or nothing.
func readData(text string) (v any) {
	text = strings.TrimSpace(text)
	if json.Unmarshal([]byte(text), &v) == nil {
		return v
	}
	// Line ends inside strings are the commonest mistake.
	text = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text)
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil
	}
	return v
}

// objectsOf are the objects of a type, wherever they are in the data.
func objectsOf(v any, kind string) (found []map[string]any) {
	const deepest, most = 8, 100
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > deepest || len(found) == most {
			return
		}
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, depth+1)
			}
		case map[string]any:
			if slices.Contains(stringsOf(v["@type"]), kind) {
				found = append(found, v)
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], depth+1)
			}
		}
	}
	walk(v, 0)
	return found
}

// shownNames are what the page is called where readers see it, as they are compared.
func shownNames(root *html.Node) []string {
	names := []string{}
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "title" || n.Data == "h1" || n.Data == "h2":
			names = append(names, key(goquery.NewDocumentFromNode(n).Text()))
		case n.Data == "meta" && attr(n, "property") == "og:title":
			names = append(names, key(attr(n, "content")))
		}
	}
	return names
}

// aboutPage reports whether an object may be about the page: it has no headline, or one that
// begins like what the page is called.
func aboutPage(o map[string]any, names []string) bool {
	const beginning = 12
	headline := []rune(key(strings.Join(stringsOf(o["headline"]), " ")))
	start := string(headline[:min(beginning, len(headline))])
	return start == "" || len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, start) })
}

// dataOf proposes the selectors for what the page's data have by one of some names.
func dataOf(root *html.Node, property string) (selectors []string) {
	for _, script := range scriptsOf(root) {
		seen := map[string]bool{}
		for _, kind := range kindsOf(readData(goquery.NewDocumentFromNode(script).Text())) {
			text := dataMark + " " + kind + "." + property
			path, err := parseDataPath(text)
			if err != nil || seen[text] {
				continue
			}
			seen[text] = true
			if values, _ := path.values(root); len(values) > 0 {
				selectors = append(selectors, text)
			}
		}
	}
	return selectors
}

// kindsOf are the types of the objects in data, each once, in order.
func kindsOf(v any) (kinds []string) {
	const deepest = 8
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > deepest {
			return
		}
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, depth+1)
			}
		case map[string]any:
			for _, kind := range stringsOf(v["@type"]) {
				if !slices.Contains(kinds, kind) && len(kinds) < 20 {
					kinds = append(kinds, kind)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], depth+1)
			}
		}
	}
	walk(v, 0)
	return kinds
}
