package press

import (
	"fmt"
	"regexp"
	"strings"
)

// Language is a tag of BCP 47 in the customary case: "en", "fr", "zh-Hant".
type Language string

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// ParseLanguage checks the form of a tag (RFC 5646 §2.1, language with
// optional subtags) and normalises its case.
func ParseLanguage(s string) (Language, error) {
	if !languageTag.MatchString(s) || len(s) > 35 {
		return "", fmt.Errorf("%q is no language tag: use one like en, fr or zh-Hant", s)
	}
	parts := strings.Split(strings.ToLower(s), "-")
	for i, p := range parts[1:] {
		switch len(p) {
		case 2:
			parts[i+1] = strings.ToUpper(p)
		case 4:
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return Language(strings.Join(parts, "-")), nil
}

// rightToLeft lists the languages and the scripts written from right to left;
// a tag's script decides before its language does.
var rightToLeft = map[string]bool{
	"ar": true, "arc": true, "ckb": true, "dv": true, "fa": true, "he": true, "ks": true,
	"nqo": true, "ps": true, "sd": true, "syr": true, "ug": true, "ur": true, "yi": true,
	"Adlm": true, "Arab": true, "Hebr": true, "Nkoo": true, "Rohg": true, "Syrc": true, "Thaa": true,
}

// script is a tag's script subtag (RFC 5646 §2.2.3: four letters), or empty.
var script = regexp.MustCompile(`-([A-Z][a-z]{3})(?:-|$)`)

// Direction is the value of the HTML dir attribute: "rtl" or "ltr".
func (l Language) Direction() string {
	decides, _, _ := strings.Cut(string(l), "-")
	if m := script.FindStringSubmatch(string(l)); m != nil {
		decides = m[1]
	}
	if rightToLeft[decides] {
		return "rtl"
	}
	return "ltr"
}

// SelfName is the language's name in itself, for language switches; a tag
// that is not in the table stands for itself.
func (l Language) SelfName() string {
	if n, ok := selfNames[string(l)]; ok {
		return n
	}
	base, _, _ := strings.Cut(string(l), "-")
	if n, ok := selfNames[base]; ok {
		return n
	}
	return string(l)
}

var selfNames = map[string]string{
	"ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština",
	"da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español",
	"et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "ga": "Gaeilge",
	"he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն",
	"id": "Bahasa Indonesia", "is": "Íslenska", "it": "Italiano", "ja": "日本語",
	"ka": "ქართული", "kk": "Қазақша", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu",
	"mk": "Македонски", "ms": "Bahasa Melayu", "mt": "Malti", "nb": "Norsk bokmål",
	"nl": "Nederlands", "nn": "Norsk nynorsk", "no": "Norsk", "pl": "Polski",
	"pt": "Português", "ro": "Română", "ru": "Русский", "sk": "Slovenčina",
	"sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska",
	"sw": "Kiswahili", "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
	"vi": "Tiếng Việt", "zh": "中文", "zh-Hans": "简体中文", "zh-Hant": "繁體中文",
}
