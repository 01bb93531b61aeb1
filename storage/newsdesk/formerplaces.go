package newsdesk

import (
	"fmt"

	"communique/storage/press"
)

// formerPlaces reads below which sections others were in the past, under which names.
func (tx *Tx) formerPlaces() (map[press.Place]press.SectionID, error) {
	former := map[press.Place]press.SectionID{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var place press.Place
		var id press.SectionID
		err := scan(&place.Parent, &place.Name, &id)
		former[place] = id
		return err
	}, `SELECT parent, name, section FROM section_places`)
	if err != nil {
		return nil, fmt.Errorf("read former names of sections: %w", err)
	}
	return former, nil
}

// leavePlace makes a name below a section lead to one that had it there.
func (tx *Tx) leavePlace(place press.Place, id press.SectionID) error {
	err := tx.db.Exec(`INSERT INTO section_places (parent, name, section) VALUES ($1, $2, $3)
		ON CONFLICT (parent, name) DO UPDATE SET section = excluded.section`, place.Parent, place.Name, id)
	if err != nil {
		return fmt.Errorf("keep the name %s: %w", place.Name, err)
	}
	return nil
}
