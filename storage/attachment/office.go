package attachment

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The beginnings of the media types of office documents.
const (
	openDocument = "application/vnd.oasis.opendocument."
	officeXML    = "application/vnd.openxmlformats-officedocument."
)

const (
	// maxUnpacked bounds what a document unpacks to; the largest honest ones have
	// pictures, which don't grow.
	maxUnpacked = 512 << 20
	// maxRatio bounds how much larger than the file; text in XML reaches about 50.
	maxRatio   = 300
	maxEntries = 10000
	// maxPart bounds what is read of one part to look at it.
	maxPart = 4 << 20
)

var (
	errBomb      = errors.New("it unpacks to far more than a document has: it would fill readers' memory")
	errMacros    = errors.New("it has macros, which run on readers' machines: save it without them")
	errEncrypted = errors.New("it is encrypted: save it without a password, or not everybody can read it")
	errExchange  = errors.New("it has a field that starts a program (DDE): take the field out, or save it as PDF")
	errObjects   = errors.New("it has other programs' objects inside, which may run on readers' machines: take them out, or save it as PDF")
)

// unpack looks at every part of a document that is a ZIP archive. see is called with
// the name of each, and its content up to maxPart. What a part really unpacks to is
// counted, whatever the archive says.
func unpack(content []byte, what string, see func(name string, part []byte) error) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	switch {
	case !bytes.HasPrefix(content, []byte("PK\x03\x04")):
		// An archive may stand behind a program or a page, and is found there, too.
		return notA(what, content)
	case err != nil:
		return fmt.Errorf("it is damaged: %w; copy it once more", err)
	}
	if len(archive.File) > maxEntries {
		return errBomb
	}
	left := min(maxUnpacked, maxRatio*int64(len(content)))
	for _, f := range archive.File {
		if f.Flags&1 != 0 {
			return errEncrypted
		}
		part, size, err := read(f, left)
		if err != nil {
			return err
		}
		left -= size
		if err := see(f.Name, part); err != nil {
			return err
		}
	}
	return nil
}

// read unpacks a part, of which it returns the beginning and the size.
func read(f *zip.File, most int64) (part []byte, size int64, err error) {
	in, err := f.Open()
	if err != nil {
		return nil, 0, fmt.Errorf("it is damaged: %s: %w", path.Base(f.Name), err)
	}
	defer in.Close()
	var head bytes.Buffer
	size, err = io.CopyN(&head, in, maxPart)
	if err == nil {
		var rest int64
		rest, err = io.CopyN(io.Discard, in, most-size+1)
		size += rest
	}
	switch {
	case size > most:
		return nil, 0, errBomb
	case err != nil && !errors.Is(err, io.EOF):
		return nil, 0, fmt.Errorf("it is damaged: %s: %w", path.Base(f.Name), err)
	}
	return head.Bytes(), size, nil
}

// checkOpenDocument checks a package of OpenDocument 1.3 part 2 §3: its first part
// names its type.
func checkOpenDocument(mediaType string) func([]byte) error {
	return func(content []byte) error {
		const what = "a document of that kind"
		first, text := true, false
		err := unpack(content, what, func(name string, part []byte) error {
			if first && (name != "mimetype" || strings.TrimSpace(string(part)) != mediaType) {
				return notA(what, content)
			}
			first = false
			folder, _, _ := strings.Cut(name, "/")
			switch {
			case folder == "Basic" || folder == "Scripts":
				return errMacros
			case name == "META-INF/manifest.xml" && bytes.Contains(part, []byte("encryption-data")):
				return errEncrypted
			case strings.HasPrefix(folder, "Object ") && strings.HasSuffix(name, ".bin"):
				return errObjects
			}
			text = text || name == "content.xml"
			return nil
		})
		if err == nil && !text {
			return notA(what, content)
		}
		return err
	}
}

