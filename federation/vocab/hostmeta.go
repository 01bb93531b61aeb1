package vocab

import (
	"encoding/xml"
	"fmt"
)

// HostMeta writes the document at /.well-known/host-meta (RFC 6415 §3), with which
// old servers find WebFinger. base is the base URL without a trailing slash.
func HostMeta(base string) ([]byte, error) {
	type link struct {
		Rel      string `xml:"rel,attr"`
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	xrd := struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
		Link    link     `xml:"Link"`
	}{Link: link{"lrdd", MediaTypeJRD, base + "/.well-known/webfinger?resource={uri}"}}
	body, err := xml.MarshalIndent(xrd, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing host-meta: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}
