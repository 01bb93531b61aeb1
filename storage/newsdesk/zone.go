package newsdesk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

const (
	// factZone is the zone in which the days of articles begin; factFormerZones those
	// before it, separated by spaces.
	factZone        = "zone"
	factFormerZones = "former_zones"
)

// Zones are the zone in which days begin, UTC if [Tx.DateIn] was never called, and those
// in which they did before.
func (tx *Tx) Zones() ([]*time.Location, error) {
	names, err := tx.zoneNames()
	if err != nil {
		return nil, err
	}
	var zones []*time.Location
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("read the zone of the site: %w", err)
		}
		zones = append(zones, zone)
	}
	if len(zones) == 0 {
		zones = append(zones, time.UTC)
	}
	return zones, nil
}

func (tx *Tx) zoneNames() ([]string, error) {
	var names []string
	for _, fact := range []string{factZone, factFormerZones} {
		value, err := tx.db.Fact(fact)
		if errors.Is(err, press.ErrNotFound) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, strings.Fields(value)...)
	}
	return names, nil
}

// DatedIn reports whether days begin as they do in a zone.
func (tx *Tx) DatedIn(zone *time.Location) (bool, error) {
	names, err := tx.zoneNames()
	return len(names) > 0 && names[0] == zone.String(), err
}

// LeftFor is the zone in which days begin until [Tx.DateIn] makes them begin in another
// one; nil if they begin in that already, or articles were never dated in any.
func (tx *Tx) LeftFor(zone *time.Location) (*time.Location, error) {
	names, err := tx.zoneNames()
	if err != nil || len(names) == 0 || names[0] == zone.String() {
		return nil, err
	}
	zones, err := tx.Zones()
	if err != nil {
		return nil, err
	}
	return zones[0], nil
}

// dated gives a draft that is dated to the day the instant at which that day begins.
func (tx *Tx) dated(d press.Draft) (press.Draft, error) {
	if d.Precision != press.ToTheDay {
		return d, nil
	}
	zones, err := tx.Zones()
	if err == nil {
		d.Published, err = d.Local.StartIn(zones[0])
	}
	return d, err
}

// DateIn makes days begin as they do in a zone, that of the site: what is dated to the
// day stays under its day, in every list, when the site's zone changes. An embargo
// until a day ends when the day begins in the new zone; if that is over already, embargoes
// are held, for nobody has said that it is to end. A translation that would be public before
// its original by that goes along. It returns how many articles have moved.
func (tx *Tx) DateIn(zone *time.Location) (moved int, err error) {
	if err := tx.log.Lock(); err != nil {
		return 0, err
	}
	names, err := tx.zoneNames()
	if err != nil || len(names) > 0 && names[0] == zone.String() {
		return 0, err
	}
	for last := press.ArticleID(""); ; {
		batch, err := tx.daysAfter(last)
		if err != nil {
			return moved, err
		}
		for _, a := range batch {
			last = a.id
			ok, err := tx.moveDay(a, zone, len(names) == 0)
			if err != nil {
				return moved, fmt.Errorf("date article %s in %s: %w", a.id, zone, err)
			}
			if ok {
				moved++
			}
		}
		if len(batch) < daysBatch {
			break
		}
	}
	if moved > 0 {
		if err = tx.keepBehind(); err == nil {
			err = tx.IndexAgain()
		}
	}
	if err == nil {
		err = tx.db.SetFact(factZone, zone.String())
	}
	if err == nil && len(names) > 0 {
		err = tx.db.SetFact(factFormerZones, strings.Join(names, " "))
	}
	return moved, err
}

// ForeseeZone has days begin as they do in a zone for what is written in this transaction,
// which can no longer be committed, and moves no article.
func (tx *Tx) ForeseeZone(zone *time.Location) error {
	tx.db.Forfeit()
	return tx.db.SetFact(factZone, zone.String())
}

// dayDated is an article that is dated to the day.
type dayDated struct {
	id        press.ArticleID
	section   press.SectionID
	language  press.Language
	state     press.State
	published int64
	local     press.Local
}

// daysBatch is how many articles are read at once.
const daysBatch = 1000

