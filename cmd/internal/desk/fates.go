package desk

import (
	"net/http"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage"
)

// fates tell what becomes of the other languages of what is corrected or taken back, a sentence
// for each. Of what somebody may not read they have no title.
func (d *Desk) fates(r *http.Request, result newsroom.Result) (all []string, err error) {
	var reading newsroom.Reading
	if err := d.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		reading, err = newsroom.ReadingOf(tx, visitOf(r).Person)
		return err
	}); err != nil {
		return nil, err
	}
	for _, s := range result.Siblings {
		which := s.Article.Language.SelfName()
		if reading.Article(s.Article) {
			which += ", “" + s.Article.Title + "”"
		}
		at := d.when(r.Context(), s.Article)
		until := strings.TrimSuffix(at.Day+", "+at.Clock, ", ") + " in " + d.Room.Zone.String()
		said := map[newsroom.Fate]string{
			newsroom.Stays: "stays public", newsroom.Waits: "stays under embargo until " + until, newsroom.Moved: "moves along, and is under embargo until " + until,
			newsroom.Released: "goes out along", newsroom.Alone: "goes out before, by itself, on " + until, newsroom.Freed: "is held no longer, and is under embargo until " + until,
			newsroom.Held: "is held: it does not go out by itself", newsroom.TakenBack: "is taken back, too",
		}[s.Fate]
		all = append(all, which+" "+said+".")
	}
	return all, nil
}
