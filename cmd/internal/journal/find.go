package journal

import (
	"fmt"
	"os"

	"communique/storage/press"
)

// Find is the last that the journals of a site in a folder tell of an article that was public,
// whichever database they were of; nil if they tell nothing. What is damaged is passed over.
func Find(folder, site string, article press.ArticleID) (last *Line, err error) {
	files, err := filesOf(folder, "", "")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		lines, _, _ := scan(file, text)
		ours := false
		for _, l := range lines {
			if l.Did == Begins {
				ours = l.Site == site
			}
			if ours && l.Seq > 0 && l.Article == article && (last == nil || l.Seq >= last.Seq) {
				last = &l
			}
		}
	}
	return last, nil
}
