package newsroom

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"communique/storage/press"
)

// imageFields are the fields of an image of the front matter.
var imageFields = []string{"src", "alt", "caption", "credit", "terms", "focus"}

// failure makes the problem of a field.
type failure func(string, ...any) error

func (d *Document) readImages(n ast.Node, fail failure) error {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		return fail("it must be a list of images, each with src and alt: write a line like - {src: pier.jpg, alt: The pier at dawn}")
	}
	for i, item := range items.Values {
		if err := d.checkFieldsShown(item, "images"); err != nil {
			return err
		}
		d.placeImage(item, i)
		image, err := readImage(item, func(format string, args ...any) error {
			return fail("image %d: %s", i+1, fmt.Sprintf(format, args...))
		})
		if err != nil {
			return err
		}
		if image.Alt == "" && !d.bare {
			return fail("image %d: alt is missing: say what the image shows, for those who cannot see it", i+1)
		}
		d.Images = append(d.Images, image)
	}
	return nil
}

// ofImage names a field of an image, which has a line of its own.
func ofImage(field string, image int) string { return fmt.Sprintf("%s of image %d", field, image+1) }

// placeImage remembers on which lines the fields of an image stand.
func (d *Document) placeImage(n ast.Node, image int) {
	entries, _ := mapping(n)
	for _, e := range entries {
		d.lines[ofImage(e.Key.GetToken().Value, image)] = e.Key.GetToken().Position.Line + 1
	}
}

// checkFieldsShown refuses an item of a list with a text that has what cannot be shown.
func (d *Document) checkFieldsShown(n ast.Node, field string) error {
	entries, _ := mapping(n)
	for _, e := range entries {
		if text, ok := scalar(e.Value); ok {
			if err := d.checkShown(e.Value, field, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func readImage(n ast.Node, fail failure) (image press.Image, err error) {
	entries, ok := mapping(n)
	if !ok {
		return image, fail("it must have src and alt: write {src: pier.jpg, alt: The pier at dawn}")
	}
	for _, e := range entries {
		if err := readImageField(&image, e.Key.GetToken().Value, e.Value, fail); err != nil {
			return image, err
		}
	}
	if image.Src, err = imageAddress(image.Src); err != nil {
		return image, fail("%v", err)
	}
	return image, nil
}

func readImageField(image *press.Image, key string, n ast.Node, fail failure) error {
	if key == "focus" {
		focus, ok := readFocus(n)
		if !ok {
			return fail("focus must be two numbers between -1 and 1: across from the left, then up from the foot, as in [0.2, -0.5]")
		}
		image.Focus = &focus
		return nil
	}
	texts := map[string]*string{
		"src": &image.Src, "alt": &image.Alt, "caption": &image.Caption, "credit": &image.Credit, "terms": &image.Terms,
	}
	into, known := texts[key]
	if !known {
		last := len(imageFields) - 1
		return fail("there is no field %q: the fields are %s and %s", key, strings.Join(imageFields[:last], ", "), imageFields[last])
	}
	text, ok := scalar(n)
	if !ok {
		return fail("%s must be a text: write it in quotation marks", key)
	}
	if key == "src" {
		*into = strings.TrimSpace(text)
	} else {
		*into = line(n)
	}
	return nil
}

func readFocus(n ast.Node) (focus press.Focus, ok bool) {
	items, ok := n.(*ast.SequenceNode)
	if !ok || len(items.Values) != len(focus) {
		return focus, false
	}
	for i, item := range items.Values {
		text, _ := scalar(item)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= -1 && v <= 1) { // so that it refuses NaN too
			return focus, false
		}
		focus[i] = v
	}
	return focus, true
}

// imageAddress makes an address whole. One that is not is of a file beside the
// document.
func imageAddress(src string) (string, error) {
	u, err := url.Parse(src)
	switch {
	case src == "":
		return "", errors.New("src is missing: name the file or the address of the picture")
	case err != nil:
		return "", fmt.Errorf("src %q is neither an address nor the name of a file", src)
	case !u.IsAbs():
		u = besideURL.ResolveReference(u)
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", fmt.Errorf("src %q must be an http or https address, or the name of a file beside the document", src)
	}
	return u.String(), nil
}
