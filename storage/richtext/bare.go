package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// linkAddresses makes links of the addresses that stand bare in a text.
func linkAddresses(n *node, r resolver) {
	if n.source == "a" || n.name == "code" || n.kind == verbatim {
		return
	}
	var out []*node
	for i := 0; i < len(n.children); i++ {
		c := n.children[i]
		if c.kind != characters {
			linkAddresses(c, r)
			out = append(out, c)
			continue
		}
		// An address is not to be cut by a comment.
		end := i + 1
		for end < len(n.children) && n.children[end].kind == characters {
			end++
		}
		text := c.text
		if end > i+1 {
			var b strings.Builder
			for _, part := range n.children[i:end] {
				b.WriteString(part.text)
			}
			text = b.String()
		}
		if i = end - 1; !strings.ContainsAny(text, "@:.") {
			c.text = text
			out = append(out, c)
			continue
		}
		out = append(out, r.linked(text)...)
	}
	n.children = out
}

// linked cuts a text at its addresses.
func (r resolver) linked(text string) []*node {
	var out []*node
	from := 0
	for at := 0; at < len(text); at++ {
		start, end := bareAddress(text, from, at)
		if end == 0 {
			continue
		}
		shown := text[start:end]
		if address := r.resolve(r.target(shown), "http", "https", "mailto"); address != "" {
			if from < start {
				out = append(out, textNode(text[from:start]))
			}
			out = append(out, &node{kind: inline, name: "a", source: "a", attrs: []html.Attribute{{Key: "href", Val: address}}, children: []*node{textNode(shown)}})
			from = end
		}
		at = end - 1
	}
	if from < len(text) {
		out = append(out, textNode(text[from:]))
	}
	return out
}

// target is what a bare address means.
func (r resolver) target(shown string) string {
	name, host, mail := strings.Cut(shown, "@")
	switch {
	case strings.Contains(shown, "://"):
		return shown
	case !mail || strings.HasPrefix(strings.ToLower(shown), "www."):
		return "http://" + shown
	}
	if ascii := r.resolve("http://"+host, "http"); ascii != "" {
		host = strings.TrimSuffix(strings.TrimPrefix(ascii, "http://"), "/")
	}
	return "mailto:" + name + "@" + host
}

var (
	webAddress = lazyregexp.New(`^(?i)(?:https?://|www\.)[\p{L}\p{M}\p{N}]`)
	mailHost   = lazyregexp.New(`^@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}]{2,24}`)
)

// bareAddress tells whether an address of the web begins at a place of a text,
// or the sign of an address of mail stands there, of which the name may begin
// where the text still is free. Without one, end is 0.
func bareAddress(text string, free, at int) (start, end int) {
	switch text[at] {
	case 'h', 'H', 'w', 'W':
		before, _ := utf8.DecodeLastRuneInString(text[free:at])
		if !joins(before) && webAddress.MatchString(text[at:min(len(text), at+40)]) {
			if n := webLength(text[at:]); n > 0 {
				return at, at + n
			}
		}
	case '@':
		for start = at; start > free && at-start < 65 && mailCharacter(text[start-1]); {
			start--
		}
		for start < at && text[start] == '.' || start < at && strings.IndexByte("'*_~{|/=", text[start]) >= 0 {
			start++ // rather of the sentence
		}
		if start < at && at-start <= 64 && !belongs(text[free:start]) {
			if host := mailHost.FindString(text[at:min(len(text), at+260)]); host != "" {
				return start, at + len(host)
			}
		}
	}
	return 0, 0
}

// account is the beginning of the address of an account that is none of mail.
var account = lazyregexp.New(`(?i)^(?:acct|xmpp|sips?|im|matrix):$`)

// belongs tells whether a text ends in what makes another address of a name and a host
// than one of mail: that of an account, as @press@social.example, or with a user.
func belongs(before string) bool {
	word := before[max(0, len(before)-300):]
	word = word[strings.LastIndexAny(word, " \t\n<>\"(")+1:]
	return strings.HasSuffix(word, "@") || strings.Contains(word, "://") || account.MatchString(word)
}

// joins tells whether an address cannot begin after a character: it would be a
// part of a word. Han and kana need no blank in between.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '/' || r == '.' || r == '@' || r == '-' || r == '_') && r != utf8.RuneError && !spaceless(r) && !unicode.Is(unicode.Hangul, r)
}

func mailCharacter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".!#$%&'*+/=?^_{|}~-", c) >= 0
}

