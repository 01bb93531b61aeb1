package vocab

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// maxSoftware bounds the name and the version of a server's software, in characters.
const maxSoftware = 64

// nodeInfoSchema begins the relations of all versions of NodeInfo.
const nodeInfoSchema = "http://nodeinfo.diaspora.software/ns/schema/"

// ReadNodeInfoIndex reads where a server's NodeInfo is: the newest version that it
// has. Its errors are those of a document that is malformed.
func ReadNodeInfoIndex(text []byte) (address string, err error) {
	var index struct {
		Links []struct{ Rel, Href optional }
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, byteOrderMark), &index); err != nil {
		return "", malformed("the index of NodeInfo: %v", err)
	}
	newest := ""
	for _, l := range index.Links {
		if version, ok := strings.CutPrefix(string(l.Rel), nodeInfoSchema); ok && version > newest {
			newest, address = version, string(l.Href)
		}
	}
	if address == "" || len(address) > maxID {
		return "", malformed("the index of NodeInfo names none")
	}
	return address, nil
}

// ReadSoftware reads what a server's NodeInfo says that it runs: the name in lower
// case, both cut and without what does not print.
func ReadSoftware(text []byte) (Software, error) {
	var info struct {
		Software struct {
			Name    string
			Version optional
		}
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, byteOrderMark), &info); err != nil {
		return Software{}, malformed("NodeInfo: %v", err)
	}
	s := Software{Name: strings.ToLower(printed(info.Software.Name)), Version: printed(string(info.Software.Version))}
	if s.Name == "" {
		return Software{}, malformed("NodeInfo names no software")
	}
	return s, nil
}

func printed(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if unicode.IsGraphic(r) && r != unicode.ReplacementChar && n < maxSoftware {
			b.WriteRune(r)
			n++
		}
	}
	return strings.TrimSpace(b.String())
}
