package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLearnNumbers: pages whose texts differ in their numbers alone are of a template, too,
// and a line with other numbers is another line.
func TestLearnNumbers(t *testing.T) {
	t.Parallel()
	const shell = `<div class="page"><h1>TITLE</h1><span class="d">DATE</span><div class="words">%s</div><div class="slip">Valid until further notice</div></div>`
	for name, text := range map[string]string{
		"paragraphs": `<p>The fee for a ship of the first class is {N} crowns in all harbours of Valora from this day on.</p><p>For a boat it is {M} crowns, as long as it stays for fewer than {K} nights.</p>`,
		"marked":     `<p class="fee">The fee for a ship of the first class is {N} crowns in all harbours of Valora.</p><p class="fee">For a boat it is {M} crowns, as long as it stays for fewer than {K} nights.</p>`,
		"a table":    `<p>These are the rates of the day that the Treasury has published, {N} in all, for payments of ministries.</p><table><tr><th>Crown</th><th>Rate</th></tr><tr><td>Sund</td><td>1.{N}</td></tr><tr><td>Almira</td><td>0.{M}</td></tr></table>`,
		"a line":     `{S}<p>The fee for a ship of the first class is {K} crowns in all harbours of Valora from this day on.</p>{S}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var set []sitePage
			var texts []string
			for i := range 30 {
				text := strings.NewReplacer("{N}", fmt.Sprint(1000+i*17), "{M}", fmt.Sprint(200+i*3), "{K}", fmt.Sprint(5+i%3),
					"{S}", "<p>"+sentenceAbout(subjects[i%len(subjects)], i)+"</p>").Replace(text)
				p := bare(i, "2 January 2006", fmt.Sprintf(shell, text))
				p.first, p.last = "", ""
				if name != "a line" {
					plain := p.title
					p.title = fmt.Sprintf("Fees of the harbours, number %d", 100+i)
					p.html = strings.ReplaceAll(p.html, plain, p.title)
				}
				set, texts = append(set, p), append(texts, plainText(text))
			}
			for _, ps := range learnedOf(t, set) {
				for i, want := range set {
					p, err := ReadPage(want.file, []byte(want.html), Options{Zone: time.UTC, Profiles: ps})
					if err != nil {
						t.Fatal(err)
					}
					wrong := want.wholly(p)
					if got := plainText(string(p.Body)); got != texts[i] {
						wrong = append(wrong, fmt.Sprintf("text %q, want %q", got, texts[i]))
					}
					if len(wrong) > 0 {
						t.Fatalf("page %d: %s", i, strings.Join(wrong, "; "))
					}
				}
			}
		})
	}
}
