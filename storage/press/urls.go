package press

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Site builds the public address of everything. Base has no path and no trailing
// slash: "https://mfa.example". Tag is the authority of the tag: URIs (RFC 4151),
// "mfa.example,2026": it is fixed at init and never changes, so that a change of
// host changes no feed id.
type Site struct {
	Base string
	Tag  string
	// Domain is the domain of handles, if it differs from the host: "mfa.example"
	// for a site at "https://press.mfa.example".
	Domain string
}

// HandleDomain is the domain of handles.
func (s Site) HandleDomain() string {
	if s.Domain != "" {
		return s.Domain
	}
	return s.Host()
}

// Handle is the handle of a local actor, "ministry@mfa.example", without a leading
// @.
func (s Site) Handle(name string) string { return name + "@" + s.HandleDomain() }

// Host is the authority part of the base URL.
func (s Site) Host() string {
	_, host, _ := strings.Cut(s.Base, "://")
	return host
}

// Hostname is [Site.Host] without the port.
func (s Site) Hostname() string {
	u, err := url.Parse(s.Base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// HostOf is the host of an address by name and number, so that a host has one
// spelling: in lower case, addresses as netip writes them, with the port in plain
// digits, if it is not the scheme's own. It is empty if the address is not a URL.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if addr, err := netip.ParseAddr(name); err == nil {
		name = addr.Unmap().String()
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	port := strings.TrimLeft(u.Port(), "0")
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return name
	}
	return name + ":" + port
}

// Rooted is an address with the slash of its server's root, without which it is the same
// one (RFC 9110 §4.2.3).
func Rooted(address string) string {
	scheme, rest, is := strings.Cut(address, "://")
	cut := strings.IndexAny(rest, "/?#")
	switch {
	case !is:
		return address
	case cut < 0:
		return address + "/"
	case rest[cut] == '/':
		return address
	}
	return scheme + "://" + rest[:cut] + "/" + rest[cut:]
}

// Home is the front page of a language.
func (s Site) Home(lang Language) string { return s.Base + "/" + string(lang) + "/" }

// Search is the search page of a language.
func (s Site) Search(lang Language) string { return s.Home(lang) + "search" }

// OpenSearch is the OpenSearch description of that page.
func (s Site) OpenSearch(lang Language) string { return s.Home(lang) + "opensearch.xml" }

// Section is the page of a section, or the front page for the empty path.
func (s Site) Section(lang Language, p Path) string {
	if p == "" {
		return s.Home(lang)
	}
	return s.Home(lang) + string(p) + "/"
}

// SectionKind is the page of a section with the articles of one kind alone.
func (s Site) SectionKind(lang Language, p Path, kind ArticleKind) string {
	return s.Section(lang, p) + "?kind=" + string(kind)
}

// Feed is a section's feed in a format: "rss", "atom" or "json".
func (s Site) Feed(lang Language, p Path, format string) string {
	return s.Section(lang, p) + "feed." + format
}

// OPML is the list of a language's feeds, in the format "rss" or "atom".
func (s Site) OPML(lang Language, format string) string {
	return s.Home(lang) + "feeds." + format + ".opml"
}

// SitemapIndex is the index of all sitemaps.
func (s Site) SitemapIndex() string { return s.Base + "/sitemap.xml" }

// Sitemap is the sitemap of "sections" or "news".
func (s Site) Sitemap(of string) string { return s.Base + "/sitemap." + of + ".xml" }

// SitemapPart is a part, from 1, of the sitemap of a language's articles.
func (s Site) SitemapPart(lang Language, number int) string {
	return s.Sitemap(string(lang) + "." + strconv.Itoa(number))
}

// Archive is an archive document of a section's feed (RFC 5005), by the number
// of its block, from 1.
func (s Site) Archive(lang Language, p Path, number int, format string) string {
	return s.Section(lang, p) + "feed." + strconv.Itoa(number) + "." + format
}

// Article is the article's page. The slug is for people: the id alone identifies the
// page.
func (s Site) Article(a Article) string {
	return s.ArticleByID(a.Language, a.ID, a.Title)
}

// ArticleByID is [Site.Article] for callers that don't have the whole article.
func (s Site) ArticleByID(lang Language, id ArticleID, title string) string {
	slug := Slug(title)
	if slug == HistorySlug {
		slug = ""
	}
	return s.article(lang, id) + slug
}

func (s Site) article(lang Language, id ArticleID) string {
	return s.Home(lang) + "articles/" + string(id) + "/"
}

// HistorySlug replaces the slug in the address of an article's history; no article
// has it as its slug.
const HistorySlug = "history"

// History is the page that lists an article's revisions.
func (s Site) History(a Article) string { return s.article(a.Language, a.ID) + HistorySlug }

// Version is the page of one revision of an article.
func (s Site) Version(a Article, revision int) string {
	return s.History(a) + "/" + strconv.Itoa(revision)
}

