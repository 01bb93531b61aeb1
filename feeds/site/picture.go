package site

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// Size is a picture in a smaller size.
type Size struct {
	URL           string
	Type          string
	Width, Height int
}

// pictureView is a picture as a template shows it.
type pictureView struct {
	press.Image
	Srcset string
}

// columnWidths tells a browser, before it has the style sheet, how wide a picture
// will be: as wide as the column of text in style.css.
const columnWidths = "(min-width: 46rem) 43rem, calc(100vw - 2rem)"

// Sizes is the picture's sizes attribute.
func (pictureView) Sizes() string { return columnWidths }

func (v Article) picture(i press.Image) pictureView {
	p := pictureView{Image: i}
	sizes := v.Sizes[i.Src]
	if len(sizes) == 0 || i.Width == 0 {
		return p
	}
	var all []string
	for _, s := range append(slices.Clip(sizes), Size{URL: i.Src, Width: i.Width}) {
		all = append(all, fmt.Sprintf("%s %dw", s.URL, s.Width))
	}
	p.Srcset = strings.Join(all, ", ")
	return p
}

// Pictures returns those images of an article that its body does not show itself.
func Pictures(a press.Article) []press.Image {
	var apart []press.Image
	inBody := inBody(a)
	for _, i := range a.Images {
		if !inBody[i.Src] {
			apart = append(apart, i)
		}
	}
	return apart
}

func (v Article) pictures() []pictureView {
	var all []pictureView
	for _, i := range Pictures(v.Article) {
		all = append(all, v.picture(i))
	}
	return all
}

// credits returns those images of the body that have a caption, credit or terms.
func (v Article) credits() []press.Image {
	var credited []press.Image
	inBody := inBody(v.Article)
	for _, i := range v.Article.Images {
		if i.Caption+i.Credit+i.Terms != "" && inBody[i.Src] {
			credited = append(credited, i)
		}
	}
	return credited
}

// inBody is the set of addresses of the pictures that the body shows, without those
// that it only links to.
func inBody(a press.Article) map[string]bool {
	shown := map[string]bool{}
	for _, element := range imageElement.FindAllString(string(a.Body), -1) {
		if source := imageSource.FindStringSubmatch(element); source != nil {
			shown[html.UnescapeString(source[1])] = true
		}
	}
	return shown
}

var (
	imageElement = lazyregexp.New(`<img [^>]*>`)
	imageSource  = lazyregexp.New(` src="([^"]*)"`)
)

// body is the article's text. Pictures that this site serves get their dimensions,
// so that the text does not jump when they load, and their smaller sizes.
func (v Article) body() template.HTML {
	known := map[string]press.Image{}
	for _, i := range slices.Concat(v.Article.Images, v.InText) {
		if i.Width > 0 {
			known[i.Src] = i
		}
	}
	text := aligned(v.Article.Body)
	if len(known) > 0 {
		text = imageElement.ReplaceAllStringFunc(text, func(element string) string {
			source := imageSource.FindStringSubmatch(element)
			if source == nil || strings.Contains(element, " width=") {
				return element
			}
			i, ok := known[html.UnescapeString(source[1])]
			if !ok {
				return element
			}
			return strings.Replace(element, source[0], source[0]+v.picture(i).attrs(), 1)
		})
	}
	return template.HTML(text)
}

func (p pictureView) attrs() string {
	attrs := fmt.Sprintf(` width="%d" height="%d" loading="lazy"`, p.Width, p.Height)
	if p.Srcset != "" {
		attrs += fmt.Sprintf(` srcset="%s" sizes="%s"`, html.EscapeString(p.Srcset), html.EscapeString(columnWidths))
	}
	return attrs
}

// cardWidth is the least width for a link preview, in pixels (OpenGraph: 1200 by 630).
const cardWidth = 1200

// card is the picture for a link preview, in the smallest size that is wide enough.
func (v Article) card() *press.Image {
	if len(v.Article.Images) == 0 {
		return nil
	}
	i := v.Article.Images[0]
	for _, s := range v.Sizes[i.Src] {
		if s.Width >= cardWidth {
			i.Src, i.Type, i.Width, i.Height = s.URL, s.Type, s.Width, s.Height
			break
		}
	}
	return &i
}
