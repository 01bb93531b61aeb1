package former

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/idna"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// maxAddress bounds a link; longer ones are tracking or worse.
const maxAddress = 4096

// datetime is the shape of a machine-readable date; what it says is not judged.
var datetime = lazyregexp.New(`^[0-9A-Za-z:+., -]{1,40}$`)

// attributes returns what an element keeps of its attributes, in a fixed order.
func (b *builder) attributes(e element, t html.Token) []html.Attribute {
	var kept []html.Attribute
	keep := func(key, value string) {
		if value != "" || key == "alt" || key == "reversed" {
			kept = append(kept, html.Attribute{Key: key, Val: value})
		}
	}
	for _, key := range slices.Concat([]string{"lang", "dir"}, e.attrs) {
		raw, ok := value(t, key)
		if !ok && key == "lang" {
			raw, ok = value(t, "xml:lang")
		}
		switch {
		case key == "alt" && e.as == "img":
			// An image without alternative text says that it is decoration.
			keep(key, CleanText(raw))
		case key == "dir" && !ok && t.Data == "bdi":
			keep(key, "auto")
		case ok:
			keep(key, b.attribute(key, raw))
		}
	}
	return kept
}

func value(t html.Token, key string) (string, bool) {
	for _, a := range t.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// attribute checks one value; the empty string drops the attribute.
func (b *builder) attribute(key, raw string) string {
	raw = strings.TrimSpace(raw)
	switch key {
	case "href":
		return b.link(raw)
	case "src":
		return resolve(b.base, raw, "http", "https")
	case "cite":
		return resolve(b.base, raw, "http", "https")
	case "lang":
		if tag, err := press.ParseLanguage(raw); err == nil {
			return string(tag)
		}
		return ""
	case "dir":
		return oneOf(strings.ToLower(raw), "ltr", "rtl", "auto")
	case "scope":
		return oneOf(strings.ToLower(raw), "row", "col", "rowgroup", "colgroup")
	case "title":
		return CleanText(raw)
	case "datetime":
		return datetime.FindString(raw)
	case "colspan", "rowspan":
		return number(raw, 2, 1000)
	case "width", "height":
		return number(strings.TrimSuffix(raw, "px"), 1, 10000)
	case "start", "value":
		return number(raw, -100000, 100000)
	}
	return ""
}

func oneOf(s string, allowed ...string) string {
	if slices.Contains(allowed, s) {
		return s
	}
	return ""
}

func number(s string, least, most int) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return ""
	}
	return strconv.Itoa(n)
}

func (b *builder) link(raw string) string {
	return resolve(b.base, raw, "http", "https", "mailto", "tel")
}

// resolve returns an address in absolute form if its scheme is one of those
// given, or nothing. Addresses with user and password are phishing more often
// than not and are refused.
func resolve(base *url.URL, raw string, schemes ...string) string {
	raw = strings.TrimSpace(permitted(raw))
	// Browsers skip these inside an address (WHATWG URL §4.4), so that
	// "java\nscript:" is a scheme to them.
	raw = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(raw)
	if raw == "" || len(raw) > maxAddress {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	if !u.IsAbs() {
		if base == nil || !base.IsAbs() {
			return ""
		}
		u = base.ResolveReference(u)
	}
	if !slices.Contains(schemes, u.Scheme) || u.User != nil {
		return ""
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		// "<" passes for a host in net/url, and its escaped form does not.
		if u.Host, err = asciiHost(u.Host); err != nil || u.Host == "" || u.Host != escapeAddress(u.Host) || u.Opaque != "" {
			return ""
		}
	} else if u.Opaque == "" || u.Host != "" {
		return ""
	}
	return escapeAddress(u.String())
}

// asciiHost gives an internationalised name its form in the DNS (RFC 5891), so
// that every reader takes it for the same one.
func asciiHost(host string) (string, error) {
	for i := range len(host) {
		if host[i] >= 0x80 {
			return idna.Lookup.ToASCII(host)
		}
	}
	return host, nil
}

// escapeAddress percent-encodes what RFC 3986 §2 has no place for; a percent
// sign stays, or the second cleaning would encode again.
func escapeAddress(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
