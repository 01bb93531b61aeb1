package people

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Act is something that takes one person or two.
type Act string

// The acts.
const (
	Release    Act = "release"    // to publish an article, or to correct it
	Withdrawal Act = "withdrawal" // of what is public
)

// Acts are all acts.
func Acts() []Act { return []Act{Release, Withdrawal} }

// NotAsked is that nothing is asked for.
const NotAsked = -1

// Rule is how many persons an act takes in a section and below it.
type Rule struct {
	Section press.SectionID // press.Root is everywhere
	Act     Act
	Persons int       // 0 is as many as above
	Since   time.Time // when it began to hold
	Asked   int       // how many somebody asks for, what a second person has to agree to; or [NotAsked]
	AskedBy string    // the id of who asks
	AskedAt time.Time
}

// Rules are all rules, by section and act.
func (tx *Tx) Rules() (all []Rule, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var r Rule
		var since, asked int64
		err := scan(&r.Section, &r.Act, &r.Persons, &since, &r.Asked, &r.AskedBy, &asked)
		r.Since, r.AskedAt = kernel.Instant(since), kernel.Instant(asked)
		all = append(all, r)
		return err
	}, `SELECT section, act, persons, since, asked, asked_by, asked_at FROM release_rules ORDER BY section, act`)
	if err != nil {
		return nil, fmt.Errorf("read how many persons it takes: %w", err)
	}
	return all, nil
}

// SetRule has a rule hold from now on; what was asked for in its place is asked for no longer.
func (tx *Tx) SetRule(section press.SectionID, act Act, persons int) error {
	err := tx.db.Exec(`INSERT INTO release_rules (section, act, persons, since, asked, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, '', 0)
		ON CONFLICT (section, act) DO UPDATE SET persons = excluded.persons, since = excluded.since, asked = excluded.asked, asked_by = '', asked_at = 0`,
		section, act, persons, kernel.Micros(tx.db.Now()), NotAsked)
	return ruleSet(err)
}

// AskForRule asks for a rule, to which a second person has to agree. With [NotAsked] it is asked
// for no longer.
func (tx *Tx) AskForRule(section press.SectionID, act Act, persons int, by string) error {
	err := tx.db.Exec(`INSERT INTO release_rules (section, act, persons, since, asked, asked_by, asked_at) VALUES ($1, $2, 0, $3, $4, $5, $3)
		ON CONFLICT (section, act) DO UPDATE SET asked = excluded.asked, asked_by = excluded.asked_by, asked_at = excluded.asked_at`,
		section, act, kernel.Micros(tx.db.Now()), persons, by)
	return ruleSet(err)
}

func ruleSet(err error) error {
	if err != nil {
		return fmt.Errorf("set how many persons it takes: %w", err)
	}
	return nil
}
