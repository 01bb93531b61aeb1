package federation

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"communique/storage/press"
)

// mastodonTag is HASHTAG_NAME_RE of Mastodon
// (app/models/concerns/tag/naming.rb), with the classes of Onigmo written out.
var mastodonTag = regexp.MustCompile(`^([\pL\pM\p{Nd}_][\pL\pM\p{Nd}_·・\x{200c}]*[\pL\pM_·・\x{200c}][\pL\pM\p{Nd}_·・\x{200c}]*[\pL\pM\p{Nd}_]|[\pL\pM\p{Nd}_]*[\pL\pM][\pL\pM\p{Nd}_]*)$`)

func TestHashtag(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"harbour":                  "harbour",
		"Arvane":                   "Arvane",
		"sea law":                  "SeaLaw",
		"EU-Ruvenia talks":         "EURuveniaTalks",
		"women's rights":           "WomensRights",
		"droits de l’homme":        "DroitsDeLHomme",
		"élections à l'étranger":   "ÉlectionsÀLÉtranger",
		"COP 31":                   "COP31",
		"budget 2026 2027":         "Budget2026_2027",
		"2026":                     "",
		"!!":                       "",
		"C++":                      "C",
		"#harbour":                 "harbour",
		"права человека":           "ПраваЧеловека",
		"حقوق الإنسان":             "حقوق_الإنسان",
		"می\u200cخواهم":            "می\u200cخواهم",
		"外交 政策":                    "外交政策",
		"スピーチ・コンテスト":               "スピーチ・コンテスト",
		"외교 정책":                    "외교_정책",
		"मानव अधिकार":              "मानव_अधिकार",
		"snake_case":               "snake_case",
		"ＦＵＬＬ ｗｉｄｔｈ":               "FULLWidth",
		"·col·laboració· cultural": "Col·laboracióCultural",
		"\xf1ˣ":                    "x",
		"ဥ ီ":                      "ဦ",
	} {
		if got := hashtag(tag); got != want {
			t.Errorf("hashtag(%q) = %q, want %q", tag, got, want)
		}
	}
}

func FuzzHashtag(f *testing.F) {
	f.Add("sea law")
	f.Add("l'Europe · ٢٠٢٦")
	f.Fuzz(func(t *testing.T, tag string) {
		got := hashtag(tag)
		if got != "" && (!mastodonTag.MatchString(got) || !utf8.ValidString(got)) {
			t.Errorf("hashtag(%q) = %q, which is none", tag, got)
		}
		if got != "" && hashtag(got) != got {
			t.Errorf("hashtag(%q) = %q, and of that %q", tag, got, hashtag(got))
		}
	})
}

// TestHashtagsAreFew: a tag stands once, however it is written, and ten at most.
func TestHashtagsAreFew(t *testing.T) {
	t.Parallel()
	site := press.Site{Base: "https://press.mfa.example"}
	tags := []string{"sea law", "Sea Law", "SEALAW"}
	for c := 'a'; c <= 'z'; c++ {
		tags = append(tags, string(c))
	}
	got := hashtags(site, press.Article{Language: "en", Tags: tags})
	if len(got) != maxHashtags || got[0].Name != "#SeaLaw" || got[0].Href != "https://press.mfa.example/en/tags/sea-law/" || got[1].Name != "#a" {
		t.Errorf("hashtags are %v", got)
	}
	if (tagList)(nil).paragraph() != "" {
		t.Error("an empty paragraph")
	}
}
