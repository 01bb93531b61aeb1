package richtext

import "testing"

// TestCarriedOn: what an inline element says is said of each block in it, up to its
// own end tag.
func TestCarriedOn(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "a deleted paragraph", in: "<del><p>x</p></del>\n\ny", page: "<p><s>x</s></p>\n<p>y</p>", plain: "y", quiet: true},
		{name: "a deleted list", in: "<del><ul><li>a<li>b</ul></del>", page: "<ul><li><s>a</s></li><li><s>b</s></li></ul>"},
		{name: "before, in and after a block", in: "<del>a<p>b</p>c</del>d", page: "<p><s>a</s></p>\n<p><s>b</s></p>\n<p><s>c</s>d</p>", plain: "d"},
		{name: "paragraphs of Markdown", in: "<del>First.\n\nSecond.</del> Third.", page: "<p><s>First.</s></p>\n<p><s>Second.</s> Third.</p>", plain: "Third."},
		{name: "items of Markdown", in: "- <del>a\n- b</del>\n- c", page: "<ul><li><s>a</s></li><li><s>b</s></li><li>c</li></ul>", plain: "c"},
		{name: "cells of Markdown", in: "| a | b |\n|---|---|\n| <del>1 | 2</del> 3 |", plain: "a; b; —; 3"},
		{name: "out of a quotation", in: "> <del>a\n\nb</del> c", plain: "c"},
		{name: "out of a heading", in: "# T <del>a\n\n## b</del> c", page: "<h2>T <s>a</s></h2>\n<h3><s>b</s> c</h3>"},
		{name: "over code", in: "<del>a\n\n```\nb\n```\n\nc</del> d", page: "<p><s>a</s></p>\n<pre><s><code>b\n</code></s></pre>\n<p><s>c</s> d</p>"},
		{name: "on lines of its own", in: "<del>\n\nFirst.\n\n- a\n\n</del>\n\nSecond.", page: "<p><s>First.</s></p>\n<ul><li><s>a</s></li></ul>\n<p>Second.</p>"},
		{name: "an end inside a paragraph", in: "<del>\n\nFirst.</del>\n\nSecond.", page: "<p><s>First.</s></p>\n<p>Second.</p>"},
		{name: "inserted", in: "<ins>a\n\nb</ins> c", page: "<p><u>a</u></p>\n<p><u>b</u> c</p>"},
		{name: "struck by style", in: `<span style="text-decoration:line-through">a` + "\n\nb</span> c", page: "<p><s>a</s></p>\n<p><s>b</s> c</p>"},
		{name: "a division struck by style", in: "- <div style='text-decoration:line-through'>a\n- b</div>\n- c", plain: "c"},
		{name: "in another mark", in: "*a <del>b* c</del> d", page: "<p><em>a <s>b</s></em><s> c</s> d</p>"},
		{name: "bold", html: true, in: "<b>a<p>b</p>c</b>", page: "<p><b>a</b></p>\n<p><b>b</b></p>\n<p><b>c</b></p>"},
		{name: "bold without an end", html: true, in: "<b><p>a<p>b", page: "<p><b>a</b></p>\n<p><b>b</b></p>"},
		{name: "a link around a division", in: `<a href="/x"><div>a</div><p>b</p></a>c`, page: "<p><a href=\"https://mfa.example/x\">a</a></p>\n<p><a href=\"https://mfa.example/x\">b</a></p>\n<p>c</p>", quiet: true},
		{name: "a picture in one", html: true, in: `<a href="/x"><div><img src="/p.png" alt="p"></div></a>`, page: `<p><a href="https://mfa.example/x"><img src="https://mfa.example/p.png" alt="p"/></a></p>`},
		{name: "a link in one", html: true, in: `<a href="/x"><p>a</p><table><tr><td>b</table></a>`, page: "<p><a href=\"https://mfa.example/x\">a</a></p>\n<table><tr><td><a href=\"https://mfa.example/x\">b</a></td></tr></table>"},
		{name: "in its line breaks", html: true, in: "<b>a<br><br>b<p>c</p></b>", page: "<p><b>a<br/><br/>b</b></p>\n<p><b>c</b></p>"},
		{name: "around terms", html: true, in: "<dl><del><dt>a<dd>b</del><dt>c</dl>", page: "<dl><dt><s>a</s></dt><dd><s>b</s></dd><dt>c</dt></dl>"},
		{name: "around a row", html: true, in: "<table><del><tr><td>a<td>b</del><tr><td>c</table>", page: "<table><tr><td><s>a</s></td><td><s>b</s></td></tr><tr><td>c</td></tr></table>"},
		{name: "not behind a cell", html: true, in: "<table><tr><td><s>a<td>b</table>", page: "<table><tr><td><s>a</s></td><td>b</td></tr></table>"},
		{name: "around an object", html: true, in: `<del><object data="a.pdf"><p>x</p></object></del>y`, page: "<p><s>x</s></p>\n<p>y</p>"},
		{name: "the same twice", html: true, in: "<b><i><b><p>a</p></b></i></b>", page: "<p><b><i>a</i></b></p>"},
		{name: "hidden paragraphs", in: "<span hidden>A\n\nB</span> C", page: "<p>C</p>", note: "1: hidden text was dropped: A"},
		{name: "hidden blocks in a line", in: "<span hidden><p>A</p><hr><p>B</p></span>C", page: "<p>C</p>"},
		{name: "a hidden picture between them", in: "<span hidden>A\n\n![x](/x.png)\n\nB</span> C", page: "<p>C</p>"},
		{name: "a hidden division over items", in: "- <div hidden>a\n- b</div>\n- c", page: "<ul><li>c</li></ul>"},
		{name: "an end of what is hidden inside a paragraph", in: "<span hidden>\n\nA</span>\n\nB", page: "<p>B</p>"},
		{name: "a deletion without an end", in: "a\n\n<del>b\n\nc", refused: "line 3: <del> has no end tag"},
		{name: "an end without a deletion", in: "a\n\nb</del> c", refused: "line 3: </del> ends nothing"},
		{name: "hidden without an end", in: "a\n\n<div hidden>\n\nb", refused: "line 3: <div> has no end tag"},
		{name: "a hidden paragraph needs none", in: "<p hidden>a\n\nb", page: "<p>b</p>", note: "1: hidden text was dropped: a"},
		{name: "typed as a word", in: "`<del>` and \\<del>", quiet: true},
	})
}
