package site

import "communique/storage/press"

// InText are those images of an article that its body shows and that have a
// caption, a credit or terms.
func InText(a press.Article) []press.Image { return Article{Article: a}.credits() }
