package press_test

import (
	"regexp"
	"strings"
	"testing"

	"communique/storage/press"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	long := "the-minister-receives-the-ambassadors-of-the-neighbouring-states"
	for in, want := range map[string]string{
		"The Ministry":                     "the-ministry",
		"  --Press & Media -- ":            "press-media",
		"2031/03/04: a date":               "2031-03-04-a-date",
		"Déclaration à l’Assemblée":        "declaration-a-lassemblee",
		"De\u0301claration":                "declaration", // the mark as a rune of its own
		"Straße, Ærø, Łódź, Þórður, İzmir": "strasse-aero-lodz-thordur-izmir",
		"Thủ tướng Việt Nam":               "thu-tuong-viet-nam",
		"Ḥusayn and the Qurʾān":            "husayn-and-the-qur-an",
		"Aid for 10⁶ people":               "aid-for-10-6-people",
		"H₂O, CO₂ and m²":                  "h2o-co2-and-m-2",
		"Quotas² of 5₁ and x²y":            "quotas-2-of-5-1-and-x-2-y",
		"⁴":                                "4",
		"Azərbaycan":                       "azerbaycan",
		"بيان صحفي":                        "",
		"Об этом":                          "",
		"G7 в Москве 2031":                 "g7-2031",
		"":                                 "",
		"🕊":                                "",
		long:                               long, // 64 characters fit
		long + " and others":               long, // cut at the word
		long[:63] + "ss and others":        "the-minister-receives-the-ambassadors-of-the-neighbouring",
		strings.Repeat("a", 100):           strings.Repeat("a", 64), // a word that fills it all
		"ab " + strings.Repeat("c", 100):   "ab-" + strings.Repeat("c", 61),
	} {
		if got := press.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

var slugForm = regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"The Ministry", "à l’", strings.Repeat("ab-", 40), "\xff", "-", "ß" + strings.Repeat("æ", 63)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := press.Slug(s)
		if !slugForm.MatchString(got) || len(got) > 64 {
			t.Errorf("Slug(%q) = %q", s, got)
		}
		if again := press.Slug(got); again != got {
			t.Errorf("Slug(%q) = %q", got, again)
		}
	})
}

func TestCheckSlug(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"a", "the-ministry", "2031", strings.Repeat("a", 64)} {
		if err := press.CheckSlug(slug); err != nil {
			t.Error(err)
		}
	}
	for _, slug := range []string{
		"", "The", "the ministry", "a--b", "-a", "a-", "a/b", "..", "à", "feed.rss", strings.Repeat("a", 65),
		"articles", "search", "archive", "tags",
	} {
		if press.CheckSlug(slug) == nil {
			t.Errorf("CheckSlug(%q) takes it", slug)
		}
	}
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	p, err := press.ParsePath("the-ministry/the-minister")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Slugs(), " "); got != "the-ministry the-minister" {
		t.Errorf("slugs are %q", got)
	}
	if got := press.Path("").Child("a").Child("b"); got != "a/b" {
		t.Errorf("child is %q", got)
	}
	if got := press.Path("").Slugs(); len(got) != 0 {
		t.Errorf("the root's path has slugs %q", got)
	}
	for _, s := range []string{"", "/", "a/", "/a", "a//b", "a/../b", "a/articles", "a b"} {
		if _, err := press.ParsePath(s); err == nil {
			t.Errorf("ParsePath(%q) takes it", s)
		}
	}
}
