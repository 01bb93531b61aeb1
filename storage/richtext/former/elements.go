package former

// kind is the part that an element plays when the tree is put in order.
type kind int

const (
	inline      kind = iota // runs of text; also every element that no table names
	void                    // inline without content: br, img
	paragraph               // p
	heading                 // inline content only
	verbatim                // pre: white space counts
	rule                    // hr
	quote                   // blockquote: blocks only
	list                    // ul, ol
	item                    // li
	definitions             // dl
	definition              // dt, dd
	figure                  // figure
	caption                 // figcaption
	table                   // table
	tableTitle              // caption
	rows                    // thead, tbody
	row                     // tr
	cell                    // td, th
	transparent             // a block boundary whose element itself is not kept
	hidden                  // removed with all that is in it
	characters              // a text node
)

// element says what becomes of an element: its name in the output (empty: only
// its content stays) and the attributes it may keep besides lang and dir.
type element struct {
	kind  kind
	as    string
	attrs []string
}

// needs names the attribute without which an inline element means nothing and
// is unwrapped.
var needs = map[string][]string{
	"a": {"href"}, "abbr": {"title"}, "time": {"datetime"}, "span": {"lang", "dir"}, "img": {"src"},
}

// elements is the whole policy; an element that is missing here is unwrapped.
var elements = map[string]element{
	"p": {kind: paragraph, as: "p"},
	// A page has one h1, the article's title, which is not part of the body.
	"h1": {kind: heading, as: "h2"}, "h2": {kind: heading, as: "h2"}, "h3": {kind: heading, as: "h3"},
	"h4": {kind: heading, as: "h4"}, "h5": {kind: heading, as: "h4"}, "h6": {kind: heading, as: "h4"},
	"pre": {kind: verbatim, as: "pre"}, "listing": {kind: verbatim, as: "pre"},
	"hr":         {kind: rule, as: "hr"},
	"blockquote": {kind: quote, as: "blockquote", attrs: []string{"cite"}},

	"ul": {kind: list, as: "ul"}, "menu": {kind: list, as: "ul"}, "dir": {kind: list, as: "ul"},
	"ol": {kind: list, as: "ol", attrs: []string{"start", "reversed"}},
	"li": {kind: item, as: "li", attrs: []string{"value"}},
	"dl": {kind: definitions, as: "dl"},
	"dt": {kind: definition, as: "dt"}, "dd": {kind: definition, as: "dd"},

	"figure":     {kind: figure, as: "figure"},
	"figcaption": {kind: caption, as: "figcaption"},

	"table": {kind: table, as: "table"}, "caption": {kind: tableTitle, as: "caption"},
	"thead": {kind: rows, as: "thead"}, "tbody": {kind: rows, as: "tbody"}, "tfoot": {kind: rows, as: "tbody"},
	"tr": {kind: row, as: "tr"},
	"td": {kind: cell, as: "td", attrs: []string{"colspan", "rowspan"}},
	"th": {kind: cell, as: "th", attrs: []string{"colspan", "rowspan", "scope"}},

	"br":     {kind: void, as: "br"},
	"img":    {kind: void, as: "img", attrs: []string{"src", "alt", "width", "height"}},
	"a":      {kind: inline, as: "a", attrs: []string{"href"}},
	"strong": {kind: inline, as: "strong"}, "b": {kind: inline, as: "b"},
	"em": {kind: inline, as: "em"}, "dfn": {kind: inline, as: "em"}, "i": {kind: inline, as: "i"},
	"u": {kind: inline, as: "u"}, "ins": {kind: inline, as: "u"},
	"s": {kind: inline, as: "s"}, "del": {kind: inline, as: "s"}, "strike": {kind: inline, as: "s"},
	"sub": {kind: inline, as: "sub"}, "sup": {kind: inline, as: "sup"},
	"code": {kind: inline, as: "code"}, "tt": {kind: inline, as: "code"}, "kbd": {kind: inline, as: "code"}, "samp": {kind: inline, as: "code"},
	"abbr": {kind: inline, as: "abbr", attrs: []string{"title"}}, "acronym": {kind: inline, as: "abbr", attrs: []string{"title"}},
	"cite": {kind: inline, as: "cite"}, "q": {kind: inline, as: "q", attrs: []string{"cite"}},
	"time": {kind: inline, as: "time", attrs: []string{"datetime"}},
	"span": {kind: inline, as: "span"}, "bdi": {kind: inline, as: "span"},
	"ruby": {kind: inline, as: "ruby"}, "rt": {kind: inline, as: "rt"}, "rp": {kind: inline, as: "rp"},

	"address": {kind: transparent}, "article": {kind: transparent}, "aside": {kind: transparent},
	"body": {kind: transparent}, "center": {kind: transparent}, "details": {kind: transparent},
	"div": {kind: transparent}, "fieldset": {kind: transparent}, "footer": {kind: transparent},
	"form": {kind: transparent}, "header": {kind: transparent}, "hgroup": {kind: transparent},
	"html": {kind: transparent}, "legend": {kind: transparent}, "main": {kind: transparent},
	"nav": {kind: transparent}, "search": {kind: transparent}, "section": {kind: transparent},
	"summary": {kind: transparent},

	"applet": {kind: hidden}, "audio": {kind: hidden}, "button": {kind: hidden}, "canvas": {kind: hidden},
	"datalist": {kind: hidden}, "dialog": {kind: hidden}, "frameset": {kind: hidden}, "head": {kind: hidden},
	"iframe": {kind: hidden}, "map": {kind: hidden}, "math": {kind: hidden}, "noembed": {kind: hidden},
	"noframes": {kind: hidden}, "noscript": {kind: hidden}, "object": {kind: hidden}, "plaintext": {kind: hidden},
	"script": {kind: hidden}, "select": {kind: hidden}, "style": {kind: hidden}, "svg": {kind: hidden},
	"template": {kind: hidden}, "textarea": {kind: hidden}, "title": {kind: hidden}, "video": {kind: hidden},
	"xmp": {kind: hidden},
}

// childless elements have no end tag. Those that the policy does not keep are
// skipped, so that they don't swallow what follows them.
var childless = map[string]bool{
	"area": true, "base": true, "basefont": true, "bgsound": true, "br": true, "col": true, "embed": true,
	"frame": true, "hr": true, "img": true, "input": true, "keygen": true, "link": true, "meta": true,
	"param": true, "source": true, "track": true, "wbr": true,
}

// block reports whether an element of this kind ends the paragraph it stands in.
func (k kind) block() bool {
	return k != inline && k != void && k != hidden && k != characters
}
