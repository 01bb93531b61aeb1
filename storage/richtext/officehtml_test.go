package richtext

import "testing"

// TestWordHTML: of what Word writes into pages by elements of its own every word stays, and
// what else it shows is told.
func TestWordHTML(t *testing.T) {
	t.Parallel()
	const formula = `Energy <m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath> here`
	const shape = `a<v:shape id="_x0000_i1" style="width:10pt" alt="A > B"><v:imagedata src="image001.png" o:title="Map"/></v:shape>b`
	checkRows(t, []rowTest{
		{name: "a formula", html: true, in: "<p>" + formula + "</p>", page: "<p>Energy E=mc<sup>2</sup> here</p>", plain: "Energy E=mc² here", note: "1: a formula of Word is shown as text"},
		{name: "a formula in Markdown", in: formula, page: "<p>Energy E=mc<sup>2</sup> here</p>", note: "1: a formula of Word is shown as text"},
		{name: "a fraction, a root and an index", html: true, in: "<m:oMath><m:f><m:num>1</m:num><m:den>2</m:den></m:f> <m:rad><m:e>3</m:e></m:rad> <m:sSub><m:e>x</m:e><m:sub>1</m:sub></m:sSub></m:oMath>", page: "<p>1/2 √3 x<sub>1</sub></p>"},
		{name: "a picture", html: true, in: "<p>" + shape + "</p>", page: "<p>a b</p>", note: "1: a drawing of Word was left out: A > B"},
		{name: "a picture in Markdown", in: "Text.\n\n" + shape, plain: "Text. a b", note: "3: a drawing of Word was left out: A > B"},
		{name: "a picture without words", html: true, in: `<v:imagedata src="image001.png">x`, page: "<p>x</p>", note: "1: a picture of Word was left out: image001.png"},
		{name: "letters that are drawn", html: true, in: `<v:textpath string="DRAFT"/>x`, note: "1: the words of a drawing of Word were left out: DRAFT"},
		{name: "a box of text", html: true, in: "<p>a<v:rect><v:textbox><p>Text in it</p></v:textbox></v:rect>b</p>", page: "<p>a</p>\n<p>Text in it</p>\n<p>b</p>", quiet: true},
		{name: "paragraphs and instructions", html: true, in: `<?xml:namespace prefix = o ns = "urn:schemas-microsoft-com:office:office" /><p>x<o:p>&nbsp;</o:p></p><o:p>y</o:p>`, page: "<p>x</p>\n<p>y</p>", quiet: true},
		{name: "an instruction in Markdown", in: `<?xml version="1.0"?>Text <o:p>of Word</o:p>`, page: "<p>Text of Word</p>", note: `1: an instruction to programs was left out: <?xml version="1.0"?>`},
		{name: "an instruction that is text", in: "Write <?php at the beginning.", page: "<p>Write &lt;?php at the beginning.</p>", quiet: true},
		{name: "conditions", html: true, in: `<!--[if gte vml 1]>` + shape + `<![endif]--><![if !vml]><img src="image002.png" alt="Map"><![endif]>`, page: `<p><img src="https://mfa.example/news/image002.png" alt="Map"/></p>`, quiet: true},
		{name: "of a stranger", foreign: true, in: shape + formula, page: "<p>abEnergy E=mc<sup>2</sup> here</p>"},
	})
}
