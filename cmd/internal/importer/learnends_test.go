package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLearnEnds: what a system writes in front of a text or behind it, in the text's own box, is
// none of the text, whatever it names there; what ends texts themselves stays.
func TestLearnEnds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, markup, section string
		stays                 string // of the text, behind it
		told                  string
	}{
		{name: "the last change in a cell", told: "Last change ( # )",
			markup: `<h1>TITLE</h1><table class="open"><tr><td class="made">DATE</td></tr><tr><td>FIRST REST</td></tr><tr><td class="changed">Last change ( CHANGED )</td></tr></table>`},
		{name: "the last change as a line", told: "Last change: #",
			markup: `<table><tr><td>Offices</td><td class="c"><font size="4"><b>TITLE</b></font><br><font size="2">DATE</font><br><br>FIRST REST<br><font size="1">Last change: CHANGED</font></td></tr></table>`},
		{name: "links as the last line", told: "",
			markup: `<table><tr><td>Offices</td><td><font size="4"><b>TITLE</b></font><br><font size="1"><i>DATE</i></font><br><br><font size="3">LINES</font><font size="2"><a href="/l">Back</a> | <a href="#t">Top</a></font></td></tr></table>`},
		{name: "a list of data", section: "SECTION", told: "",
			markup: `<div class="item"><h2>TITLE</h2><dl class="facts"><dt class="f">Details</dt><dd class="in">Filed in: <a href="/s">SECTION</a></dd><dd class="on">Published DATE</dd><dd class="by">By ROOM</dd><dd class="seen">Seen: NUMBER</dd></dl>FIRST REST</div>`},
		{name: "who is in charge", told: "(In charge:…",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<p>(In charge: ROOM)</p></div>`},
		{name: "where and when it was done", stays: "Done at Port Almira, CHANGED",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<p>STAYS</p></div>`},
		{name: "who signed it", stays: "Signed: Ilva WHOEVER",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<p>STAYS</p></div>`},
		{name: "whose words it repeats", stays: "Source: ROOM",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<p>STAYS</p></div>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			texts := map[string]string{}
			pages := fifty(func(i int) sitePage {
				changed := time.Date(2021, 2, 7, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 13*i).Format("2 January 2006")
				room := []string{"Ilva Quist", "Oro Denn", "Press room"}[i%7%3]
				also := strings.NewReplacer("CHANGED", changed, "ROOM", room, "WHOEVER", letters(i))
				stays := also.Replace(test.stays)
				p, text := oddPage(i, "2 January 2006", also.Replace(strings.Replace(test.markup, "STAYS", stays, 1)))
				texts[p.file] = strings.TrimSpace(text + " " + stays)
				return p
			})
			ps := learnedOf(t, pages)[1]
			if told := strings.Join(ps.Profiles[0].Lines, "\n") + fmt.Sprint(ps.Profiles[0].Says); !strings.Contains(told, test.told) {
				t.Errorf("%q is not told: %q", test.told, told)
			}
			for _, want := range pages {
				p := want.readBy(t, ps)
				faults := want.saying(p, texts[want.file])
				if len(faults) > 0 {
					t.Fatalf("%s: %s", want.file, strings.Join(faults, "; "))
				}
			}
		})
	}
}

// TestProfileLabel: a line that a profile has with "…" behind a label is any that begins so and
// says little more.
func TestProfileLabel(t *testing.T) {
	t.Parallel()
	known := phrasesOf([]string{"In charge:…", "Last change: #", "Read more…"})
	for text, want := range map[string]bool{
		"In charge: Ilva Quist": true, "in charge: Oro": true, "In charge: " + strings.Repeat("Ilva Quist and ", 5): false,
		"In charge": false, "Last change: 5 March 2024": true, "Last change: 05/03/2024": true, "Last change of plan": false, "Read more": true, "Read more of it": false,
	} {
		if got := known.have(text); got != want {
			t.Errorf("%q is known: %v", text, got)
		}
	}
}
