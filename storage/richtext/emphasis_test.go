package richtext

import "testing"

// TestDeletionsBesideSigns: an old figure must not stand there as a valid one, because a
// sign is beside the marks that strike it.
func TestDeletionsBesideSigns(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "per cent", in: "~~5%~~6%", page: "<p><s>5%</s>6%</p>", plain: "6%", quiet: true},
		{name: "twice", in: "from ~~5%~~6% to ~~7%~~8%.", plain: "from 6% to 8%.", quiet: true},
		{name: "brackets", in: "~~(old)~~new", page: "<p><s>(old)</s>new</p>", quiet: true},
		{name: "money", in: "~~10 €~~12 €, ~~$5~~$6", page: "<p><s>10 €</s>12 €, <s>$5</s>$6</p>", quiet: true},
		{name: "quotation marks", in: `~~"old"~~"new", ~~«ancien»~~« nouveau »`, page: `<p><s>"old"</s>"new", <s>«ancien»</s>« nouveau »</p>`, quiet: true},
		{name: "emphasis", in: "~~*f*~~g", page: "<p><s><em>f</em></s>g</p>", quiet: true},
		{name: "in bold", in: "**~~5%~~**6%", page: "<p><strong><s>5%</s></strong>6%</p>", quiet: true},
		{name: "around bold", in: "~~**5%**~~6%", page: "<p><s><strong>5%</strong></s>6%</p>", quiet: true},
		{name: "links", in: "~~[old](https://a.example)~~[new](https://b.example)", plain: "new", quiet: true},
		{name: "code and tags", in: "~~`old`~~new ~~<b>5%</b>~~6%", plain: "new 6%", quiet: true},
		{name: "an emoji", in: "~~👍~~👎", page: "<p><s>👍</s>👎</p>", quiet: true},
		{name: "over a line end", in: "~~5%\n6%~~7%", page: "<p><s>5% 6%</s>7%</p>", quiet: true},
		{name: "in heading, item and note", in: "# ~~5%~~6%\n\n- ~~7%~~8%[^1]\n\n[^1]: ~~9%~~10%", plain: "8%"},
		{name: "one in another", in: "~~<mark>~~x~~</mark>~~ ~~a ~~b~~ c~~ y", plain: "y", quiet: true},
		{name: "the words of a picture", in: "![~~5%~~6% of 10<sup>6</sup>](https://a.example/x.png)", page: `<p><img src="https://a.example/x.png" alt="6% of 10⁶"/></p>`},
		{name: "not closed", in: "a\n\n~~5% b", refused: "line 3: nobody can tell what ~~ strikes"},
		{name: "not opened", in: "a\nb 5%~~ c", refused: "line 2: nobody can tell what ~~ strikes"},
		{name: "over paragraphs", in: "~~a\n\nb~~", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "over cells", in: "| a | b |\n|---|---|\n| ~~a | b~~ |", refused: "line 3: nobody can tell what ~~ strikes"},
		{name: "with a blank", in: "~~ 5%~~6%", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "with one tilde too few", in: "~~5%~6%", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "in the words of a link", in: "[~~a](https://a.example) b~~", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "crossed with emphasis", in: "*~~a* b~~", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "between tags", in: "<div>\n~~5%~~6%\n</div>", refused: "line 2: between tags ~~ strikes nothing"},
		{name: "code between tags", in: "<pre>\n~~5%~~6%\n</pre>", page: "<pre>~~5%~~6%</pre>"},
		{name: "escaped", in: `\~~a and a\~\~`, page: "<p>~~a and a~~</p>", quiet: true},
	})
}

// TestMarksBesideSigns: what CommonMark leaves as it was typed is bold where that is what
// was meant, and noted where nobody can tell.
func TestMarksBesideSigns(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "bold closed by a colon", in: "**Wörter:**und **Ort:**Berlin", page: "<p><strong>Wörter:</strong>und <strong>Ort:</strong>Berlin</p>", quiet: true},
		{name: "bold closed by a symbol", in: "**👍**x, **5 €**und __5%__of", page: "<p><strong>👍</strong>x, <strong>5 €</strong>und <strong>5%</strong>of</p>", quiet: true},
		{name: "bold in bold", in: `**Note: "**so**" x**`, page: `<p><strong>Note: "<strong>so</strong>" x</strong></p>`, quiet: true},
		{name: "bold that never opened", in: "**(**foo)", page: "<p>**(**foo)</p>", note: "1: marks stand in the text as they were typed: **(**foo)"},
		{name: "the first part of a word", in: "*Com*muniqué, the *Mini*ster and the *vice-*president", page: "<p><em>Com</em>muniqué, the <em>Mini</em>ster and the *vice-*president</p>", note: "1: marks stand in the text as they were typed: *vice-*president"},
		{name: "in bold", in: "**Note:*so*and**", page: "<p><strong>Note:<em>so</em>and</strong></p>", quiet: true},
		{name: "the end of a word", in: "a\n\nو*مائل*؛", page: "<p>a</p>\n<p>و*مائل*؛</p>", note: "3: marks stand in the text as they were typed: و*مائل*؛"},
		{name: "words that end in the middle of one", in: "*Erster Teil*swort", note: "1: marks stand in the text as they were typed: *Erster Teil*swort"},
		{name: "all genders", in: "Bürger*innen, *alle Lehrer*innen*, *Leiter*innen* und **Schüler*innen**; député*e*s; Bürger*innen* zahlen; 5*3*2",
			page: "<p>Bürger*innen, <em>alle Lehrer*innen</em>, <em>Leiter*innen</em> und <strong>Schüler*innen</strong>; député*e*s; Bürger*innen* zahlen; 5*3*2</p>", quiet: true},
	})
}

