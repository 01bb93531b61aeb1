package attachment

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"slices"
	"strings"
)

// refusedNames are the names (ISO 32000-1 §7.3.5) in a PDF that make it do something,
// or hide something, with what to say of it.
var refusedNames = map[string]error{
	"JavaScript":    errScripts,
	"JS":            errScripts,
	"Launch":        errors.New("it starts programs: save it anew, by printing it to PDF"),
	"RichMedia":     errors.New("it has films or programs inside: save it without them"),
	"EmbeddedFile":  errHidden,
	"EmbeddedFiles": errHidden,
	"Encrypt":       errEncrypted,
	"XFA":           errScripts,
}

var (
	errScripts = errors.New("it has scripts, which run on readers' machines: save it without them, for instance by printing it to PDF")
	errUnseen  = errors.New("it packs its objects in a way in which nobody can look at them: save it anew, for instance by printing it to PDF")
	errHidden  = errors.New("it has other files inside: publish those beside it, and save it without them")
)

// certain is how long a name must be that means something within the data of a stream:
// shorter ones are in pictures by chance.
const certain = 6

// checkPDF looks at a PDF (ISO 32000-1 §7.5), also within its compressed objects.
func checkPDF(content []byte) error {
	tail := content[max(0, len(content)-2048):]
	if !bytes.HasPrefix(content, []byte("%PDF-")) {
		return notA("a PDF", content)
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return errors.New("its end is missing: the PDF was cut off, copy it once more")
	}
	if bytes.Contains(tail, []byte("PK\x05\x06")) {
		return errors.New("it is an archive as well as a PDF: save it anew, for instance by printing it to PDF")
	}
	left := int64(maxUnpacked)
	for len(content) > 0 {
		objects, data, rest := nextStream(content)
		names := pdfNames(objects)
		for _, name := range names {
			if err := refusedNames[name]; err != nil {
				return err
			}
		}
		// What stands in a string may look like the beginning of a stream, and what
		// follows is read by others.
		for _, name := range slashed(data) {
			if err := refusedNames[name]; err != nil && len(name) >= certain {
				return err
			}
		}
		packed, size, err := inflate(data, objects, left)
		if err != nil {
			return err
		}
		left -= size
		for _, name := range pdfNames(packed) {
			if err := refusedNames[name]; err != nil {
				return err
			}
		}
		content = rest
	}
	return nil
}

// nextStream divides a PDF into the objects up to the next stream, the data of that, and
// what follows (ISO 32000-1 §7.3.8).
func nextStream(content []byte) (objects, data, rest []byte) {
	objects, data, found := bytes.Cut(content, []byte("stream"))
	if !found {
		return objects, nil, nil
	}
	data, rest, _ = bytes.Cut(data, []byte("endstream"))
	data = bytes.TrimPrefix(bytes.TrimPrefix(data, []byte("\r")), []byte("\n"))
	return objects, data, rest
}

// inflate unpacks the data of a stream, counts what it comes to, and returns the text of
// a stream of objects. Damage is the reader's concern.
func inflate(data, objects []byte, most int64) (packed []byte, size int64, err error) {
	// The dictionary of the stream is the end of what stands before it.
	own := slashed(objects[max(0, bytes.LastIndex(objects, []byte("obj"))):])
	ofObjects := slices.Contains(own, "ObjStm")
	if ofObjects && slices.ContainsFunc(own, func(name string) bool { return otherwise[name] }) {
		return nil, 0, errUnseen
	}
	times := packedTimes(own)
	if times == 0 {
		if ofObjects {
			return data, int64(len(data)), nil
		}
		return nil, 0, nil
	}
	if times > mostTimes {
		return nil, 0, errUnseen
	}
	in, err := unpacker(data, times)
	switch {
	case err != nil && ofObjects:
		return nil, 0, errUnseen
	case err != nil:
		return nil, 0, nil //nolint:nilerr // see above
	}
	var text bytes.Buffer
	keep := io.Discard
	if ofObjects {
		keep = &text
		most = min(most, 16*maxPart)
	}
	size, _ = io.CopyN(keep, in, most+1)
	if size > most {
		return nil, 0, errBomb
	}
	return text.Bytes(), size, nil
}

// mostTimes bounds how often the data of a stream may be packed: nobody does it twice who
// wants it read.
const mostTimes = 3

// packedTimes counts the filters that unpack the data of a stream with these names.
func packedTimes(names []string) (times int) {
	for _, name := range names {
		if name == "FlateDecode" || name == "Fl" {
			times++
		}
	}
	return times
}

// unpacker reads what was packed so many times.
func unpacker(data []byte, times int) (io.Reader, error) {
	in := io.Reader(bytes.NewReader(data))
	for range times {
		next, err := zlib.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = next
	}
	return in, nil
}

// otherwise are the filters that are not undone here, and the predictor, which changes
// what they give (ISO 32000-1 §7.4).
var otherwise = map[string]bool{
	"ASCIIHexDecode": true, "AHx": true, "ASCII85Decode": true, "A85": true, "LZWDecode": true, "LZW": true,
	"RunLengthDecode": true, "RL": true, "Crypt": true, "Predictor": true,
}

// slashed are all names in a text, also those in strings and comments.
func slashed(text []byte) (names []string) {
	for at := bytes.IndexByte(text, '/'); at >= 0 && at < len(text); {
		end := at + 1
		for end < len(text) && regular(text[end]) {
			end++
		}
		if end > at+1 && end-at < 100 {
			names = append(names, unescapeName(string(text[at+1:end])))
		}
		next := bytes.IndexByte(text[end:], '/')
		if next < 0 {
			break
		}
		at = end + next
	}
	return names
}

// pdfNames are the names in the text of objects, without those in strings and comments
// (ISO 32000-1 §7.2, §7.3.4). A string that does not end hides nothing.
func pdfNames(text []byte) []string {
	names, ended := namesIn(text, true)
	if !ended {
		names, _ = namesIn(text, false)
	}
	return names
}

// namesIn collects names. With strings it passes over what stands in them, and tells
// whether the last one ended.
func namesIn(text []byte, strings bool) (names []string, ended bool) {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch c := text[at]; {
		case depth > 0:
			switch c {
			case '\\':
				at++
			case '(':
				depth++
			case ')':
				depth--
			}
		case c == '(' && strings:
			depth = 1
		case c == '%':
			for at < len(text) && text[at] != '\n' && text[at] != '\r' {
				at++
			}
		case c == '/':
			end := at + 1
			for end < len(text) && regular(text[end]) {
				end++
			}
			names = append(names, unescapeName(string(text[at+1:end])))
			at = end - 1
		}
	}
	return names, depth == 0
}

// regular tells a character of a name from what ends it (ISO 32000-1 §7.2.2).
func regular(c byte) bool { return c > ' ' && !strings.ContainsRune("()<>[]{}/%", rune(c)) }

// unescapeName resolves the codes of a name: J#61vaScript is JavaScript.
func unescapeName(name string) string {
	if !strings.Contains(name, "#") {
		return name
	}
	var b strings.Builder
	for at := 0; at < len(name); at++ {
		if name[at] == '#' && at+2 < len(name) {
			if high, low := hexDigit(name[at+1]), hexDigit(name[at+2]); high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				at += 2
				continue
			}
		}
		b.WriteByte(name[at])
	}
	return b.String()
}

func hexDigit(c byte) int { return strings.Index("0123456789abcdef", strings.ToLower(string(c))) }
