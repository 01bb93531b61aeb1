package richtext

import (
	"net/url"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// resolver judges addresses by the parser of the URL Standard, as every browser
// does, so that none is lost that readers could follow.
type resolver struct {
	base *whatwg.Url
	page string // the base without a fragment; empty without a base
}

func newResolver(base *url.URL) resolver {
	if base == nil || !base.IsAbs() {
		return resolver{}
	}
	u, err := whatwg.Parse(base.String())
	if err != nil {
		return resolver{}
	}
	r := resolver{base: u}
	r.page = strings.SplitN(escapeAddress(u.Href(true)), "#", 2)[0]
	return r
}

// resolve returns an address in absolute form if its scheme is one of those
// given, or nothing. Addresses with user and password are phishing more often
// than not and are refused.
func (r resolver) resolve(raw string, schemes ...string) string {
	raw = strings.TrimSpace(permitted(raw))
	if raw == "" || len(raw) > maxAddress {
		return ""
	}
	u, err := whatwg.Parse(raw)
	if err != nil {
		if r.base == nil {
			return ""
		}
		if u, err = r.base.Parse(raw); err != nil {
			return ""
		}
	}
	scheme := strings.TrimSuffix(u.Protocol(), ":")
	if !slices.Contains(schemes, scheme) || u.Username() != "" || u.Password() != "" {
		return ""
	}
	web := scheme == "http" || scheme == "https"
	if web && u.Hostname() == "" || !web && (u.Hostname() != "" || u.Pathname() == "") {
		return ""
	}
	if address := escapeAddress(u.Href(false)); len(address) <= maxAddress {
		return address
	}
	return ""
}

// escapeAddress percent-encodes what RFC 3986 §2 has no place for and the URL
// Standard leaves; a percent sign stays, or the second cleaning would encode
// again. A fragment that is empty is left out, and a second "#" is part of the first
// one's fragment.
func escapeAddress(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	fragment := strings.IndexByte(s, '#')
	if fragment >= 0 && fragment == len(s)-1 {
		s = s[:fragment]
	}
	for i := range len(s) {
		c := s[i]
		if c == '#' && i != fragment || c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// WebAddress is the absolute address of a page or a picture of the web, as a cleaned
// text has it, or nothing. base may be nil.
func WebAddress(raw string, base *url.URL) string {
	return newResolver(base).resolve(raw, "http", "https")
}

// LinkAddress is the absolute address of a link as a cleaned text has it, or nothing: two
// spellings that a browser takes for one address are one. base may be nil.
func LinkAddress(raw string, base *url.URL) string {
	return newResolver(base).resolve(raw, linkSchemes...)
}

// PlaceAddress is how a cleaned text leads to a place in itself, if a link does on a page
// of the address base, whether it names that page or not; else nothing.
func PlaceAddress(raw string, base *url.URL) string {
	r := newResolver(base)
	raw = strings.TrimSpace(raw)
	if !strings.HasPrefix(raw, "#") {
		page, id, ok := strings.Cut(r.resolve(raw, linkSchemes...), "#")
		if !ok || page != r.page {
			return ""
		}
		raw = "#" + id
	}
	if id := fragment(raw); id != "" {
		return placeAddress(idPrefix + strings.TrimPrefix(id, idPrefix))
	}
	return ""
}

// placeAddress is the address of an id in the text that has it.
func placeAddress(id string) string {
	return escapeAddress("#" + strings.ReplaceAll(id, "%", "%25"))
}

// linkSchemes are those of the links that a text keeps.
var linkSchemes = []string{"http", "https", "mailto", "tel"}
