package richtext

import (
	"strings"
	"testing"
)

// everyElement of HTML: those of the Living Standard, of MathML and SVG the
// outermost, and those that were in use before (HTML §16.2).
var everyElement = strings.Fields(`a abbr address area article aside audio b base bdi bdo blockquote body br button canvas
	caption cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer
	form h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta
	meter nav noscript object ol optgroup option output p picture pre progress q rp rt ruby s samp script search section select
	selectedcontent slot small source span strong style sub summary sup table tbody td template textarea tfoot th thead time
	title tr track u ul var video wbr math svg
	acronym applet basefont bgsound big blink center command dir fencedframe font frame frameset image isindex keygen listing
	marquee menuitem multicol nextid nobr noembed noframes param plaintext portal rb rtc spacer strike tt xmp`)

// mute elements have no text that a reader would see: nobody is told.
var mute = strings.Fields("head script style")

// TestEveryElement: the words in an element stay, or the editor is told.
func TestEveryElement(t *testing.T) {
	t.Parallel()
	for _, name := range everyElement {
		if _, ok := elements[name]; !ok {
			t.Errorf("<%s> is not in the table", name)
		}
		if childless[name] {
			h, _ := CleanNoted("<p>before</p><"+name+"><p>after</p>", nil)
			if text := Text(h); !strings.Contains(text, "before") || !strings.Contains(text, "after") {
				t.Errorf("<%s> swallows text: %q", name, text)
			}
			continue
		}
		in := "<p>before</p>\n<" + name + ">inside</" + name + ">\n<p>after</p>"
		h, notes := CleanNoted(in, nil)
		text := " " + strings.Join(strings.Fields(Text(h)), " ") + " "
		page := string(h)
		kept := strings.Contains(page, "inside")
		told := len(notes) > 0 && notes[0].Line == 2
		isMute := strings.Contains(" "+strings.Join(mute, " ")+" ", " "+name+" ")
		if !kept && !told && !isMute {
			t.Errorf("<%s>: its text is gone without a word: %s", name, page)
		}
		if name != "plaintext" && (!strings.Contains(text, " before ") || !strings.Contains(text, " after ")) {
			t.Errorf("<%s>: the text around it is %q", name, text)
		}
		checkClean(t, page)
	}
	for name := range elements {
		if !strings.Contains(" "+strings.Join(everyElement, " ")+" ", " "+name+" ") {
			t.Errorf("<%s> in the table is not an element of HTML", name)
		}
	}
}
