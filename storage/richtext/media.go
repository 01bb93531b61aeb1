package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// frames are the media of which browsers show what is elsewhere, and nothing of what
// stands in them.
var frames = []string{"iframe", "fencedframe", "portal"}

// besides is what belongs to a medium and is no part of its alternative or link.
type besides struct{ what, said string }

// takeBesides gathers it from the tag of a medium.
func (b *builder) takeBesides(n *node, t html.Token) {
	n.title, n.alt = firstValue(t, "title", "alt", "aria-label", "standby"), firstValue(t, "alt")
	if poster, ok := value(t, "poster"); ok && strings.TrimSpace(poster) != "" {
		b.besides[n] = append(b.besides[n], besides{"the picture of " + withArticle(n.media), poster})
	}
	if page, ok := value(t, "srcdoc"); ok && !b.foreign && slices.Contains(frames, n.source) {
		n.page = Text(CleanForeign(page))
	}
}

// firstValue is that of the first of some attributes that says something.
func firstValue(t html.Token, keys ...string) string {
	for _, key := range keys {
		if v, ok := value(t, key); ok && strings.TrimSpace(v) != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// addressOfMedia takes the first address that stands inside of an element that
// shows something. It is false where there is none.
func (b *builder) addressOfMedia(t html.Token) bool {
	within := false
	for i := len(b.open) - 1; i > 0; i-- {
		n := b.open[i]
		if n.source == "picture" && n.address == "" {
			n.address = setOf(t)
			return true
		}
		media := elements[n.source].media // hidden or not
		within = within || n.source == "picture" || media
		if !media {
			continue
		}
		address := sourceOf(t)
		if name, _ := value(t, "name"); strings.EqualFold(name, "movie") || strings.EqualFold(name, "src") {
			address, _ = value(t, "value")
		}
		switch {
		case t.Data == "track":
			said := address
			if label := firstValue(t, "label", "srclang"); label != "" {
				said = label + " (" + address + ")"
			}
			b.besides[n] = append(b.besides[n], besides{"a list of subtitles of " + withArticle(elements[n.source].what), said})
		case n.address == "":
			n.address = address
		case t.Data == "source" && address != n.address:
			b.besides[n] = append(b.besides[n], besides{"another form of " + withArticle(elements[n.source].what), address})
		default:
			continue
		}
		return true
	}
	return within
}

// strayOfMedia tells of an address that stands where nothing shows it.
func (b *builder) strayOfMedia(t html.Token) {
	address := sourceOf(t)
	if address == "" {
		address = setOf(t)
	}
	if address != "" {
		b.notes.at(b.at, "the address in a <"+t.Data+"> that is part of nothing was left out", address)
	}
}

// setOf is the first picture of a source of a picture.
func setOf(t html.Token) string {
	for _, key := range []string{"srcset", "data-srcset"} {
		if raw, ok := value(t, key); ok && strings.TrimSpace(raw) != "" {
			return firstAddress(raw)
		}
	}
	return ""
}

// alternative leaves something in place of a medium, and tells of what belongs to it and
// goes.
func (b *builder) alternative(n *node, linked bool) {
	lost := b.besides[n]
	frame := slices.Contains(frames, n.source)
	if said := strings.TrimSpace(hiddenText(n)); said != "" && (frame || apologises(n, said)) {
		lost = append(lost, besides{"what " + withArticle(n.media) + " says where it is not shown", said})
		n.children, n.blocks = nil, false
	}
	if frame {
		n.children, n.blocks = nil, false
	}
	if n.page != "" {
		n.children = []*node{textNode(n.page)}
	}
	if b.stand(n, linked); n.title != "" {
		lost = append(lost, besides{"the title of " + withArticle(n.media), n.title})
	}
	for _, other := range lost {
		b.notes.at(n.at, other.what+" was left out", other.said)
	}
}

// stand keeps what the author wrote for those who cannot see the medium, or what it shows
// itself, and leaves a link if there is nothing.
func (b *builder) stand(n *node, linked bool) {
	if speaks(n) {
		b.notes.at(n.at, withArticle(n.media)+" was replaced by its alternative", n.address)
		return
	}
	address := b.resolve(n.address, "http", "https")
	if address == "" && n.alt != "" {
		n.children, n.blocks, n.title = []*node{textNode(permitted(n.alt))}, false, ""
		b.notes.at(n.at, withArticle(n.media)+" was replaced by its alternative", n.address)
		return
	}
	if address == "" {
		b.notes.at(n.at, withArticle(n.media)+" was removed", n.address)
		return
	}
	text := strings.TrimSpace(permitted(n.title))
	n.title = "" // it is the text
	if text == "" {
		text = b.nameOf(n.address, address)
	}
	if linked { // no other link can stand there
		n.children, n.blocks = []*node{textNode(text)}, false
		b.notes.at(n.at, withArticle(n.media)+" was replaced by its address", n.address)
		return
	}
	link := &node{kind: inline, name: "a", source: "a", attrs: []html.Attribute{{Key: "href", Val: address}}, children: []*node{textNode(text)}}
	n.children, n.blocks = []*node{link}, false
	b.references = append(b.references, Reference{b.notes.lineOf(n.at), address, false, n.address})
	b.notes.at(n.at, withArticle(n.media)+" was replaced by a link", n.address)
}

var (
	aBrowser = lazyregexp.New(`(?i)browser|navigat(?:eur|ore)|navegador|selaimesi|przegląd|prohlížeč|böngész|обозревател|браузер|浏览器|瀏覽器|ブラウザ|브라우저|متصفح|דפדפן|เบราว์เซอร์|ब्राउज़र`)
	cannot   = lazyregexp.New(`(?i)support|unterst|wiedergeb|anzeigen|prend |compatib|afficher|lire |admite|soport|suport|obsług|podpor|támogat|поддерж|підтрим|支持|対応|지원|يدعم|תומך|html ?5|\bplay|\bshow|\bdisplay|\bview|java ?script|flash|too old|outdated|obsol|up(?:grade|date)|veraltet|zu alt|trop (?:ancien|vieux)|antigu|устар|застар|过旧|太旧|過舊|古い|오래|قديم|ישן|เก่า|पुराना`)
)

// apologises tells whether the words in a medium say nothing but that a browser cannot
// show it. Those of an author who gives a link or a picture instead stay.
func apologises(n *node, said string) bool {
	return len(said) <= 300 && !holdsLink(n) && !shows(n) && aBrowser.MatchString(said) && cannot.MatchString(said)
}
