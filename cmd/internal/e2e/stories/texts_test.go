package stories

import (
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestTextsSayWhatTheySay: what a text says is what the page, its description, the
// feed and the followers' note say; "never" is what none of them may say.
func TestTextsSayWhatTheySay(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	for _, tt := range []struct{ name, body, page, plain, never string }{
		{"one tilde", "会议于3~5日举行，论坛于7~9日举行。", "3~5日举行，论坛于7~9日", "3~5日举行，论坛于7~9日", "35日"},
		{"raised", "Aid for 10<sup>6</sup> people by 10<sup>6.5</sup>.", "10<sup>6</sup>", "10⁶ people", "106 people"},
		{"lowered", "H<sub>2</sub>O is scarce.", "H<sub>2</sub>O", "H₂O is scarce", "H2O"},
		{"struck", "We ~~do not~~ accept <del>war</del> <ins>peace</ins>.", "<s>do not</s>", "We accept peace.", "accept war"},
		{"hidden", "One. <span style=\"display:none\">Internal remark.</span>", "One.", "One.", "Internal remark"},
		{"no element", "It fell to <two per cent> of GDP, said <NAME OF MINISTER>.", "&lt;two per cent&gt;", "&lt;two per cent&gt; of GDP", "fell to of"},
		{"items", "- first item\n- second item", "<li>first item</li>", "first item", "itemsecond"},
		{"footnote", "Signed[^1].\n\n[^1]: Not yet ratified.", "Not yet ratified", "Signed", "[^1]"},
		{"east Asian emphasis", "**协议（部长级）**签署。", "协议（部长级）</strong>签署", "协议（部长级）签署", "**"},
		{"address", "See https://mfa.example/公告/2026/1.html", "2026/1.html</a>", "公告/2026/1.html", "公告</a>/2026"},
	} {
		a := s.File("publish", s.Markdown("On "+tt.name, tt.body))
		page := string(e2etest.Get(t, a.URL, "Accept", "text/html").Body)
		_, described, _ := strings.Cut(page, `property="og:description" content="`)
		described, _, _ = strings.Cut(described, `"`)
		feed := string(e2etest.Get(t, s.Base+"/en/feed.rss").Body)
		_, item, _ := strings.Cut(feed, "<title>On "+tt.name+"</title>")
		item, _, _ = strings.Cut(item, "</item>")
		_, summary, _ := strings.Cut(item, "<description>")
		summary, _, _ = strings.Cut(summary, "</description>")
		note := e2etest.Text(e2etest.Object(t, s.ObjectID(a)), "content")
		if !strings.Contains(page, tt.page) {
			t.Errorf("%s: the page lacks %q", tt.name, tt.page)
		}
		for place, text := range map[string]string{"description of the page": described, "description in RSS": summary, "note": note} {
			// In XML the markup of a text is escaped once more.
			if !strings.Contains(strings.ReplaceAll(text, "&amp;", "&"), tt.plain) {
				t.Errorf("%s: the %s lacks %q: %s", tt.name, place, tt.plain, text)
			}
		}
		for place, text := range map[string]string{"page": page, "item": item, "note": note} {
			if strings.Contains(text, tt.never) {
				t.Errorf("%s: the %s says %q: %s", tt.name, place, tt.never, text)
			}
		}
	}
}