// TestBoldInWords: where no blank is between a word and what is bold in it, the pair
// decides, and nothing is turned inside out.
func TestBoldInWords(t *testing.T) {
	t.Parallel()
	b := func(before, in, after string) rowTest {
		return rowTest{name: before + in, in: before + "**" + in + "**" + after, page: "<p>" + before + "<strong>" + in + "</strong>" + after + "</p>", quiet: true}
	}
	checkRows(t, []rowTest{
		b("MOFA", "(외교부)", "는"), b("וב", `"הארץ"`, ""), b("ل", "«الوزير»", " قال"), b("و", "النص:", "ثم"), b("3", "“三”", "4 和"),
		b("ការ", "(ក)", "ខ"), b("ປະເທດ", "“ລາວ”", "ແລະ"), b("မြန်မာ", "(က)", "ခ"), b("བོད", "“ཀ”", "ཁ"), b("the", "(new)", ""),
		{name: "Thai, twice", in: `ประเทศ**"ไทย"**และ **(ก)**ข`, page: `<p>ประเทศ<strong>"ไทย"</strong>และ <strong>(ก)</strong>ข</p>`, quiet: true},
		{name: "the rest of a paragraph", in: "3**“三”**4 **a** b **c**", page: "<p>3<strong>“三”</strong>4 <strong>a</strong> b <strong>c</strong></p>", quiet: true},
		{name: "powers", in: "5**(2) + 3**(4)", page: "<p>5**(2) + 3**(4)</p>", note: "1: marks stand in the text as they were typed: **(2) + 3**(4)"},
		{name: "nested", in: `**a: "**b**" c**`, page: `<p><strong>a: "<strong>b</strong>" c</strong></p>`, quiet: true},
		{name: "behind bold", in: `**a**"b" and **c**"d"`, page: `<p><strong>a</strong>"b" and <strong>c</strong>"d"</p>`, quiet: true},
	})
	for _, in := range []string{`*“Z.”*And`, `*„Wort“*und`, `*« mot »*est`, `*(a)*b`, `_“Quote”_text`, `a*(b)* c`} {
		rowTest{in: in, note: "1: marks stand in the text as they were typed: " + in}.check(t, "https://a.example/")
	}
}

// TestStressedAddresses: marks around a bare address end it also where the sentence goes on
// without a blank, and are no part of it without others that they close.
func TestStressedAddresses(t *testing.T) {
	t.Parallel()
	link := func(address string) string { return `<a href="` + address + `">` + address + `</a>` }
	a, b := link("https://mfa.example/a"), link("https://mfa.example/b")
	var rows []rowTest
	for _, behind := range []string{"后", "を", "カ", "는", "ไทย"} {
		for marks, name := range map[string]string{"*": "em", "**": "strong", "~~": "s", "_": "em", "__": "strong"} {
			rows = append(rows, rowTest{name: marks + behind, in: marks + "https://mfa.example/a" + marks + behind, page: "<p><" + name + ">" + a + "</" + name + ">" + behind + "</p>", quiet: true})
		}
	}
	checkRows(t, append(rows,
		rowTest{name: "behind words", in: "见**网页 https://mfa.example/a**后", page: "<p>见<strong>网页 " + a + "</strong>后</p>", quiet: true},
		rowTest{name: "right behind Han", in: "见**https://mfa.example/a**后", page: "<p>见<strong>" + a + "</strong>后</p>", quiet: true},
		rowTest{name: "twice", in: "**https://mfa.example/a**和**https://mfa.example/b**后", page: "<p><strong>" + a + "</strong>和<strong>" + b + "</strong>后</p>", quiet: true},
		rowTest{name: "between underscores, with another", in: "见 __https://mfa.example/a_b__后", page: "<p>见 <strong>" + link("https://mfa.example/a_b") + "</strong>后</p>", quiet: true},
		rowTest{name: "underscores that may be those of the address", in: "_https://mfa.example/a_后_", page: `<p><em>` + `<a href="https://mfa.example/a_%E5%90%8E">https://mfa.example/a_后</a></em></p>`, quiet: true},
		rowTest{name: "underscores right behind Han", in: "见__https://mfa.example/a__后", note: "1: marks stand in the text as they were typed: __https://mfa.example/a__后"},
		rowTest{name: "an underscore behind a word", in: "see_https://mfa.example/a_后", page: "<p>see_https://mfa.example/a_后</p>"},
		rowTest{name: "of two kinds", in: "**_https://mfa.example/a_**后", page: "<p><strong><em>" + a + "</em></strong>后</p>", quiet: true},
		rowTest{name: "of three", in: "***https://mfa.example/a***后", page: "<p><em><strong>" + a + "</strong></em>后</p>", quiet: true},
		rowTest{name: "in an item", in: "- *https://mfa.example/a*는 https", page: "<ul><li><em>" + a + "</em>는 https</li></ul>", quiet: true},
		rowTest{name: "before punctuation", in: "**https://mfa.example/a**，后 (*https://mfa.example/b*)后", page: "<p><strong>" + a + "</strong>，后 (<em>" + b + "</em>)后</p>", quiet: true},
		rowTest{name: "nothing is open", in: "https://mfa.example/a*后", page: `<p><a href="https://mfa.example/a*%E5%90%8E">https://mfa.example/a*后</a></p>`},
		rowTest{name: "what was open is closed", in: "*x* https://mfa.example/a*后", page: `<p><em>x</em> <a href="https://mfa.example/a*%E5%90%8E">https://mfa.example/a*后</a></p>`},
	))
}