// webLength is how far an address of the web goes: to a blank, a quotation mark,
// the punctuation of Chinese and Japanese or a bracket that was not opened in it.
// The punctuation of the sentence after it is not part of it.
func webLength(s string) int {
	start := strings.Index(s, "://") + len("://")
	if start < len("://") || start > len("https://") {
		start = 0
	}
	host := hostLength(s[start:])
	if host == 0 {
		return 0
	}
	end := start + host
	if end < len(s) && strings.IndexByte("/?#", s[end]) >= 0 {
		end += pathLength(s[end:])
	}
	return end
}

var port = lazyregexp.New(`^:[0-9]{1,5}`)

// hostLength is the length of a name with at least one dot, and of its port.
func hostLength(s string) int {
	end, dot := 0, false
	label := rune(0) // the first character of the label
	for i, r := range s {
		if r == '.' {
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if !unicode.IsLetter(next) && !unicode.IsNumber(next) {
				break
			}
			dot, label = true, 0
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '-' && r != '_' && r != '\u200c' && r != '\u200d' {
			break
		}
		if label == 0 {
			label = r
		}
		if label < utf8.RuneSelf && (spaceless(r) || unicode.Is(unicode.Hangul, r)) {
			break // the sentence goes on without a blank
		}
		end = i + utf8.RuneLen(r)
	}
	for end > 0 && (s[end-1] == '-' || s[end-1] == '_') {
		end--
	}
	if !dot || end == 0 {
		return 0
	}
	return end + len(port.FindString(s[end:]))
}

// foreignStop tells of the commas and stops of other scripts, as in Arabic, Hindi or
// Armenian, and of signs that turn the direction of what follows or break a line.
func foreignStop(r rune) bool {
	if r < utf8.RuneSelf {
		return false
	}
	return unicode.Is(unicode.Terminal_Punctuation, r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u00ad\u200b\u2060\ufeff", r)
}

var ending = lazyregexp.New(`\.(?i:html?|xhtml|shtml|php|aspx?|jsp|do|pdf|docx?|xlsx?|odt|jpe?g|png|gif|zip)$`)

// closers are brackets by what opens them.
var closers = map[rune]rune{')': '(', ']': '[', '}': '{'}

// nextAddress is where a path ends at the latest if another address begins at a place of it;
// 0 if none does. Words without blanks between them may lead from one to the other, and are
// none of a path behind Latin letters. An address that follows a path or stands in a query,
// as in /web/2026/https://mfa.example/, is part of the first one.
func nextAddress(s string, at int) int {
	first := s[at]|0x20 == 'h' && (len(s) >= at+8 && strings.EqualFold(s[at:at+8], "https://") || len(s) >= at+7 && strings.EqualFold(s[at:at+7], "http://"))
	last, _ := utf8.DecodeLastRuneInString(s[:at])
	if !first || !spaceless(last) && !unicode.Is(unicode.Hangul, last) {
		return 0
	}
	words := strings.TrimRightFunc(s[:at], spaceless)
	if before, _ := utf8.DecodeLastRuneInString(words); before < utf8.RuneSelf && before != '/' && joins(before) {
		return len(words)
	}
	return at
}

func pathLength(s string) int {
	end := len(s)
	open := map[rune]int{}
scan:
	for i, r := range s {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), foreignStop(r), strings.ContainsRune("<>\"`“”„«»‹›‚‘’…", r), r >= 0x3000 && r <= 0x303f && r != '々' && r != '〇', r >= 0xff01 && r <= 0xff0f, r >= 0xff1a && r <= 0xff20, r >= 0xff3b && r <= 0xff40, r >= 0xff5b && r <= 0xff65, r >= 0xfe30 && r <= 0xfe4f:
			end = i
			break scan
		case strings.HasPrefix(s[i:], "[/"), strings.HasPrefix(s[i:], "[^"): // the end of a code in square brackets, or the mark of a footnote
			end = i
			break scan
		case (r == 'h' || r == 'H') && nextAddress(s, i) > 0:
			end = nextAddress(s, i)
			break scan
		case r == '(' || r == '[' || r == '{':
			open[r]++
		case closers[r] != 0:
			if open[closers[r]] == 0 {
				end = i
				break scan
			}
			open[closers[r]]--
		case (spaceless(r) || unicode.Is(unicode.Hangul, r)) && ending.MatchString(s[max(0, i-8):i]):
			end = i
			break scan
		}
	}
	for end > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:end])
		if !strings.ContainsRune("?!.,:;*_~'|", r) && (r < utf8.RuneSelf || !unicode.IsPunct(r)) && !(strings.ContainsRune("([{", r) && open[r] > 0) {
			break
		}
		end -= size
	}
	return end
}
