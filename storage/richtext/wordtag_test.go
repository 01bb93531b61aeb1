package richtext

import "testing"

// TestWordTags: in a page, what looks like a tag goes, and the editor is told of the words.
func TestWordTags(t *testing.T) {
	t.Parallel()
	const note = "2: what stands between angle brackets was read as a tag and left out: "
	told := func(in, page, tag string) rowTest {
		return rowTest{name: in, html: true, in: "<p>a</p>\n<p>" + in + "</p>", page: "<p>a</p>\n<p>" + page + "</p>", note: note + tag}
	}
	quiet := func(in string) rowTest {
		return rowTest{name: in, html: true, in: "<p>a</p>\n" + in, quiet: true}
	}
	checkRows(t, []rowTest{
		told("fell to <two per cent> of GDP", "fell to of GDP", "<two per cent>"),
		told("said <NAME OF MINISTER>.", "said .", "<name of minister>"),
		told("<minister> said", "said", "<minister>"),
		told("x <I mean it> y", "x <i> y</i>", "<i mean it>"),
		told("about <a hundred euros> more", "about more", "<a hundred euros>"),
		told("x <srong class=\"b\">y</srong>", "x y", "<srong …>"),
		quiet("<o:p>b</o:p> <st1:place w:st=on>c</st1:place> <g-emoji>d</g-emoji>"),
		quiet("<div ng-cloak itemscope class hidden-x (click)>b <td nowrap>c <input disabled type=hidden></div>"),
		{name: "hidden", html: true, in: "<p>a</p><p hidden><two per cent>b</p>", note: "1: hidden text was dropped: b"},
		quiet("<noscript>b</noscript><textarea><two per cent></textarea>"),
		{name: "in Markdown", in: "fell to <two per cent> of GDP\n\n<div>\n<NAME OF MINISTER> said\n</div>", page: "<p>fell to &lt;two per cent&gt; of GDP</p>\n<p>&lt;NAME OF MINISTER&gt; said</p>", quiet: true},
	})
}
