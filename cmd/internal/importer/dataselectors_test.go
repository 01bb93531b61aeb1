package importer

import (
	"strings"
	"testing"
	"time"
)

// pagesWithData is a set of which each page says its date and section where a shell has them: DATA
// stands in the head, DATE and SECTION wherever they are.
func pagesWithData(shell, data, layout string) (set []sitePage) {
	for i := range 21 {
		p := bare(i, layout, shell)
		p.section = []string{"Speeches", "Statements"}[i%2]
		data := strings.NewReplacer("TITLE", p.title, "ISO", p.date, "SECTION", p.section).Replace(data)
		p.html = strings.Replace(strings.ReplaceAll(p.html, "SECTION", p.section), "</head>", data+"</head>", 1)
		set = append(set, p)
	}
	return set
}

// TestLearnData: date and section that stand in data for programs alone, in a nameless
// element or among other words are found, and the pages are read whole by what was learned.
func TestLearnData(t *testing.T) {
	t.Parallel()
	const words = `<main class="m"><h1>TITLE</h1><div class="words">FIRST REST</div></main>`
	const crumbs = `<div class="path"><a href="/">Home</a> &gt; <a href="/s">SECTION</a></div>`
	const another = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Another text of the house","datePublished":"2001-02-03","articleSection":"Visas"}</script>`
	const list = `<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":2,"name":"SECTION"},{"@type":"ListItem","position":1,"name":"Home"}]}</script>`
	for _, tt := range []struct{ name, shell, data, layout, date, section string }{
		{"an article", words, another + `<script type="application/ld+json">{"@type":"NewsArticle","headline":"TITLE","datePublished":"ISOT09:30:00Z","articleSection":"SECTION"}</script>`, "", "ld+json NewsArticle.datePublished", "ld+json NewsArticle.articleSection"},
		{"a list of steps", words, `<script type="application/ld+json">{"@type":"PressRelease","headline":"TITLE","datePublished":"ISO"}</script>` + list, "", "ld+json PressRelease.datePublished", "ld+json BreadcrumbList.itemListElement.name"},
		{"a graph", words, `<script type="application/ld+json">{"@graph":[{"@type":"WebPage","breadcrumb":{"@type":"BreadcrumbList","itemListElement":[{"position":1,"item":{"name":"Home"}},{"position":2,"item":{"name":"SECTION"}}]}},{"@type":["Article","NewsArticle"],"headline":"TITLE","datePublished":"ISO"}]}</script>`, "", "ld+json ", "ld+json BreadcrumbList.itemListElement.item.name"},
		{"meta", words, `<meta name="DC.Date" content="ISO"><meta property="article:section" content="SECTION">`, "", `meta[name="DC.Date"] @content`, `meta[property="article:section"] @content`},
		{"a bare font", crumbs + `<table><tr><td><font size="5">TITLE</font><br><font color="#666666">DATE</font><br></td></tr><tr><td>FIRST REST</td></tr></table>`, "", "2 January 2006", "font:nth-of-type(2)", "div.path"},
		{"a font that says nothing", crumbs + `<table><tr><td><font>TITLE</font></td></tr><tr><td><font>DATE</font></td></tr><tr><td><font>FIRST REST</font></td></tr></table>`, "", "2 January 2006", "nth-of-type(2)", "div.path"},
		{"a cell with other words", crumbs + `<table><tr><td class="tt">TITLE</td></tr><tr><td align="center">Source: MFA | Date: DATE | Font: [<a href="javascript:f(1)">big</a>][<a href="javascript:f(2)">small</a>]</td></tr><tr><td class="words">FIRST REST</td></tr></table>`, "", "2006-01-02", `td[align="center"]`, "div.path"},
		{"a link above the title", `<main><div class="top"><a class="sec" href="/s">SECTION</a><h1>TITLE</h1><time>DATE</time></div><div class="words">FIRST REST</div></main>`, "", "2 January 2006", "time", "a.sec"},
		{"a label and a name", `<main><h1>TITLE</h1><p class="cat">Categoría: SECTION</p><p class="on">DATE</p><div class="words">FIRST REST</div></main>`, "", "2 January 2006", "p.on", "p.cat"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := pagesWithData(tt.shell, tt.data, tt.layout)
			for _, ps := range learnedOf(t, set) {
				if n := right(t, set, ps); n < len(set) {
					t.Errorf("%d of %d pages are wholly right", n, len(set))
				}
				if p := ps.Profiles[0]; !strings.Contains(p.Date.Select, tt.date) || p.Section.Select != tt.section {
					t.Errorf("date by %s, section by %s", p.Date.Select, p.Section.Select)
				}
			}
		})
	}
}

// TestDataOfAnother: what the data of a page say of another article is none of this one's.
func TestDataOfAnother(t *testing.T) {
	t.Parallel()
	ps, err := ParseProfiles("p.yaml", []byte("profiles:\n  - title: {select: h1}\n    date: {select: ld+json NewsArticle.datePublished}\n    body: .words\n"))
	if err != nil {
		t.Fatal(err)
	}
	for headline, date := range map[string]string{"The treaty of Port Almira": "2024-03-05", "The ferry to Sund": ""} {
		p, err := ReadPage("a.html", []byte(`<html lang="en"><head><title>The treaty of Port Almira</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"`+headline+`","datePublished":"2024-03-05"}</script></head><body><h1>The treaty of Port Almira</h1><div class="words"><p>`+sentence+`</p></div></body></html>`), Options{Zone: time.UTC, Profiles: ps})
		if err != nil || strings.Split(p.Date+"T", "T")[0] != date || (date == "") != strings.Contains(p.Refused, "no date (ld+json") {
			t.Errorf("%s: %q %q %v", headline, p.Date, p.Refused, err)
		}
	}
}
