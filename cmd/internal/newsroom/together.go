package newsroom

import (
	"fmt"

	"communique/storage"
	"communique/storage/press"
)

// checkTogether refuses a correction by which a draft that goes out with all languages of its
// set or not at all would leave one of them behind, unless somebody has said that it is meant;
// and has it go out with them as it is now.
func (d Document) checkTogether(tx *storage.Tx, a press.Article, alone bool) error {
	set, err := tx.Set(a.Group)
	if err != nil || alone {
		return err
	}
	for _, other := range set {
		if other.ID == a.ID || other.State != press.Embargoed || !other.Together {
			continue
		}
		out := a.State == press.Published && a.ID == a.Group
		if out || a.Together && !other.Published.Equal(a.Published) {
			return d.alone("published", "its set goes out all or none, and article %s (%s) %s: give all the same date, or none", other.ID, other.Language, stays(other))
		}
	}
	if a.State == press.Embargoed && a.Together {
		if err := tx.GoTogether(a.ID); err != nil {
			return fmt.Errorf("seal article %s: %w", a.ID, err)
		}
	}
	return nil
}

func stays(a press.Article) string {
	if a.Held {
		return "is held"
	}
	return "would not go out with it"
}
