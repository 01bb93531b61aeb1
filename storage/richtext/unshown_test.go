package richtext

import (
	"fmt"
	"strings"
	"testing"
)

// TestUnshown: what is left out of a text does not go in silence, and no two numbers
// become one.
func TestUnshown(t *testing.T) {
	t.Parallel()
	typed := map[string]string{
		"raw": "a\n3%c5", "in code": "a\n`3%c5`", "in a block of code": "```\n3%c5\n```", "between tags": "<div>\n3%c5\n</div>",
		"in a link": "a\n[3%c5](https://a.example/)", "in an address": "a\n[b](https://a.example/3%c5)", "in the words of a picture": "a\n![3%c5](https://a.example/b.png)",
		"a reference": "a\n3&#%d;5", "a reference between tags": "<div>\n3&#%d;5\n</div>", "a reference in the words of a picture": "a\n![3&#%d;5](https://a.example/b.png)",
	}
	for _, r := range "\u0001\u0008\v\u001b\u001f\u007f\u0081\u008d\u009d\ufdd0\ufffe" {
		for name, form := range typed {
			in := fmt.Sprintf(form, r)
			if _, err := ReadMarkdown([]byte(in), nil); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("line 2: the character U+%04X cannot be shown", r)) {
				t.Errorf("%s, %q: %v", name, in, err)
			}
		}
		h, all := CleanNoted(fmt.Sprintf("<p>a\n3%c5</p>", r), nil)
		if h != "<p>a 3 5</p>" || len(all) != 1 || all[0].text() != fmt.Sprintf("2: a character was left out that cannot be shown: U+%04X", r) {
			t.Errorf("%q in a page: %s, %v", r, h, all)
		}
	}
	checkRows(t, []rowTest{
		{name: "a dash of Windows-1252", in: "a\n\n3\u00965 May", refused: "line 3: the character U+0096 cannot be shown: write – if that was meant"},
		{name: "in a page, twice", html: true, in: "<p>a\n3\u00965\u0096</p>", page: "<p>a 3 5</p>", note: "2: a character was left out that cannot be shown: U+0096"},
		{name: "in what is hidden", html: true, in: "<p>a<!-- \u0096 --><script>\u0096</script></p>", page: "<p>a</p>", quiet: true},
		{name: "a page break is a blank", in: "a\fb", page: "<p>a b</p>", quiet: true},
		{name: "a stroke of its own", html: true, in: "<p>=\u0338 x\u0338y</p>", page: "<p>≠ xy</p>", note: "1: a character was left out that cannot be shown: U+0338"},
		{name: "escaped", in: `a \&#11; b`, page: "<p>a &amp;#11; b</p>", quiet: true},
		{name: "in code they are read", in: "`&#11;`", page: "<p><code>&amp;#11;</code></p>", quiet: true},
		{name: "signs of direction and joiners", in: "\u2067a\u2069 \u200eb c\u200dd\u00ad", quiet: true},
	})
}
