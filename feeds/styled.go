package feeds

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
)

// styled is an XML feed that names a style, by which a browser shows it to
// people as a page they can read. The instruction stands in front of the
// document's element, where feed readers pass over it.
type styled struct {
	Style    string // address; may be empty
	Document any
}

// MarshalXML writes the instruction and the document (xml.Marshaler).
func (s styled) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	if s.Style != "" {
		instruction := fmt.Sprintf(`type="text/css" href="%s"`, html.EscapeString(s.Style))
		for _, token := range []xml.Token{xml.CharData("\n"), xml.ProcInst{Target: "xml-stylesheet", Inst: []byte(instruction)}, xml.CharData("\n")} {
			if err := e.EncodeToken(token); err != nil {
				return err
			}
		}
	}
	return e.Encode(s.Document)
}

// shownType is the media type under which an XML feed is sent. A browser that is
// led to a feed as to a page shows the types of feeds as their source; as plain
// XML it draws it by its style. It tells that it wants a page in Sec-Fetch-Dest
// (Fetch Metadata §sec-fetch-dest), which has a few values only and which feed
// readers don't send, so that a cache in front keeps few variants.
func shownType(w http.ResponseWriter, r *http.Request, mediaType string) string {
	if mediaType != TypeJSON {
		addVary(w.Header(), fieldDestination)
		if wantsPage(r) {
			return typeXML
		}
	}
	return mediaType + "; charset=utf-8"
}

// wantsPage tells whether a browser asks for what it is to show as a page.
func wantsPage(r *http.Request) bool {
	destination := r.Header[fieldDestination]
	return len(destination) == 1 && destination[0] == "document"
}
