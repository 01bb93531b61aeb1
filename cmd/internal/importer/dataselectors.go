package importer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
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

var writtenPath = lazyregexp.New(`^ld\+json\s+([A-Za-z]\w*)((?:\.[A-Za-z]\w*)+)$`)

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
func (p *dataPath) values(root *html.Node) ([]string, *html.Node) { return p.valuesIn(dataOf(root)) }

func (p *dataPath) valuesIn(data pageData) ([]string, *html.Node) {
	for _, s := range data.scripts {
		for _, o := range objectsOf(s.data, p.kind) {
			if !aboutPage(o, data.names()) {
				continue
			}
			if values := p.follow(o); len(values) > 0 {
				return values, s.script
			}
		}
	}
	return nil, nil
}

// pageData are the data for programs that a page has, read once.
type pageData struct {
	scripts []scriptData
	names   func() []string // of what the page shows, read once there is data
}

type scriptData struct {
	script *html.Node
	data   any
}

func dataOf(root *html.Node) pageData {
	d := pageData{names: sync.OnceValue(func() []string { return shownNames(root) })}
	for _, script := range scriptsOf(root) {
		d.scripts = append(d.scripts, scriptData{script, readData(goquery.NewDocumentFromNode(script).Text())})
	}
	return d
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

// objectsIn are the objects in data, wherever they are, in order.
func objectsIn(v any) iter.Seq[map[string]any] {
	const deepest = 8
	return func(yield func(map[string]any) bool) {
		var walk func(v any, depth int) bool
		walk = func(v any, depth int) bool {
			if depth > deepest {
				return true
			}
			switch v := v.(type) {
			case []any:
				for _, e := range v {
					if !walk(e, depth+1) {
						return false
					}
				}
			case map[string]any:
				if !yield(v) {
					return false
				}
				for _, name := range slices.Sorted(maps.Keys(v)) {
					if !walk(v[name], depth+1) {
						return false
					}
				}
			}
			return true
		}
		walk(v, 0)
	}
}

// objectsOf are those of a type.
func objectsOf(v any, kind string) (found []map[string]any) {
	const most = 100
	for o := range objectsIn(v) {
		if len(found) < most && slices.Contains(stringsOf(o["@type"]), kind) {
			found = append(found, o)
		}
	}
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

// proposeData proposes the selectors for what the page's data have by a name.
func proposeData(root *html.Node, property string) (selectors []string) {
	data := dataOf(root)
	for _, s := range data.scripts {
		for _, kind := range kindsOf(s.data) {
			text := dataMark + " " + kind + "." + property
			path, err := parseDataPath(text)
			if err != nil {
				continue
			}
			if values, _ := path.valuesIn(data); len(values) > 0 {
				selectors = append(selectors, text)
			}
		}
	}
	return selectors
}

// kindsOf are the types of the objects in data, each once, in order.
func kindsOf(v any) (kinds []string) {
	for o := range objectsIn(v) {
		for _, kind := range stringsOf(o["@type"]) {
			if !slices.Contains(kinds, kind) && len(kinds) < 20 {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}
