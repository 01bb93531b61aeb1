package press_test

import (
	"testing"

	"communique/storage/press"
)

func TestParseLanguage(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]press.Language{
		"en": "en", "EN": "en", "pt-br": "pt-BR", "ZH-hant-hk": "zh-Hant-HK", "sr-LATN": "sr-Latn",
		"es-419": "es-419", "yue": "yue", "de-1996": "de-1996", "sl-rozaj-biske": "sl-rozaj-biske",
	} {
		if got, err := press.ParseLanguage(in); err != nil || got != want {
			t.Errorf("ParseLanguage(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "e", "english", "en_GB", "en-", "-en", "en--GB", "en\n", "e1", "en-waytoolong", "fr/..",
		"en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
	} {
		if got, err := press.ParseLanguage(in); err == nil {
			t.Errorf("ParseLanguage(%q) = %q, want an error", in, got)
		}
	}
}

func FuzzParseLanguage(f *testing.F) {
	for _, s := range []string{"en", "zh-Hant", "pt-br", "en-", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := press.ParseLanguage(s)
		if err != nil {
			return
		}
		if again, err := press.ParseLanguage(string(l)); err != nil || again != l {
			t.Errorf("%q becomes %q becomes %q, %v", s, l, again, err)
		}
		if d := l.Direction(); d != "ltr" && d != "rtl" {
			t.Errorf("direction of %q is %q", l, d)
		}
	})
}

func TestDirection(t *testing.T) {
	t.Parallel()
	for _, l := range []press.Language{"ar", "ar-EG", "he", "fa", "ur", "ps", "ckb", "az-Arab", "pa-Arab-PK", "yi", "dv", "ff-Adlm"} {
		if got := l.Direction(); got != "rtl" {
			t.Errorf("direction of %s is %s", l, got)
		}
	}
	for _, l := range []press.Language{"en", "fr", "ku", "ur-Latn", "sd-Deva", "ar-Latn-EG", "tg-Cyrl", "zh-Hant", "de-1996"} {
		if got := l.Direction(); got != "ltr" {
			t.Errorf("direction of %s is %s", l, got)
		}
	}
}

func TestSelfName(t *testing.T) {
	t.Parallel()
	for l, want := range map[press.Language]string{
		"fr": "Français", "fr-CA": "Français", "zh-Hant": "繁體中文", "zh-HK": "中文", "tlh": "tlh",
	} {
		if got := l.SelfName(); got != want {
			t.Errorf("%s names itself %q, want %q", l, got, want)
		}
	}
}
