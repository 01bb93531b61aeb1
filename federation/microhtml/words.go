package microhtml

import (
	"strings"

	"communique/storage/press"
)

// words are those that are added to a text, in its language.
type words struct {
	picture               string
	colon                 string
	openQuote, closeQuote string
}

// languages has the words by language; one that is not listed gets the English
// ones.
var languages = map[string]words{
	"ar": {"صورة", ": ", "«", "»"},
	"de": {"Bild", ": ", "„", "“"},
	"en": {"Picture", ": ", "“", "”"},
	"es": {"Imagen", ": ", "«", "»"},
	"fr": {"Image", "\u00a0: ", "«\u00a0", "\u00a0»"},
	"it": {"Immagine", ": ", "«", "»"},
	"ja": {"画像", "：", "「", "」"},
	"pt": {"Imagem", ": ", "«", "»"},
	"ru": {"Изображение", ": ", "«", "»"},
	"zh": {"图片", "：", "“", "”"},
}

func wordsOf(lang press.Language) words {
	base, _, _ := strings.Cut(string(lang), "-")
	if w, ok := languages[base]; ok {
		return w
	}
	return languages["en"]
}
