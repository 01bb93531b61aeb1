package importer

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

var (
	placeholder = lazyregexp.New(`(?i)^data:|^about:|(^|/)(blank|placeholder\w*|spacer|space|pixel|transparent|loading|lazy\w*|grey|gray|empty|dummy|1x1|clear|trans)([_-]?[0-9]+(x[0-9]+)?)?\.(gif|png|svg|jpe?g|webp)`)
	lazySources = []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-hires", "data-hi-res-src", "data-echo", "data-url", "data-image", "data-srcset", "data-lazy-srcset"}
	iconMarks   = lazyregexp.New(`(?i)(^|[\s_/-])(icons?|logo|print[-_]?icon|avatar|emoji|smil(ey|ies)|bullet|arrow|flag|button|btn|share|next_page|prev_page)([\s_.-]|$)`)
	captionMark = namesLike(`(captions?|legend(e|a)?|bild(unterschrift|text|quelle|nachweis)|image-(annotation|description|title|text)|img-(metadata|caption|title)\w*|wp-caption-text|photo-(caption|credit|description)|picture-(caption|text)|credits?|copyright|pie-?(de-?)?foto|didascalia|tuzhu|source)($|[\s_-])`)
	creditMark  = namesLike(`(bild(quelle|nachweis)|credits?|copyright|photographer)($|[\s_-])`)
	creditSign  = lazyregexp.New(`(?i)^(©|\(c\)\s)`)
	fileSize    = lazyregexp.New(`(?i)\(\s*(jpe?g|png|gif|pdf|tiff?)\b|\d\s*[km]b\b|öffnet|opens in`)
	photograph  = lazyregexp.New(`(?i)^[^:]*(:/[^:]*)?\.(jpe?g|webp|avif)([?#]|$)`)
	pictureFile = lazyregexp.New(`(?i)\.(jpe?g|png|gif|webp|avif)([?#]|$)`)
	iconFile    = lazyregexp.New(`(?i)(^|[_-])(icons?|logo|avatar|emoji|smil(ey|ies)|next_page|prev_page)([_.-]|$)|^(bullet|arrow|flag|button|btn|share|print)[_-]?[0-9]*\.`)
	frameMark   = namesLike(`(picture|image|img|photo|foto|figure|bild|wp-caption|thumb(nail)?|media|asset|wysiwyg-asset|illustration|visual)[\w-]*($|[\s_-])`)
)

// loadPictures sets the src of every picture to its real address, which scripts would
// fill in later from another attribute or element, and leaves out those that have none,
// or are too small to show something; icons by their names only if it is asked to. Those
// that it leaves out are returned.
func loadPictures(root *html.Node, base *url.URL, icons bool) []lostText {
	doc := goquery.NewDocumentFromNode(root)
	doc.Find("noscript").Each(func(i int, s *goquery.Selection) {
		n := s.Nodes[0]
		if i >= maxMedia || s.Find("img").Length() == 0 || n.Parent == nil {
			return
		}
		other := goquery.NewDocumentFromNode(n.Parent).Find("img").FilterFunction(func(_ int, i *goquery.Selection) bool { return !within(i.Nodes[0], n) })
		if other.Length() == 1 && realSource(other.Nodes[0]) != "" {
			remove(n)
			return
		}
		if other.Length() == 1 {
			remove(other.Nodes[0])
		}
		unwrapNode(n)
	})
	var lost []lostText
	doc.Find("img").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		src := realSource(n)
		if src != "" {
			src = absolute(src, base)
		}
		what, said := "", src
		switch {
		case src == "":
			what, said = "an image without a usable address was removed", attr(n, "src")
		case tiny(n, 2):
			what = "a picture of one point, which counts readers or makes room, was removed"
		case tiny(n, maxIcon), icons && isIcon(n, src):
			what = "an icon was removed"
		case icons && isAdvert(n, base):
			what = "an advert was removed"
		}
		s.SetAttr("src", src)
		if what == "" {
			return
		}
		if len(lost) < maxLost && n.Parent != nil && ancestor(n, hiddenElement) == nil {
			lost = append(lost, lostText{n, n.Parent, position(n), what, richtext.Shorten(said, 80)})
		}
		removeApart(n)
	})
	return lost
}

// absolute is the address of a picture. What Go's parser does not understand, the one
// of the URL Standard may.
func absolute(src string, base *url.URL) string {
	if u, err := url.Parse(strings.TrimSpace(src)); err == nil {
		if base != nil {
			u = base.ResolveReference(u)
		}
		return u.String()
	}
	if address := richtext.WebAddress(src, base); address != "" {
		return address
	}
	return src
}

// isIcon reports whether class or file of a picture call it an icon or a logo, and
// neither its size nor a caption says that it is shown for its own sake.
func isIcon(n *html.Node, src string) bool {
	if !marked(iconMarks, attr(n, "class")) && !iconFile.MatchString(src[strings.LastIndexByte(src, '/')+1:]) {
		return false
	}
	const large = 120 // pixels
	return sizeOf(n, "width") < large && sizeOf(n, "height") < large && !captioned(n)
}

