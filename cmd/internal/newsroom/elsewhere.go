package newsroom

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
)

// checkElsewhere refuses pictures that are on other sites: what is there may be another one after
// somebody has approved it, and readers would be sent there. Those that the article has which is
// corrected stay.
func (d Desk) checkElsewhere(ctx context.Context, article press.ArticleID, doc Document) error {
	found := d.elsewhere(doc.Images, doc.Body)
	if len(found) == 0 || article == "" {
		return elsewhere(found)
	}
	err := d.view(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(article)
		has := d.elsewhere(a.Images, a.Body)
		found = slices.DeleteFunc(found, func(src string) bool { return slices.Contains(has, src) })
		return err
	})
	if err != nil {
		return err
	}
	return elsewhere(found)
}

// elsewhere are the addresses of pictures that are not this site's.
func (d Desk) elsewhere(images []press.Image, body press.HTML) (all []string) {
	for _, i := range slices.Concat(images, richtext.Pictures(body)) {
		if !strings.HasPrefix(i.Src, d.Site.Media("")) {
			all = append(all, i.Src)
		}
	}
	return all
}

func elsewhere(pictures []string) error {
	if len(pictures) == 0 {
		return nil
	}
	return &Problem{File: "the text", Field: "images", Text: fmt.Sprintf(
		"the picture %s is on another site, where it may be changed after somebody has approved it: save it on your machine, add it as a file, and name that in its place", pictures[0])}
}
