package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"communique/storage/press"
)

// FeedStyle is the style sheet with which browsers show the feeds of a language.
type FeedStyle struct {
	Path string // its address, which changes with the content
	CSS  []byte
}

// FeedStyle returns feed.css completed with the accent, the direction, and the line
// that explains to people what a feed is for.
func (s *Site) FeedStyle(lang press.Language) FeedStyle {
	accent, _ := AccentFor(s.id.Accent)
	css := append([]byte{}, s.feedStyle...)
	css = fmt.Appendf(css, ":root { --band: %s; direction: %s; }\n:root::before { content: %s; }\n",
		accent, lang.Direction(), cssString(s.Words(lang).FeedOpened))
	sum := sha256.Sum256(css)
	return FeedStyle{Path: fmt.Sprintf("/assets/feed.%s.%s.css", lang, hex.EncodeToString(sum[:6])), CSS: css}
}

// cssString quotes a text as a CSS string.
func cssString(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\a `).Replace(text) + `"`
}
