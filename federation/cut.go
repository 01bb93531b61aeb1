package federation

import "strings"

// How much of a profile every receiver keeps, in characters (INTEROP A10). What is
// longer they cut, in the middle of a word or of a tag.
const (
	maxActorName    = 128
	maxActorSummary = 2048 // of HTML
)

// fitted is a text as HTML paragraphs, cut to what every receiver keeps.
func fitted(text string) string {
	for runes := maxActorSummary; ; runes = runes * 7 / 8 {
		if fits := paragraphs(shortened(text, runes)); len([]rune(fits)) <= maxActorSummary {
			return fits
		}
	}
}

// shortened cuts a text to a number of characters, at a space if there is one in
// its second half.
func shortened(text string, runes int) string {
	r := []rune(text)
	if len(r) <= runes {
		return text
	}
	kept := string(r[:runes-1])
	if space := strings.LastIndexAny(kept, " \n"); space > len(kept)/2 {
		kept = kept[:space]
	}
	return strings.TrimRight(kept, " \n") + "…"
}
