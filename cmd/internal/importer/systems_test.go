package importer

import (
	"strings"
	"testing"
	"time"
)

// TestSystems: pages as some systems make them are read with all that they have.
func TestSystems(t *testing.T) {
	t.Parallel()
	const p = "<p>" + sentence + "</p>"
	for _, tt := range []struct {
		name, html, title, section, lead string
		has                              []string
		doubts                           int
	}{
		{name: "a breadcrumb that its heading names", title: "The treaty of Port Almira", section: "Press > Releases",
			html: `<nav aria-labelledby="system-breadcrumb"><h2 id="system-breadcrumb" class="visually-hidden">Breadcrumb</h2><ol><li><a href="/">Home</a></li><li><a href="/p">Press</a></li><li><a href="/p/r">Releases</a></li></ol></nav><main><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="body">` + p + p + `</div></main>`},
		{name: "a topic path", title: "The treaty of Port Almira", section: "Press",
			html: `<div id="topicpath"><ul><li><a href="/">Home</a></li><li><a href="/p">Press</a></li><li>The treaty of Port Almira</li></ul></div><h1>The treaty of Port Almira</h1><p>5 March 2026</p><div class="body">` + p + p + `</div>`},
		{name: "a lead that is called a teaser's text", title: "The treaty of Port Almira", lead: "The harbour will be open to all ships.",
			html: `<div class="article"><h1>The treaty of Port Almira</h1><p><time datetime="2026-03-05">5 March 2026</time></p><div class="teaser-text" itemprop="description"><p>The harbour will be open to all ships.</p></div><div itemprop="articleBody">` + p + p + `</div></div>`},
		{name: "data beside the date", title: "The treaty of Port Almira",
			html: `<div class="article"><h1>The treaty of Port Almira</h1><div class="info">2026-03-05 10:20 来源：外交部 <span>字体：【<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</span><span>打印</span></div><div class="views">조회수 : 321</div><div class="text">` + p + p + `</div></div>`},
		{name: "old pages, whose site is called in larger type", title: "The treaty of Port Almira",
			html: `<table><tr><td><font size=5 color=white>Ministry of Foreign Affairs</font></td></tr><tr><td><font size=2><b>PRESS RELEASE No. 12</b><br><br><font size=4><b>The treaty of Port Almira</b></font><br><br>Port Almira, 5 March 2026<br><br>` + sentence + `<br><br>` + sentence + `</font></td></tr></table>`},
		{name: "notes that a program put behind all", title: "The treaty of Port Almira", has: []string{"Treaty series No. 4", "The annex in full"},
			html: `<div class=WordSection1><h1>The treaty of Port Almira</h1><p>5 March 2026</p><p>` + sentence + `<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a></p>` + p + `</div><div class=WordSection2><p>The annex in full</p></div><div><hr><div id=ftn1><p><a href="#_ftnref1" name="_ftn1">[1]</a> Treaty series No. 4.</p></div></div>`},
	} {
		page, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>MFA</title></head><body>`+tt.html+`</body></html>`), Options{Zone: time.UTC})
		if err != nil || page.Refused != "" {
			t.Errorf("%s: %v %s", tt.name, err, page.Refused)
			continue
		}
		if section := strings.Join(page.Section, " > "); page.Title != tt.title || section != tt.section || page.Lead != tt.lead || !strings.HasPrefix(page.Date, "2026-03-05") || len(page.Doubts) != tt.doubts {
			t.Errorf("%s: title %q, section %q, lead %q, date %s, doubts %+v", tt.name, page.Title, section, page.Lead, page.Date, page.Doubts)
		}
		for _, want := range append(tt.has, "shall be open to all ships") {
			if !strings.Contains(string(page.Body), want) {
				t.Errorf("%s: no %q in %s", tt.name, want, page.Body)
			}
		}
	}
}
