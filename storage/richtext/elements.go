package richtext

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
	anchor                  // what stood for the ids of something that is not kept
)

// element says what becomes of an element: its name in the output (empty: only
// its content stays) and the attributes it may keep besides lang, dir and id.
type element struct {
	kind  kind
	as    string
	attrs []string
	// what names the element to the editor who is told that it went.
	what string
	// apart elements are boxes in their line: a blank sets their text apart.
	apart bool
	// media elements show something from elsewhere. The author's own alternative
	// inside stays; without one a link stays.
	media bool
}

// needs names the attributes without any of which an inline element means
// nothing and is unwrapped.
var needs = map[string][]string{
	"a": {"href"}, "abbr": {"title"}, "time": {"datetime"}, "span": {"lang", "dir"}, "img": {"src"},
}

// elements is the whole policy: every element that HTML knows or once knew. Any
// other is unwrapped; [Markdown] takes such a one for text.
var elements = map[string]element{
	"p": {kind: paragraph, as: "p"},
	// A page has one h1, the article's title, which is not part of the body:
	// the levels are shifted when all are known.
	"h1": {kind: heading, as: "h1"}, "h2": {kind: heading, as: "h2"}, "h3": {kind: heading, as: "h3"},
	"h4": {kind: heading, as: "h4"}, "h5": {kind: heading, as: "h5"}, "h6": {kind: heading, as: "h6"},
	"pre": {kind: verbatim, as: "pre"}, "listing": {kind: verbatim, as: "pre"},
	"xmp": {kind: verbatim, as: "pre"}, "plaintext": {kind: verbatim, as: "pre"},
	"hr":         {kind: rule, as: "hr"},
	"blockquote": {kind: quote, as: "blockquote", attrs: []string{"cite"}},

	"ul": {kind: list, as: "ul"}, "menu": {kind: list, as: "ul"}, "dir": {kind: list, as: "ul"},
	"ol": {kind: list, as: "ol", attrs: []string{"type", "start", "reversed"}},
	"li": {kind: item, as: "li", attrs: []string{"type", "value"}},
	"dl": {kind: definitions, as: "dl"},
	"dt": {kind: definition, as: "dt"}, "dd": {kind: definition, as: "dd"},

	"figure":     {kind: figure, as: "figure"},
	"figcaption": {kind: caption, as: "figcaption"},

	"table": {kind: table, as: "table"}, "caption": {kind: tableTitle, as: "caption"},
	"thead": {kind: rows, as: "thead"}, "tbody": {kind: rows, as: "tbody"}, "tfoot": {kind: rows, as: "tbody"},
	"tr": {kind: row, as: "tr"},
	"td": {kind: cell, as: "td", attrs: []string{"colspan", "rowspan", "align"}},
	"th": {kind: cell, as: "th", attrs: []string{"colspan", "rowspan", "scope", "align"}},

	"br":  {kind: void, as: "br"},
	"img": {kind: void, as: "img", attrs: []string{"src", "alt", "width", "height"}}, "image": {kind: void, as: "img", attrs: []string{"src", "alt", "width", "height"}},
	"a": {kind: inline, as: "a", attrs: []string{"href", "title"}}, "area": {kind: inline, as: "a", attrs: []string{"href"}, apart: true},
	"strong": {kind: inline, as: "strong"}, "b": {kind: inline, as: "b"},
	"em": {kind: inline, as: "em"}, "dfn": {kind: inline, as: "em"}, "i": {kind: inline, as: "i"}, "var": {kind: inline, as: "i"},
	"u": {kind: inline, as: "u"}, "ins": {kind: inline, as: "u"},
	"s": {kind: inline, as: "s"}, "del": {kind: inline, as: "s"}, "strike": {kind: inline, as: "s"},
	"sub": {kind: inline, as: "sub"}, "sup": {kind: inline, as: "sup"},
	"code": {kind: inline, as: "code"}, "tt": {kind: inline, as: "code"}, "kbd": {kind: inline, as: "code"}, "samp": {kind: inline, as: "code"},
	"abbr": {kind: inline, as: "abbr", attrs: []string{"title"}}, "acronym": {kind: inline, as: "abbr", attrs: []string{"title"}},
	"cite": {kind: inline, as: "cite"}, "q": {kind: inline, as: "q", attrs: []string{"cite"}},
	"time": {kind: inline, as: "time", attrs: []string{"datetime"}},
	"span": {kind: inline, as: "span"}, "bdi": {kind: inline, as: "span"}, "bdo": {kind: inline, as: "span"},
	"ruby": {kind: inline, as: "ruby"}, "rt": {kind: inline, as: "rt"}, "rtc": {kind: inline, as: "rt"}, "rp": {kind: inline, as: "rp"},

	// Only how they look is lost.
	"big": {}, "blink": {}, "data": {}, "font": {}, "label": {}, "mark": {}, "marquee": {}, "nobr": {}, "picture": {},
	"rb": {}, "slot": {}, "small": {}, "basefont": {}, "selectedcontent": {},

	"address": {kind: transparent}, "article": {kind: transparent}, "aside": {kind: transparent},
	"body": {kind: transparent}, "center": {kind: transparent}, "details": {kind: transparent},
	"dialog": {kind: transparent}, "div": {kind: transparent}, "fieldset": {kind: transparent}, "footer": {kind: transparent},
	"form": {kind: transparent}, "header": {kind: transparent}, "hgroup": {kind: transparent},
	"html": {kind: transparent}, "legend": {kind: transparent}, "main": {kind: transparent}, "map": {kind: transparent},
	"multicol": {kind: transparent}, "nav": {kind: transparent}, "noembed": {kind: transparent},
	"noframes": {kind: transparent}, "noscript": {kind: transparent}, "search": {kind: transparent}, "section": {kind: transparent},
	"summary": {kind: transparent}, "frameset": {kind: transparent},

	// Controls of forms: what they say stays.
	"button": {apart: true}, "textarea": {apart: true}, "output": {apart: true}, "meter": {apart: true}, "progress": {apart: true},
	"select": {kind: transparent}, "optgroup": {kind: transparent}, "option": {kind: transparent},
	"input": {kind: hidden, what: "field of a form"}, "keygen": {kind: hidden, what: "field of a form"}, "isindex": {kind: hidden, what: "field of a form"},
	"datalist": {kind: hidden, what: "list of suggestions"},

	"applet": {media: true, apart: true, what: "program"}, "audio": {media: true, apart: true, what: "recording"},
	"bgsound": {media: true, apart: true, what: "recording"}, "canvas": {media: true, apart: true, what: "drawing"},
	"embed": {media: true, apart: true, what: "object"}, "frame": {media: true, apart: true, what: "frame"},
	"iframe": {media: true, apart: true, what: "frame"}, "object": {media: true, apart: true, what: "object"},
	"fencedframe": {media: true, apart: true, what: "frame"}, "portal": {media: true, apart: true, what: "frame"},
	"video": {media: true, apart: true, what: "video"},
	"math":  {kind: hidden, what: "formula"}, "svg": {kind: hidden, what: "drawing"},
	"template": {kind: hidden, what: "template"}, "title": {kind: hidden, what: "title of a page"},

	// These have no text that a reader would see.
	"head": {kind: hidden}, "script": {kind: hidden}, "style": {kind: hidden},
	"base": {kind: hidden}, "col": {kind: hidden}, "colgroup": {}, "link": {kind: hidden}, "meta": {kind: hidden},
	"param": {kind: hidden}, "source": {kind: hidden}, "track": {kind: hidden}, "wbr": {kind: hidden},
	"nextid": {kind: hidden}, "spacer": {kind: hidden}, "command": {kind: hidden}, "menuitem": {},
}

// childless elements have no end tag. Those that the policy does not keep are
// skipped, so that they don't swallow what follows them.
var childless = map[string]bool{
	"area": true, "base": true, "basefont": true, "bgsound": true, "br": true, "col": true, "command": true, "embed": true,
	"frame": true, "hr": true, "image": true, "img": true, "input": true, "isindex": true, "keygen": true, "link": true, "meta": true,
	"nextid": true, "param": true, "source": true, "spacer": true, "track": true, "wbr": true,
}

// block reports whether an element of this kind ends the paragraph it stands in.
func (k kind) block() bool {
	return k != inline && k != void && k != hidden && k != characters && k != anchor
}