func (tx *Tx) daysAfter(last press.ArticleID) ([]dayDated, error) {
	var batch []dayDated
	err := tx.db.Each(func(scan func(...any) error) error {
		var a dayDated
		err := scan(&a.id, &a.section, &a.language, &a.state, &a.published, &a.local)
		batch = append(batch, a)
		return err
	}, `SELECT id, section, language, state, published, local FROM articles
		WHERE precision_of_date = 'day' AND id > $1 ORDER BY id LIMIT $2`, last, daysBatch)
	if err != nil {
		return nil, fmt.Errorf("read what is dated to the day: %w", err)
	}
	return batch, nil
}

// moveDay lets an article's day begin as it does in a zone. The first zone that is known
// decides which day an instant was that can be read as two: see fill_days.go.
func (tx *Tx) moveDay(a dayDated, zone *time.Location, first bool) (moved bool, err error) {
	if was := kernel.Given(a.published).In(zone); first {
		day := press.LocalDay(was.Date())
		if start, err := day.StartIn(zone); err == nil && start.Equal(was) && day != a.local {
			return false, tx.db.Exec(`UPDATE articles SET local = $1 WHERE id = $2`, day, a.id)
		}
	}
	start, err := a.local.StartIn(zone)
	if err != nil || kernel.Micros(start) == a.published {
		return false, err
	}
	at := kernel.Micros(start)
	if a.state == press.Embargoed {
		if err := tx.holdEarly(a, start, zone); err != nil {
			return false, err
		}
	}
	// A draft under embargo has gone out under no date yet.
	err = tx.db.Exec(`UPDATE articles SET published = $1, stamp = CASE WHEN stamp = 0 AND state <> 'embargoed' THEN published ELSE stamp END
		WHERE id = $2`, at, a.id)
	if err == nil {
		err = tx.db.Exec(`UPDATE revisions SET updated = $1 WHERE article = $2 AND (updated = $3 OR updated < $1)`, at, a.id, a.published)
	}
	if err == nil {
		err = tx.db.Exec(`UPDATE tag_articles SET published = $1 WHERE article = $2`, at, a.id)
	}
	if err == nil && a.state == press.Published {
		err = tx.db.Exec(`UPDATE section_articles SET published = $1 WHERE language = $2 AND published = $3 AND article = $4
			AND section IN (SELECT ancestor FROM section_ancestors WHERE section = $5)`, at, a.language, a.published, a.id, a.section)
	}
	if err == nil {
		err = tx.removeFromIndex(a.id) // where it stands under its date
	}
	return true, err
}

// holdEarly holds embargoes if one of them that was not over is by the new zone.
func (tx *Tx) holdEarly(a dayDated, start time.Time, zone *time.Location) error {
	reason := tx.endsEarly(a, start, zone)
	held, err := tx.ClockHeld()
	if err != nil || reason == "" || held != "" {
		return err
	}
	return tx.HoldEmbargoes(reason)
}

// endsEarly is why embargoes are held if one that was not over is by the new zone.
func (tx *Tx) endsEarly(a dayDated, start time.Time, zone *time.Location) string {
	if now := tx.db.Now(); start.After(now) || !kernel.Given(a.published).After(now) {
		return ""
	}
	return fmt.Sprintf("the zone of the site was changed to %s, where %s has begun already, until which article %s is under embargo", zone, a.local, a.id)
}

// HoldsIn is why [Tx.DateIn] will hold embargoes when days begin as they do in a zone;
// nothing if it will not, or they are held already.
func (tx *Tx) HoldsIn(zone *time.Location) (string, error) {
	held, err := tx.ClockHeld()
	if err != nil || held != "" {
		return "", err
	}
	drafts, err := tx.Drafts()
	if err != nil {
		return "", err
	}
	slices.SortFunc(drafts, func(a, b press.Article) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, a := range drafts {
		if a.Precision != press.ToTheDay {
			continue
		}
		start, err := a.Local.StartIn(zone)
		if err != nil {
			return "", err
		}
		if reason := tx.endsEarly(dayDated{id: a.ID, published: kernel.Micros(a.Published), local: a.Local}, start, zone); reason != "" {
			return reason, nil
		}
	}
	return "", nil
}

// IndexAgain has the index take in what is missing from it, as it does with articles
// that are older than itself.
func (tx *Tx) IndexAgain() error {
	from := start()
	err := tx.db.Exec(`INSERT INTO search_backlog (id, published, article) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET published = excluded.published, article = excluded.article`, kernel.Micros(from.Published), from.ID)
	if err != nil {
		return fmt.Errorf("index again what has moved: %w", err)
	}
	return nil
}
