package richtext

import "testing"

// TestStylesOfLists: what stands before the items of a list is shown, or told.
func TestStylesOfLists(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "Greek letters", in: `<ol style="list-style-type:lower-greek"><li>a</li></ol>`, note: "1: the items of a list are shown with figures: lower-greek"},
		{name: "no sign at all", in: `<ol style="list-style-type:none"><li>a</li></ol>`, note: "1: the items of a list are shown with figures, and had no sign before them"},
		{name: "no sign before one item", html: true, in: `<ol><li>a<li style="list-style:none">b</ol><ul style="list-style:none"><li style="list-style:none">c</ul>`, note: "1: the items of a list are shown with figures, and had no sign before them"},
		{name: "a bullet list without signs", html: true, in: `<ul style="list-style:none"><li style="list-style:none">c</ul>`, quiet: true},
		{name: "letters by a class", html: true, in: `<style>ol.a{list-style-type:lower-alpha} .b{list-style:upper-roman inside}</style><ol class=a><li>x</ol><ol class=b><li>y</ol>`, page: "<ol type=\"a\"><li>x</li></ol>\n<ol type=\"I\"><li>y</li></ol>", quiet: true},
		{name: "Greek letters by a class", html: true, in: `<style>ol.a{list-style-type:lower-greek}</style><ol class=a><li>x</ol>`, note: "1: the items of a list are shown with figures: lower-greek"},
		{name: "roman figures", in: `<ol style="list-style:lower-roman inside"><li>a</li></ol>`, quiet: true},
		{name: "figures on an item among letters", html: true, in: `<ol type="a"><li>x<li type="1">y<li type="I">z<li>w</ol>`, page: `<ol type="a"><li>x</li><li type="1">y</li><li type="I">z</li><li>w</li></ol>`, plain: "a. x; 2. y; III. z; d. w", quiet: true},
		{name: "the same by style", html: true, in: `<ol type="A"><li style="list-style-type:decimal">x<li>y</ol><ol style="list-style:lower-roman"><li>x<li style="list-style:decimal inside">y</ol>`, page: `<ol type="A"><li type="1">x</li><li>y</li></ol>` + "\n" + `<ol type="i"><li>x</li><li type="1">y</li></ol>`, quiet: true},
		{name: "figures on an item among figures", html: true, in: `<ol><li style="list-style-type:decimal">x</ol><ol type="a" style="list-style-type:decimal"><li>y</ol>`, page: "<ol><li>x</li></ol>\n<ol><li>y</li></ol>", quiet: true},
		{name: "points with letters and figures among them", html: true, in: `<ul><li type="a">x<li>y<li style="list-style-type:decimal">z</ul>`, page: `<ul><li type="a">x</li><li>y</li><li type="1">z</li></ul>`, plain: "a. x; y; 3. z", quiet: true},
		{name: "points that their style numbers", html: true, in: `<ul style="list-style-type:decimal"><li>x<li value="5">y</ul><menu style="list-style:upper-latin inside"><li>x</menu>`, page: `<ol><li>x</li><li value="5">y</li></ol>` + "\n" + `<ol type="A"><li>x</li></ol>`, plain: "1. x; 5. y; A. x", quiet: true},
		{name: "points that a class numbers", html: true, in: `<style>.n{list-style-type:decimal} nav ul{list-style:none}</style><ul class=n><li>x</ul>`, page: "<ol><li>x</li></ol>", quiet: true},
		{name: "Greek letters before points", html: true, in: `<ul style="list-style-type:lower-greek"><li>a</ul>`, page: "<ul><li>a</li></ul>", note: "1: the items of a list are shown with points: lower-greek"},
		{name: "points in a numbered list", html: true, in: `<ol><li>x<li style="list-style-type:disc">y</ol>`, note: "1: the items of a list are shown with figures: disc"},
		{name: "figures with a zero", html: true, in: `<ol style="list-style-type:decimal-leading-zero"><li>x</ol>`, note: "1: the items of a list are shown with figures: decimal-leading-zero"},
		{name: "words before items", html: true, in: `<ul style="list-style-type:'art. '"><li>x</ul>`, note: "1: the items of a list are shown with points: art."},
		{name: "a sign before numbered items", html: true, in: `<ol style="list-style-type:'§ '"><li>x</ol>`, note: "1: the items of a list are shown with figures: §"},
		{name: "points of other forms", html: true, in: `<ul style="list-style-type:'→ '"><li>x</ul><ul style="list-style:square"><li>y</ul><ul type=circle><li type=disc>z</ul>`, page: "<ul><li>x</li></ul>\n<ul><li>y</li></ul>\n<ul><li>z</li></ul>", quiet: true},
	})
}
