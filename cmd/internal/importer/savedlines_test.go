package importer

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSavedText: what stands above the text and how its lines are broken says something
// in a text without markup, too.
func TestSavedText(t *testing.T) {
	t.Parallel()
	const (
		prose   = "The harbour of Aldreth was opened this morning by the Minister, after nine years of work on the old quay and of talks with the two cities across the strait that share it."
		wrapped = "The harbour of Aldreth was opened this morning by the Minister,\nafter nine years of work on the old quay and of talks with the two\ncities across the strait."
	)
	for _, tt := range []struct {
		name, text, title string
		want              []string // parts of the body, in order
		not               []string
	}{
		{"a heading within the text", "The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n## Background\n\nThe quay is old.", "The harbour opens", []string{"<p>" + prose, "<h2>Background</h2>", "The quay is old."}, nil},
		{"a heading of the first level within the text", "The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n# Annex\n\nThe quay is old.", "The harbour opens", []string{"<h2>Annex</h2>"}, nil},
		{"a heading of a part right below the date", "The harbour opens\n\n5 March 2024\n\n## What was said\n\n" + prose, "The harbour opens", []string{"<h2>What was said</h2>", prose}, nil},
		{"a title of the second level", "[Home](/)\n\n## The harbour opens\n\n5 March 2024\n\n" + prose, "The harbour opens", []string{"<p>" + prose}, []string{"<h2>"}},
		{"lines above the date", "The harbour opens\nSpeech by the Minister\nCheck against delivery\n5 March 2024\n\n" + prose, "The harbour opens", []string{"Speech by the Minister<br", "Check against delivery", prose}, []string{"5 March 2024"}},
		{"an address above the date", "The harbour opens\n\nContact:\nQuay 4\n1000 Aldreth\n\n5 March 2024\n\n" + prose, "The harbour opens", []string{"Contact:<br", "Quay 4<br", prose}, nil},
		{"broken by an editor", "# The harbour opens\n\n5 March 2024\n\n" + wrapped + "\n\n" + prose, "The harbour opens", []string{"<p>" + strings.ReplaceAll(wrapped, "\n", " ") + "</p>"}, []string{"<br"}},
		{"an address", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\nMinistry of Ports\nQuay 4\n1000 Aldreth", "The harbour opens", []string{"<p>Ministry of Ports<br", "Quay 4<br", "1000 Aldreth</p>"}, nil},
		{"a poem", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\nThe harbour sleeps beneath the autumn rain,\nA lantern swings above the empty pier,\nAnd he who waits will hear the bell again\nThat called the ships of many a former year.", "The harbour opens", []string{"autumn rain,<br", "empty pier,<br", "bell again<br", "former year.</p>"}, nil},
		{"a list", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n- berths for forty ships\n- a lighthouse that is seen\n  from both cities\n- OK\n\n" + prose, "The harbour opens", []string{"<ul>", "<li>berths for forty ships</li>", "<li>a lighthouse that is seen from both cities</li>", "<li>OK</li>", "</ul>"}, nil},
		{"a numbered list", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n1. Berths\n2. A lighthouse\n3. Print", "The harbour opens", []string{"1. Berths<br", "2. A lighthouse<br", "3. Print</p>"}, nil},
		{"a note between dashes", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n- Check against delivery -", "The harbour opens", []string{"<p>- Check against delivery -</p>"}, []string{"<ul>"}},
		{"a table of Markdown", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\n| Port | Ships |\n|---|---|\n| Aldreth | 40 |\n| Sund | – |", "The harbour opens", []string{"<th>Port</th>", "<td>Aldreth</td>", "<td>40</td>", "<td>–</td>"}, []string{"|", "---"}},
		{"a table of tabs", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\nPort\tShips\nAldreth\t40", "The harbour opens", []string{"<td>Port</td>", "<td>Ships</td>", "<td>40</td>"}, nil},
		{"columns of blanks", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\nPort       Ships\nAldreth       40", "The harbour opens", []string{"<pre>Port       Ships\nAldreth       40"}, nil},
		{"a paragraph a line", "# The harbour opens\n5 March 2024\n" + prose + "\nShe thanked all.\nThe quay is old.", "The harbour opens", []string{"<p>She thanked all.</p>", "<p>The quay is old.</p>"}, nil},
		{"answers that are words of controls", "# The harbour opens\n\n5 March 2024\n\n" + prose + "\n\nQuestion: Is it safe?\n\nYes\n\nOK\n\n" + prose, "The harbour opens", []string{"<p>Yes</p>", "<p>OK</p>"}, nil},
	} {
		p, err := ReadPage("a.txt", []byte(tt.text), Options{Zone: time.UTC, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if p.Title != tt.title || p.Date != "2024-03-05" && !strings.HasPrefix(p.Date, "2024-03-05") {
			t.Errorf("%s: title %q, date %q", tt.name, p.Title, p.Date)
		}
		rest := string(p.Body)
		for _, want := range tt.want {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: no %q in %s", tt.name, want, p.Body)
			}
			rest = after
		}
		for _, not := range tt.not {
			if strings.Contains(string(p.Body), not) {
				t.Errorf("%s: %q in %s", tt.name, not, p.Body)
			}
		}
	}
	p, err := ReadPage("a.txt", []byte("[Home](/)\n\nFor the attention of editors\n\nThe harbour opens\n\n5 March 2024\n\n"+prose), Options{Zone: time.UTC, Language: "en"})
	if err != nil || !slices.Contains(p.Problems, "left out above the title: For the attention of editors") {
		t.Errorf("above the title: %q, %v", p.Problems, err)
	}
}
