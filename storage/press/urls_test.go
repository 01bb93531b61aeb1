package press_test

import (
	"errors"
	"testing"
	"time"

	"communique/storage/press"
)

var site = press.Site{Base: "https://mfa.example:8443", Tag: "mfa.example,2031"}

const id = press.ArticleID("abcdefghijklmn27")

func TestURLs(t *testing.T) {
	t.Parallel()
	article := press.Article{ID: id, Language: "fr", Title: "Traité"}
	for got, want := range map[string]string{
		site.Host():                                                     "mfa.example:8443",
		site.Home("fr"):                                                 "https://mfa.example:8443/fr/",
		site.Section("fr", "a/b"):                                       "https://mfa.example:8443/fr/a/b/",
		site.Section("fr", ""):                                          "https://mfa.example:8443/fr/",
		site.Feed("zh-Hant", "a/b", "atom"):                             "https://mfa.example:8443/zh-Hant/a/b/feed.atom",
		site.Archive("en", "a/b", 12, "json"):                           "https://mfa.example:8443/en/a/b/feed.12.json",
		site.Feed("fr", "", "rss"):                                      "https://mfa.example:8443/fr/feed.rss",
		site.ArticleByID("fr", id, "Traité signé"):                      "https://mfa.example:8443/fr/articles/abcdefghijklmn27/traite-signe",
		site.ArticleByID("ar", id, "معاهدة"):                            "https://mfa.example:8443/ar/articles/abcdefghijklmn27/",
		site.ArticleByID("fr", id, "History!"):                          "https://mfa.example:8443/fr/articles/abcdefghijklmn27/",
		site.History(article):                                           "https://mfa.example:8443/fr/articles/abcdefghijklmn27/history",
		site.Version(article, 2):                                        "https://mfa.example:8443/fr/articles/abcdefghijklmn27/history/2",
		site.Comparison(article, 1, 3):                                  "https://mfa.example:8443/fr/articles/abcdefghijklmn27/history/1-3",
		site.ByDate("fr", "", 0, 0):                                     "https://mfa.example:8443/fr/archive/",
		site.ByDate("fr", "a/b", 812, 0):                                "https://mfa.example:8443/fr/a/b/archive/0812/",
		site.ByDate("fr", "a/b", 2031, time.March):                      "https://mfa.example:8443/fr/a/b/archive/2031/03/",
		site.Object(id):                                                 "https://mfa.example:8443/ap/articles/abcdefghijklmn27",
		site.Activity(12, "create"):                                     "https://mfa.example:8443/ap/activities/12/create",
		site.Actor("ministry"):                                          "https://mfa.example:8443/actors/ministry",
		site.Quote("abc"):                                               "https://mfa.example:8443/ap/quotes/abc",
		site.TagPage("en", "Sea  Law"):                                  "https://mfa.example:8443/en/tags/sea-law/",
		site.TagPage("en", "R&D/a-b?"):                                  "https://mfa.example:8443/en/tags/r&d-a-b%3F/",
		site.TagPage("ar", "حقوق"):                                      "https://mfa.example:8443/ar/tags/%D8%AD%D9%82%D9%88%D9%82/",
		site.SharedInbox():                                              "https://mfa.example:8443/ap/inbox",
		site.ArticleTag(id):                                             "tag:mfa.example,2031:article/abcdefghijklmn27",
		site.FeedTag("fr", 7):                                           "tag:mfa.example,2031:feed/fr/7",
		site.Article(press.Article{ID: id, Language: "en", Title: "T"}): "https://mfa.example:8443/en/articles/abcdefghijklmn27/t",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestTagsWithoutAPage: their addresses would be those of other pages.
func TestTagsWithoutAPage(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{".": "", "..": "", " . ": "", "- /": "", "...": "...", ".net": ".net", "C++": "c++"} {
		if got := press.TagSlug(tag); got != want {
			t.Errorf("slug of %q is %q, want %q", tag, got, want)
		}
	}
}

func TestArticleRef(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{
		string(id),
		site.Object(id),
		site.ArticleByID("fr", id, "Traité signé"),
		site.ArticleByID("fr", id, ""),
		site.ArticleByID("fr", id, "") + "an-old-slug?utm_source=x#top",
		"https://MFA.example:8443/fr/articles/abcdefghijklmn27",
	} {
		if got, err := site.ArticleRef(ref); err != nil || got != id {
			t.Errorf("ArticleRef(%q) = %q, %v", ref, got, err)
		}
	}
	for _, ref := range []string{
		"", "abc", "ABCDEFGHIJKLMN27", "articles/abcdefghijklmn27", "/fr/articles/abcdefghijklmn27",
		"https://other.example/fr/articles/abcdefghijklmn27",
		"https://mfa.example/fr/articles/abcdefghijklmn27", // another port
		"https://mfa.example:8443/fr/articles/", "https://mfa.example:8443/fr/articles", "https://mfa.example:8443",
		"https://mfa.example:8443/fr/abcdefghijklmn27", "https://mfa.example:8443/fr/articles/x/abcdefghijklmn27",
		"https://mfa.example:8443@evil.example/fr/articles/abcdefghijklmn27", "%",
	} {
		if got, err := site.ArticleRef(ref); !errors.Is(err, press.ErrInvalid) {
			t.Errorf("ArticleRef(%q) = %q, %v, want an invalid one", ref, got, err)
		}
	}
}

func FuzzArticleRef(f *testing.F) {
	f.Add(string(id))
	f.Add(site.Object(id))
	f.Add(site.ArticleByID("fr", id, "Traité"))
	f.Add("https://mfa.example:8443/articles/articles/%61bcdefghijklmn27")
	f.Fuzz(func(t *testing.T, ref string) {
		got, err := site.ArticleRef(ref)
		if err != nil {
			return
		}
		if _, err := press.ParseArticleID(string(got)); err != nil {
			t.Errorf("ArticleRef(%q): %v", ref, err)
		}
	})
}

func TestArticleID(t *testing.T) {
	t.Parallel()
	seen := map[press.ArticleID]bool{}
	for range 1000 {
		fresh := press.NewArticleID()
		if got, err := press.ParseArticleID(string(fresh)); err != nil || got != fresh {
			t.Fatalf("a fresh id is refused: %v", err)
		}
		if seen[fresh] {
			t.Fatalf("%s was drawn twice", fresh)
		}
		seen[fresh] = true
	}
	for _, s := range []string{"", "abcdefghijklmn2", "abcdefghijklmn277", "abcdefghijklmn21", "ABCDEFGHIJKLMN27", "abcdefghijklmn2é", "abcdefgh ijklmn2"} {
		if _, err := press.ParseArticleID(s); err == nil {
			t.Errorf("ParseArticleID(%q) takes it", s)
		}
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://Social.Example/users/ana": "social.example", "http://127.0.0.1:8001/inbox": "127.0.0.1:8001", "http://[::1]:80/": "[::1]",
		"https://social.example:443/inbox": "social.example", "https://social.example:80/": "social.example:80",
		// SECURITY A46: one host by all its spellings.
		"https://SOCIAL.example.:0443/": "social.example", "http://social.example:0080/": "social.example", "https://social.example:/": "social.example",
		"https://social.example:08443/": "social.example:8443", "http://[0:0:0:0::1]:8001/": "[::1]:8001", "http://[::ffff:127.0.0.1]:08001": "127.0.0.1:8001",
		"acct:ana@social.example": "", "::%": "", "": "",
	} {
		if got := press.HostOf(address); got != want {
			t.Errorf("the host of %q is %q, want %q", address, got, want)
		}
	}
	for base, want := range map[string]string{"https://mfa.example": "mfa.example", "http://127.0.0.1:8001": "127.0.0.1", "http://[::1]:80": "::1", "://": ""} {
		if got := (press.Site{Base: base}).Hostname(); got != want {
			t.Errorf("the name of the host of %q is %q, want %q", base, got, want)
		}
	}
}
