package feeds

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
)

// styled is an XML feed with a style sheet, with which a browser shows it as a
// readable page. The processing instruction precedes the root element; feed
// readers ignore it.
type styled struct {
	Style    string // address; may be empty
	Document any
}

// MarshalXML writes the processing instruction and the document (xml.Marshaler).
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

// shownType is the Content-Type of a feed. A browser that navigates to an XML feed
// shows the source of the feed types, but renders plain XML with its style sheet. It
// announces a navigation in Sec-Fetch-Dest (Fetch Metadata §sec-fetch-dest), which
// has only a few values and which feed readers don't send, so that a cache in front
// keeps few variants.
func shownType(w http.ResponseWriter, r *http.Request, mediaType string) string {
	if mediaType != TypeJSON {
		AddVary(w.Header(), fieldDestination)
		if isNavigation(r) {
			return typeXML
		}
	}
	return mediaType + "; charset=utf-8"
}

// isNavigation reports whether a browser requests a document to show in a window.
func isNavigation(r *http.Request) bool {
	destination := r.Header[fieldDestination]
	return len(destination) == 1 && destination[0] == "document"
}