// isAdvert reports whether a picture has the size of an advert and leads to another site.
// What a file is called says nothing.
func isAdvert(n *html.Node, base *url.URL) bool {
	link := ancestor(n, leads)
	if link == nil || base == nil || captioned(n) || !advertSizes[[2]int{sizeOf(n, "width"), sizeOf(n, "height")}] {
		return false
	}
	to, err := base.Parse(strings.TrimSpace(attr(link, "href")))
	return err == nil && to.Host != base.Host && to.Host != BesideHost && !pictureFile.MatchString(to.Path)
}

// advertSizes are those in which adverts are sold, in pixels.
var advertSizes = map[[2]int]bool{
	{728, 90}: true, {970, 90}: true, {970, 250}: true, {468, 60}: true, {234, 60}: true, {300, 250}: true, {336, 280}: true, {300, 600}: true,
	{160, 600}: true, {120, 600}: true, {250, 250}: true, {200, 200}: true, {320, 50}: true, {320, 100}: true, {180, 150}: true, {125, 125}: true,
}

// captioned reports whether a picture has a caption of its own.
func captioned(n *html.Node) bool {
	figure := ancestor(n, func(n *html.Node) bool { return n.Data == "figure" })
	return figure != nil && textOf(figure) != ""
}

// isSource tells the address of a picture from what else such attributes say: that it is
// loaded late, its number, the page that shows it.
func isSource(attribute, v string) bool {
	if !strings.ContainsAny(v, "./") || strings.ContainsAny(v, "{[") || placeholder.MatchString(v) {
		return false
	}
	return attribute != "data-url" && attribute != "data-image" || pictureFile.MatchString(v)
}

// realSource is the address of a picture, or empty if it has only a placeholder.
func realSource(n *html.Node) string {
	for _, a := range lazySources {
		if v := first(attr(n, a)); isSource(a, v) {
			return v
		}
	}
	if src := strings.TrimSpace(attr(n, "src")); src != "" && !placeholder.MatchString(src) {
		return src
	}
	if v := first(attr(n, "srcset")); v != "" && !placeholder.MatchString(v) {
		return v
	}
	if picture := ancestor(n, func(a *html.Node) bool { return a.Data == "picture" }); picture != nil {
		for _, s := range goquery.NewDocumentFromNode(picture).Find("source").Nodes {
			for _, a := range []string{"srcset", "data-srcset"} {
				if v := first(attr(s, a)); v != "" && !placeholder.MatchString(v) {
					return v
				}
			}
		}
	}
	// A photograph may be called so, and is all that there is.
	if src := strings.TrimSpace(attr(n, "src")); photograph.MatchString(src) {
		return src
	}
	return ""
}

// first returns the largest picture of a srcset (HTML §4.8.4.2.1), or the
// address itself.
func first(srcset string) string {
	best, size := "", -1.0
	for part := range strings.SplitSeq(srcset, ", ") {
		fields := strings.Fields(strings.Trim(part, ", \n\t"))
		if len(fields) == 0 {
			continue
		}
		width := 0.0
		if len(fields) > 1 {
			width, _ = strconv.ParseFloat(strings.TrimRight(fields[1], "wxh"), 64)
		}
		if width > size {
			best, size = fields[0], width
		}
	}
	return best
}

// maxIcon is the size of an ornament in points.
const maxIcon = 40

// tiny reports whether a picture is said to be no larger than so many points.
func tiny(n *html.Node, most int) bool {
	return slices.ContainsFunc([]string{"width", "height"}, func(a string) bool {
		v := sizeOf(n, a)
		return v <= most && (v > 0 || strings.HasPrefix(attr(n, a), "0"))
	})
}

// sizeOf is how wide or high a picture says it is, in pixels; 0 if it does not.
func sizeOf(n *html.Node, dimension string) int {
	v, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(attr(n, dimension)), "px"))
	if err != nil {
		return 0
	}
	return v
}

// collectImages lists the pictures of nodes, each once, with their alternative
// texts. base is nil if relative addresses cannot be resolved.
func (p *Page) collectImages(d *document, nodes []*html.Node) {
	seen := map[string]bool{}
	for _, i := range p.Images {
		seen[i.Src] = true
	}
	unresolved := false
	for _, n := range nodes {
		for _, img := range goquery.NewDocumentFromNode(n).Find("img").AddNodes(n).Filter("img").Nodes {
			src := attr(img, "src")
			if src == "" || seen[src] {
				continue
			}
			seen[src] = true
			if richtext.WebAddress(src, nil) == "" {
				unresolved = true
				p.note(d.lineOf(img), "an image without a usable address was removed: "+richtext.Shorten(src, 80))
			}
			alt := richtext.Line(attr(img, "alt"))
			if alt == "" {
				alt = richtext.Line(attr(img, "title"))
			}
			if alt == "" && img.Parent != nil && img.Parent.Data == "figure" {
				if c := goquery.NewDocumentFromNode(img.Parent).Find("figcaption"); c.Length() > 0 {
					alt = shownText(c.Nodes[0])
					p.former.alts[src] = c.Text()
					if was := attr(img, formerCaption); was != "" && attr(img, creditAttribute) == "" {
						p.former.alts[src] = was
					}
				}
			}
			if alt == "" {
				p.problem("an image has no alternative text: " + src)
			}
			p.Images = append(p.Images, press.Image{Src: src, Alt: alt, Credit: attr(img, creditAttribute)})
		}
	}
	if unresolved {
		p.problem("images have relative addresses and the page does not say where it is from: give its address with --source-url")
	}
}