// Comparison is the page that compares two revisions of an article.
func (s Site) Comparison(a Article, from, to int) string {
	return s.Version(a, from) + "-" + strconv.Itoa(to)
}

// ByDate is the page of a section's archive by date: its years, or the months of a
// year, or the articles of a month. Year and month are 0 if they are not given.
func (s Site) ByDate(lang Language, p Path, year int, month time.Month) string {
	u := s.Section(lang, p) + "archive/"
	if year > 0 {
		u += fmt.Sprintf("%04d/", year)
	}
	if month > 0 {
		u += fmt.Sprintf("%02d/", month)
	}
	return u
}

// Hub is the WebSub hub.
func (s Site) Hub() string { return s.Base + "/websub" }

// Object is the ActivityPub id of an article.
func (s Site) Object(id ArticleID) string { return s.Base + "/ap/articles/" + string(id) }

// Activity is the id of the activity with a verb ("create", "update",
// "delete") that carries the state of an entry.
func (s Site) Activity(seq Seq, verb string) string {
	return s.Base + "/ap/activities/" + strconv.FormatInt(int64(seq), 10) + "/" + verb
}

// Announce is the id of the activity with which a local actor announced the article
// that an entry published.
func (s Site) Announce(actor string, seq Seq) string {
	return s.Actor(actor) + "/announces/" + strconv.FormatInt(int64(seq), 10)
}

// Quote is the address of a quote authorization, by its token.
func (s Site) Quote(token string) string { return s.Base + "/ap/quotes/" + token }

// Feature is the address of the permission for a collection to list an actor, by its
// token.
func (s Site) Feature(token string) string { return s.Base + "/ap/features/" + token }

// Tags is the page that lists the tags of a language.
func (s Site) Tags(lang Language) string { return s.Home(lang) + "tags/" }

// TagPage is the page of a tag in a language.
func (s Site) TagPage(lang Language, tag string) string {
	return s.Tags(lang) + url.PathEscape(TagSlug(tag)) + "/"
}

// TagFeed is the feed of a tag, in a format.
func (s Site) TagFeed(lang Language, tag, format string) string {
	return s.TagPage(lang, tag) + "feed." + format
}

// TagSlug returns the form of a tag in URLs, in its own script: lower case, words
// joined by hyphens. It is empty for tags that have no page: those made of separators
// only, and "." and "..", which browsers resolve as folders.
func TagSlug(tag string) string {
	words := strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool { return unicode.IsSpace(r) || r == '/' || r == '-' })
	slug := strings.Join(words, "-")
	if slug == "." || slug == ".." {
		return ""
	}
	return slug
}

// Actor is the id of a local actor; its collections are below it.
func (s Site) Actor(name string) string { return s.Base + "/actors/" + name }

// SharedInbox is the shared inbox of all local actors.
func (s Site) SharedInbox() string { return s.Base + "/ap/inbox" }

// ArticleTag is the article's id in feeds, the same in every format and section.
func (s Site) ArticleTag(id ArticleID) string { return "tag:" + s.Tag + ":article/" + string(id) }

// FeedTag is the id of a section's feed; it survives moving and renaming the section.
func (s Site) FeedTag(lang Language, id SectionID) string {
	return fmt.Sprintf("tag:%s:feed/%s/%d", s.Tag, lang, id)
}

// TagFeedID is the id of a tag's feed.
func (s Site) TagFeedID(lang Language, tag string) string {
	return fmt.Sprintf("tag:%s:feed/%s/tags/%s", s.Tag, lang, url.PathEscape(TagSlug(tag)))
}

// ArticleRef parses what people may enter for an article: its id, the address of its
// page, or its ActivityPub id. It returns [ErrInvalid] for anything else.
func (s Site) ArticleRef(ref string) (ArticleID, error) {
	if id, err := ParseArticleID(ref); err == nil {
		return id, nil
	}
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%w: %q is neither an article id nor an address of one", ErrInvalid, ref)
	}
	if HostOf(ref) != HostOf(s.Base) {
		return "", fmt.Errorf("%w: %s is on %s, this installation is %s: name an article of this one", ErrInvalid, ref, u.Host, s.Base)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	for i, p := range parts[:max(len(parts)-1, 0)] {
		if p != "articles" {
			continue
		}
		if id, err := ParseArticleID(parts[i+1]); err == nil {
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: %s is not the address of an article", ErrInvalid, ref)
}

// Media is the address of a picture by its name.
func (s Site) Media(name string) string { return s.Base + "/media/" + name }

// File is the address of a file by the hash of its content and its name.
func (s Site) File(hash, name string) string {
	return s.Base + "/files/" + hash + "/" + url.PathEscape(name)
}

// Serves tells whether a file that a text links to is on this site, and not on another
// that writes addresses as this one does.
func (s Site) Serves(f File) bool { return f.URL == s.File(f.Hash, f.Name) }
