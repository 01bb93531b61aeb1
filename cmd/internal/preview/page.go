package preview

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// policy keeps a page from everything but itself. In a browser, what is not in the file
// is not there.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"

// Picture is a picture that stands in a page.
type Picture struct {
	Type    string // media type
	Content []byte
}

// Alone makes a page of the site one file that is read without it.
type Alone struct {
	Style []byte
	// Picture returns a picture that the site serves, by its address; false if the
	// address is somebody else's.
	Picture func(address string) (Picture, bool, error)
	// Pages are the files of pages that are shown together, by their addresses.
	Pages map[string]string
}

// Page returns a page with its styles and pictures in it, and the addresses of pictures
// that are not the site's: they would have to be fetched, and are left out.
func (a Alone) Page(page []byte) (alone []byte, elsewhere []string, err error) {
	var b bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		raw := slices.Clone(z.Raw())
		if kind == html.ErrorToken {
			return b.Bytes(), elsewhere, nil
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.Write(raw)
			continue
		}
		t := z.Token()
		switch {
		case t.Data == "head":
			b.Write(raw)
			fmt.Fprintf(&b, "\n<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">", policy)
		case t.Data == "link" && attribute(t, "rel") == "stylesheet":
			fmt.Fprintf(&b, "<style>\n%s\n</style>", a.Style)
		case t.Data == "link" && attribute(t, "rel") == "icon":
			if _, err := a.embed(&t, "href"); err != nil {
				return nil, nil, err
			}
			b.WriteString(t.String())
		case t.Data == "img":
			missing, err := a.embed(&t, "src")
			if err != nil {
				return nil, nil, err
			}
			if missing != "" && !slices.Contains(elsewhere, missing) {
				elsewhere = append(elsewhere, missing)
			}
			b.WriteString(t.String())
		case t.Data == "a" && a.Pages[attribute(t, "href")] != "":
			set(&t, "href", a.Pages[attribute(t, "href")])
			b.WriteString(t.String())
		default:
			b.Write(raw)
		}
	}
}

// embed puts a picture into the element that shows it, and takes out its other sizes.
// It returns the address of one that cannot be put there.
func (a Alone) embed(t *html.Token, name string) (elsewhere string, err error) {
	address := attribute(*t, name)
	t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "srcset" || a.Key == "sizes" })
	if strings.HasPrefix(address, "data:") {
		return "", nil
	}
	p, ours, err := a.Picture(address)
	if err != nil || !ours {
		set(t, name, "data:,")
		return address, err
	}
	set(t, name, "data:"+p.Type+";base64,"+base64.StdEncoding.EncodeToString(p.Content))
	return "", nil
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func set(t *html.Token, name, value string) {
	for i := range t.Attr {
		if t.Attr[i].Key == name {
			t.Attr[i].Val = value
		}
	}
}
