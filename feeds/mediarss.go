package feeds

// namespaceMedia is the namespace of Media RSS, which readers understand in both
// RSS and Atom.
const namespaceMedia = "http://search.yahoo.com/mrss/"

// mediaContent is a picture of an item (Media RSS §content). There may be several;
// of enclosures readers take only one.
type mediaContent struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Medium string `xml:"medium,attr"`
	Size   int64  `xml:"fileSize,attr,omitempty"`
	Width  int    `xml:"width,attr,omitempty"`
	Height int    `xml:"height,attr,omitempty"`
	// Description is the alternative text (Media RSS §description).
	Description *mediaText      `xml:"media:description"`
	Credit      string          `xml:"media:credit,omitempty"` // Media RSS §credit
	Thumbnail   *mediaThumbnail `xml:"media:thumbnail"`
}

type mediaText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// mediaThumbnail is a smaller size (Media RSS §thumbnail).
type mediaThumbnail struct {
	URL    string `xml:"url,attr"`
	Width  int    `xml:"width,attr,omitempty"`
	Height int    `xml:"height,attr,omitempty"`
}

// media converts an item's pictures to Media RSS.
func (i Item) media() []mediaContent {
	var all []mediaContent
	for _, p := range i.Images {
		m := mediaContent{URL: p.URL, Type: p.Type, Medium: "image", Size: p.Length, Width: p.Width, Height: p.Height, Credit: p.Credit}
		if p.Alt != "" {
			m.Description = &mediaText{Type: "plain", Text: p.Alt}
		}
		if t := p.Thumbnail; t != nil {
			m.Thumbnail = &mediaThumbnail{URL: t.URL, Width: t.Width, Height: t.Height}
		}
		all = append(all, m)
	}
	return all
}

// illustrated reports whether any item has a picture.
func (f Feed) illustrated() bool {
	for _, i := range f.Items {
		if len(i.Images) > 0 {
			return true
		}
	}
	return false
}
