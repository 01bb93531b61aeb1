package importer

import (
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// publishedNames are the names of meta elements that hold the date of
// publication, the surest first.
var publishedNames = []string{
	"article:published_time", "og:article:published_time", "datepublished", "rnews:datepublished", "schema:datepublished",
	"pubdate", "publishdate", "publish_date", "publishtime", "publish-date", "publication_date", "article:published", "og:published_time",
	"dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dc.created",
	"citation_publication_date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "date", "created", "datecreated",
	"firstpublishedtime", "releasedate", "release_date", "article.published", "dc.terms.issued", "bt:pubdate", "eomportal-lastupdate",
}

// metadataDates returns the dates of publication in the metadata of the page
// and in its microdata.
func (d *document) metadataDates(language press.Language, o order) []candidate {
	return d.metadataDatesBut(isTeaser, language, o)
}

// metadataDatesBut are those of them that stand in no element which offers other pages.
func (d *document) metadataDatesBut(offers func(*html.Node) bool, language press.Language, o order) []candidate {
	var found []candidate
	add := func(text string) {
		r := findDates(text, language, o)
		if len(r) == 0 {
			return
		}
		found = append(found, candidate{templateTime(r[0]), worthMetadata - min(len(found), 8)})
	}
	if d.ownData {
		add(d.linked.published)
	}
	d.tree.Find(`[itemprop*="datePublished"], [property*="datePublished"], [property="dc:date"], [property="dc:created"], time[pubdate]`).Each(func(_ int, s *goquery.Selection) {
		if s.Is("meta") {
			return // among the others
		}
		if ancestor(s.Nodes[0], offers) != nil {
			return
		}
		for _, attribute := range []string{"content", "datetime"} {
			if v := s.AttrOr(attribute, ""); v != "" {
				add(v)
				return
			}
		}
		add(richtext.CleanText(s.Text()))
	})
	for _, name := range publishedNames {
		for _, v := range d.meta[name] {
			add(v)
		}
	}
	return found
}

// aboutItself reports whether the JSON-LD of the page is about its article, not about
// another one.
func (d *document) aboutItself() bool {
	headline := key(d.linked.headline)
	if headline == "" || d.first("og:title") == "" && d.tree.Find("h1, h2").Length() == 0 {
		return true // a page that is made by scripts
	}
	start := string([]rune(headline)[:min(12, len([]rune(headline)))])
	for _, text := range append([]string{d.tree.Find("title").First().Text(), d.first("og:title")}, d.tree.Find("h1, h2").Map(func(_ int, s *goquery.Selection) string { return s.Text() })...) {
		if strings.Contains(key(text), start) {
			return true
		}
	}
	return false
}

// templateTime treats zeros that templates fill in as an unknown time.
func templateTime(r reading) reading {
	switch {
	case r.hour == 0 && r.minute == 0 && r.second == 0:
		r.precision = press.ToTheDay
	case r.second == 0 && r.precision == press.ToTheSecond:
		r.precision = press.ToTheMinute
	}
	return r
}

// headTimes returns the machine-readable values of the time elements in the
// lines between title and text.
func (d *document) headTimes(at region, language press.Language) []candidate {
	var found []candidate
	for i := max(at.title-3, 0); i <= min(at.body, len(d.lines)-1); i++ {
		for n, up := d.lines[i].node, 0; n != nil && up < 3; n, up = n.Parent, up+1 {
			if n.Data != "time" || attr(n, "datetime") == "" || inBanner(n) {
				continue
			}
			if r := findDates(attr(n, "datetime"), language, unknownOrder); len(r) > 0 {
				found = append(found, candidate{templateTime(r[0]), worthMetadata})
			}
		}
	}
	return found
}

// monthFirstPlaces are the top-level domains under which 08/07/2019 is a day of
// August; dayFirstPlaces those under which English pages mean a day of July.
var (
	monthFirstPlaces = lazyregexp.New(`\.(gov|mil|us|ph)$`)
	dayFirstPlaces   = lazyregexp.New(`\.(uk|au|nz|ie|in|za|sg|my|ke|ng|gh|pk|lk|bd|np|mt|cy|eu|de|fr|es|it|pt|nl|be|at|ch|li|lu|pl|cz|sk|hu|se|no|dk|fi|is|ee|lv|lt|gr|ro|bg|hr|si|rs|ba|me|mk|al|tr|ru|ua|by|ge|am|az|il|ae|sa|qa|kw|om|bh|jo|lb|sy|iq|ye|eg|ly|tn|dz|ma|mr|sn|ci|cm|et|tz|ug|rw|zm|zw|bw|na|mw|mz|ao|br|ar|cl|uy|py|bo|pe|ec|co|ve|mx|cu|do|cr|pa|gt|hn|ni|sv|jm|tt|bb|gy|th|vn|id|bn|kh|la|mm)$`)
)

// dateOrder says how a page writes 08/07/2019: as its language does, or for
// English as its country does.
func dateOrder(declared press.Language, pages ...*url.URL) order {
	switch {
	case declared == "en-US":
		return monthFirst
	case strings.HasPrefix(string(declared), "en-") && declared != "en-CA" && declared != "en-PH":
		return dayFirst
	case base(declared) == "en" || declared == "":
		for _, u := range pages {
			switch {
			case u == nil:
			case monthFirstPlaces.MatchString(u.Hostname()):
				return monthFirst
			case dayFirstPlaces.MatchString(u.Hostname()):
				return dayFirst
			}
		}
		return unknownOrder
	case strings.Contains(" zh ja ko mn hu lt ", " "+base(declared)+" "):
		return unknownOrder // they write the year first; what this is nobody knows
	}
	return dayFirst
}
