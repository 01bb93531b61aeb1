package importer

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"communique/storage/lazyregexp"
)

// declaration finds the encoding that a page names, in XML or in a meta element.
var declaration = lazyregexp.New(`(?i)<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9][a-z0-9_:.-]*)`)

// decode returns the text of a page. A byte order mark decides; else valid UTF-8 is
// UTF-8 whatever the page says, because servers and templates declare what they were
// once set up with; else the HTTP header's encoding, else the page's own (WHATWG
// Encoding §4.2, with GB 2312 and GBK read as GB 18030, their superset). The note is
// a remaining doubt, or empty.
func decode(raw []byte, header string) (text, note string, err error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16", raw)
	}
	label := strings.ToLower(header)
	if label == "" {
		if m := declaration.FindSubmatch(raw[:min(len(raw), 8192)]); m != nil {
			label = strings.ToLower(string(m[1]))
		}
	}
	// ISO-2022-JP consists of ASCII bytes, which are valid UTF-8.
	if utf8.Valid(raw) && !(label == "iso-2022-jp" && bytes.Contains(raw, []byte("\x1b$"))) {
		return string(raw), "", nil
	}
	if mostlyUTF8(raw) {
		return strings.ToValidUTF8(string(raw), "\uFFFD"), "some bytes of the page are not UTF-8 and were replaced", nil
	}
	switch label {
	case "":
		return "", "", errors.New("the text is not UTF-8 and names no encoding: convert it to UTF-8")
	case "gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030":
		return decodeWith(simplifiedchinese.GB18030, label, raw)
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return "", "", fmt.Errorf("the page names the encoding %q, which is not known: convert it to UTF-8", label)
	}
	if name, _ := htmlindex.Name(e); name == "utf-8" {
		return "", "", errors.New("the page says that it is UTF-8, but it is not: convert it to UTF-8")
	}
	return decodeWith(e, label, raw)
}

// KnownEncoding is nil if pages can be read in an encoding of that name.
func KnownEncoding(name string) error {
	if _, err := htmlindex.Get(name); err != nil {
		return fmt.Errorf("the encoding %q is not known: write it like windows-1252, gbk or shift_jis", name)
	}
	return nil
}

func decodeWith(e encoding.Encoding, label string, raw []byte) (text, note string, err error) {
	out, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return "", "", fmt.Errorf("the page cannot be read as %s: %w", label, err)
	}
	bad := bytes.Count(out, []byte("\uFFFD"))
	switch {
	case bad > 10 && bad*100 > utf8.RuneCount(out):
		return "", "", fmt.Errorf("the page says that it is %s, but it is not: convert it to UTF-8", label)
	case bad > 0:
		note = fmt.Sprintf("%d characters of the page are not %s and were replaced", bad, label)
	}
	return string(out), note, nil
}

// mostlyUTF8 recognises UTF-8 with a few broken characters, as left by cutting at a
// byte count: hundreds of well-formed sequences are not an accident.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		raw = raw[size:]
	}
	return good > 20 && bad*50 < good
}