// checkOfficeXML checks a package of ISO/IEC 29500-2: its content types name that of
// its main part.
func checkOfficeXML(main string) func([]byte) error {
	return func(content []byte) error {
		const what = "a document of that kind"
		if bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")) { // MS-OFFCRYPTO §2.3
			return fmt.Errorf("%w; or it is one of an old office program: save it anew", errEncrypted)
		}
		is := false
		err := unpack(content, what, func(name string, part []byte) error {
			lower := strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
			switch {
			case lower == "[content_types].xml":
				if bytes.Contains(bytes.ToLower(part), []byte("macroenabled")) {
					return errMacros
				}
				types, err := attributesOf(part)
				if err != nil {
					return err
				}
				if types.any("ContentType", "macroenabled", "macrosheet", "vbaproject", "vbadata", "activex") {
					return errMacros
				}
				is = types.any("ContentType", strings.ToLower(main))
			case strings.HasPrefix(path.Base(lower), "vbaproject"), strings.Contains(lower, "/macrosheets/"):
				return errMacros
			case strings.Contains(lower, "/activex/"), strings.Contains(lower, "/embeddings/") && strings.HasSuffix(lower, ".bin"):
				return errObjects
			case strings.HasSuffix(lower, ".rels"):
				return checkRelations(part)
			case strings.HasSuffix(lower, ".xml"):
				return checkExchange(part)
			}
			return nil
		})
		if err == nil && !is {
			return notA(what, content)
		}
		return err
	}
}

// checkExchange looks for data exchange (DDE) in a part: a field of a text (ISO/IEC 29500-1
// §17.16.5) or a link of a sheet (§18.14.4) that starts a program when the document is opened.
// An instruction may be divided among several elements.
func checkExchange(part []byte) error {
	lower := bytes.ToLower(part)
	if !bytes.Contains(lower, []byte("instr")) && !bytes.Contains(lower, []byte("ddelink")) {
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	var text strings.Builder
	within := false
	for {
		token, err := d.RawToken()
		if err != nil {
			break // damage, or the end of what is read of it: its reader's concern
		}
		switch t := token.(type) {
		case xml.StartElement:
			within = t.Name.Local == "instrText"
			if strings.EqualFold(t.Name.Local, "ddeLink") {
				return errExchange
			}
			for _, a := range t.Attr {
				if a.Name.Local == "instr" {
					text.WriteString("\n" + a.Value + "\n")
				}
			}
		case xml.EndElement:
			within = false
		case xml.CharData:
			if within {
				text.Write(t)
			}
		}
	}
	if exchange.MatchString(text.String()) {
		return errExchange
	}
	return nil
}

var exchange = regexp.MustCompile(`(?im)(^|[\s{])DDE(AUTO)?[\s"]`)

// elements are the attributes of the elements of a part, by their names.
type elements []map[string]string

// attributesOf reads a part whatever its characters are written as: a name may be in
// references, and hides from whoever compares bytes.
func attributesOf(part []byte) (all elements, err error) {
	if len(part) == maxPart {
		return nil, errBomb
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	for {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("it is damaged, or hides what it loads: %w; save it anew", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			attributes := map[string]string{}
			for _, a := range start.Attr {
				attributes[a.Name.Local] = a.Value
			}
			all = append(all, attributes)
		}
	}
}

// any reports whether an attribute of some element contains one of the words.
func (all elements) any(name string, words ...string) bool {
	return slices.ContainsFunc(all, func(attributes map[string]string) bool {
		value := strings.ToLower(attributes[name])
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(value, w) })
	})
}

// checkRelations looks at a part that lists relations (ISO/IEC 29500-2 §9.3): templates
// and objects of another place are loaded when the document is opened, and may bring
// macros.
func checkRelations(part []byte) error {
	relations, err := attributesOf(part)
	if err != nil {
		return err
	}
	for _, r := range relations {
		kind, target := strings.ToLower(r["Type"]), strings.ToLower(r["Target"])
		if !strings.EqualFold(r["TargetMode"], "External") {
			continue
		}
		switch {
		case strings.HasSuffix(kind, "/attachedtemplate") && (!strings.HasPrefix(target, "file:") || strings.HasPrefix(target, "file://") && !strings.HasPrefix(target, "file:///")):
			return errors.New("it loads its template from elsewhere when it is opened: attach it to no template and save it anew")
		case strings.HasSuffix(kind, "/oleobject"), strings.HasSuffix(kind, "/frame"), strings.HasSuffix(kind, "/subdocument"), strings.HasSuffix(kind, "/afchunk"):
			return errObjects
		}
	}
	return nil
}
