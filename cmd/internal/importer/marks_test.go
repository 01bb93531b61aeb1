package importer

import (
	"strings"
	"testing"
)

// TestKinds: the table of a kind keeps nothing from its expression that this would match.
func TestKinds(t *testing.T) {
	t.Parallel()
	names := []string{
		"", "a", "b", "-", "q", "qs", "share", "Sharing", "SOCIAL-links", "x share-y", "nav_main", "ads", "ad", "my-ad-box", "adieu", "shareholders", "ſhare", "ſocial", "cooKies",
		"cookie-x\tb", "x\nlead", "lead", "leadtext", "ingress-x", "bildquelle", "bild", "thumbnail", "thumb_1", "sr-only", "skip-link", "skip-", "screen-reader-text x",
		"collapsed", "tab-pane", "tabpanel2", "details", "gallery", "slick3", "swiper-slide", "date", "pub-date", "published", "h-time", "uhr", "now", "site-title", "blogname",
		"captions", "légende", "legende", "image-title", "img-title9", "©", "credits", "photographer", "related", "teaser", "prev", "archive", "clock", "b ", " nav", "\u00a0nav", "nav\u00a0",
		"Source: x", "source : y", "tags:", "Copyright 2019", "[copyright", "©", "(c) 2", "责任编辑：王", "À lire aussi", "à lire aussi", "(责编", "Stand: 5. May", "stand: x", "back to", "ſee also",
		"Published", "опубликовано 5", "更新日", "valid from", "en vigueur", "not until", "© 2019", "article_title", "Kicker", "newsletter", "my-author-box", "Subscribe now", "abonnieren Sie", "подпишитесь", "donate now", "unterstützen Sie uns", "btn", "No comments yet", "浏览次数：12", "5 min read", "YouTube", "popup", "infobox",
		"» Anzeige «", "Werbung", "реклама", "Datenschutz", "privatsphäre", "微博", "Twitter", "Affiliate", "alle Rechte", "Werbung mit Partnerlinks", "error 404", "nicht gefunden", "找不到", "Source : x", "字号：大", "a-label", "a.pdf", "https://t.me/share?x", "Sie befinden sich hier:", "» read also: x", "Lesen Sie auch", "читайте также:", "Más sobre: y", "相关阅读",
		"newsteaser", "also-read", "by-author", "x-author_box", "autoren", "writer-bio", "widgets", "side-widget", "sidebar2", "tags",
	}
	kinds := map[string]*kind{
		"leads": leadMarks, "strong": strongMarks, "adverts": adverts, "unfolded": unfolded, "furniture": furniture, "pictures": pictureFrames, "captions": captionMark, "credits": creditMark,
		"frames": frameMark, "dates": dateMarks, "teasers": teaserMarks, "clocks": clockMarks, "no content": notContent, "sites": siteMarks, "screen": screenOnly, "tails": tailLines, "offers": offerMarks, "authors": authorMarks, "widgets": widgets,
		"published": publishedLabel, "updated": updatedLabel, "valid": validLabel, "foreign dates": foreignLabel, "titles": titleMarks, "kickers": kickerMarks, "letters": letterMarks, "author boxes": authorBox,
		"inviting": inviting, "giving": giving, "buttons": buttonMarks, "heads": furnitureHead, "counters": counter, "consenting": consenting, "unwelcome": unwelcome, "quoting": quoting, "adverts by label": advertLabel,
		"agreeing": agreeing, "networks": network, "paying": paying, "reserving": reserving, "paid": paidLine, "missing": missing, "data": data, "sources": namesSource, "labels": labelMarks, "files": fileName,
		"sharing": sharing, "crumbs": crumbLabel, "prompts": prompt, "heads of prompts": promptHead,
		"beyond ASCII": namesLike(`[^x]`), "nothing": namesLike(`q?$`), "one sign": namesLike(`q($|s)`),
	}
	for of, k := range kinds {
		matched := 0
		for _, name := range names {
			for _, name := range []string{name, "x " + name, "x-" + name, name + " x", strings.ToUpper(name)} {
				want := k.Regexp.MatchString(name)
				if got := k.MatchString(name); got != want {
					t.Errorf("%s: %q matches: %v, by the expression %v", of, name, got, want)
				}
				if want {
					matched++
				}
			}
		}
		if matched == 0 {
			t.Errorf("%s: no name is of this kind", of)
		}
	}
	if furniture.mayMatch("xyzzy quux-77") || tailLines.mayMatch("xyzzy") || inviting.mayMatch("The minister said so on Tuesday, and signed.") || prompt.mayMatch("» Nobody reads it") {
		t.Error("the tables rule nothing out")
	}
}
