package importer

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// turned are letters turned by half the alphabet: words that no list has.
func turned(text string) string {
	if strings.Contains(text, "https://") {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, text)
}

// wordedParts are what has words that people read, or gave to their templates: texts, classes and
// ids.
var (
	wordedParts = regexp.MustCompile(`>[^<]+<|( (class|id|aria-label|aria-controls)=")[^"]*"`)
	readable    = regexp.MustCompile(`>[^<]+<`)
)

// turnedPage is a page, every word and every mark of which no list has.
func turnedPage(page string) string {
	return wordedParts.ReplaceAllStringFunc(page, func(part string) string {
		if name, value, found := strings.Cut(part, `="`); found && part[0] == ' ' {
			return name + `="` + turned(value)
		}
		return turned(part)
	})
}

// TestProfileKnowsNoWords: what a profile says holds for whatever words a page has, and
// whatever its template calls things: a page of words for which lists have uses is read as
// the same page in words that mean nothing.
func TestProfileKnowsNoWords(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body><nav class="breadcrumb"><a href="/x">Home</a> / <a href="/y">News</a> / <a href="/z">Print</a> / Details</nav>
<main><div class="top share"><h2 class="teaser">Read also</h2><p class="related">DATE</p><p class="print byline">Share</p></div>
<p class="tags">Tags: harbour</p><div class="meta">Source: Valora Agency</div><p>Last updated: by the press office</p><p>You are here</p><p>Loading</p>
<div class="content related">
<p>Print</p><p>Share this page</p><p class="share">Read also: <a href="https://mfa.example/a">The treaty</a></p><p><a href="https://mfa.example/b">Print</a> | <a href="https://mfa.example/c">Share</a></p>
<h3 id="related">Related articles</h3><ul class="related more-news"><li><a href="https://mfa.example/d">Ilva Quist</a></li><li><a href="https://mfa.example/e">Oro Oss</a></li></ul>
<div class="newsletter subscribe">Sign up for our newsletter</div><div class="cookie-consent">We use cookies</div><p class="advert">Advertisement</p><p class="sr-only">Spoken words</p>
<aside class="widget sidebar">Contact us: the press office</aside><footer class="site-footer">Copyright of the ministry</footer><nav class="menu"><a href="https://mfa.example/f">Menu</a></nav>
<table><tr><td class="share">Medium</td><td>OK</td></tr><tr><td>Share</td><td>Print</td></tr></table>
<button class="btn" aria-expanded="false" aria-controls="f1">More</button><div id="f1" hidden>Folded away</div><div class="collapse panel" style="display:none">Hidden panel</div>
<label class="label">Search</label><button class="close">Close</button><blockquote class="promo">Quoted <footer class="credits">Photo credit</footer></blockquote>
<figure class="gallery slider"><img src="https://mfa.example/icon-share.png" class="icon logo" alt="Logo"><figcaption class="credits">Photographer</figcaption></figure>
<div class="slider"><img src="https://mfa.example/1.jpg" alt="One"><p>Caption of the gallery</p></div>
<div class="consent"><p>YouTube sets cookies in your browser</p><iframe src="https://video.example/1"></iframe></div>
<video src="https://video.example/2"><p>Your browser has no player</p></video>
<p>Tags: harbour</p><p>Source: Valora Agency</p><p>Posted in News</p><p class="date">Published by the ministry</p><p>Home » News</p><p>Comments</p><p>See also</p><p>Back to top</p></div>
<p>Follow us on Facebook</p></main><div class="footer">Imprint</div></body></html>`
	const profile = `language: en
profiles:
  - title: {select: .%s}
    date: {select: .%s, formats: [D month YYYY]}
    section: {select: .%s, skip: [%s]}
    lead: .%s
    body: .%s
    also: [.%s]
    remove: [.%s, .%s]
    says: {.%s: [%s]}
    lines: [%s]
`
	read := func(turn func(string) string, html string) Page {
		t.Helper()
		words := []any{}
		for _, w := range []string{"teaser", "date-line", "breadcrumb", "Home", "byline", "content", "meta", "advert", "close", "advert", "Advertisement", "Loading"} {
			words = append(words, turn(w))
		}
		ps, err := ParseProfiles("p.yaml", fmt.Appendf(nil, profile, words...))
		if err != nil {
			t.Fatal(err)
		}
		p, err := ReadPage("a.html", []byte(html), Options{Zone: time.UTC, Language: "en", LanguageForced: true, Profiles: ps})
		if err != nil || p.Refused != "" {
			t.Fatal(err, p.Refused)
		}
		return p
	}
	const date = `5 March 2024`
	same := func(s string) string { return s }
	plain := read(same, strings.Replace(page, "DATE", `</p><p class="date-line">`+date, 1))
	other := read(turned, strings.Replace(turnedPage(page), turned("DATE"), `</p><p class="`+turned("date-line")+`">`+date, 1))
	facts := func(p Page, turn func(string) string) []string {
		body := readable.ReplaceAllStringFunc(string(p.Body), turn)
		all := []string{turn(p.Title), turn(strings.Join(p.Section, " > ")), p.Date, turn(p.Lead), body, fmt.Sprint(p.Images)}
		for _, d := range p.Doubts {
			all = append(all, fmt.Sprint(d.Line, d.Reason, turn(d.Text)))
		}
		for _, s := range p.Account {
			if !s.Picture && !s.Link && s.Reason != inDate {
				s.Text = turn(s.Text)
			}
			all = append(all, fmt.Sprint(s.Line, s.Kept, s.Reason, s.Text))
		}
		return all
	}
	if diff := cmp.Diff(facts(plain, same), facts(other, turned)); diff != "" {
		t.Errorf("words of lists (-) are read otherwise than others (+):\n%s", diff)
	}
	for _, kept := range []string{"Print", "Share this page", "Read also: ", "Related articles", "newsletter", "cookies", "Spoken words", "Contact us", "Copyright", "Menu", "Medium", "Folded away", "Photo credit", "Caption of the gallery", "no player", "Posted in News", "Comments", "Back to top"} {
		if !strings.Contains(string(plain.Body), kept) {
			t.Errorf("the text lacks %q: %s", kept, plain.Body)
		}
	}
}
