package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Feature is the permission for a collection of accounts on another server to list one
// of our actors.
type Feature struct {
	Token      string // unguessable, names the permission in its URL
	Source     string // the actor of ours
	Collection string // the collection's id
	Actor      string // who keeps the collection
	Inbox      string // of the actor
	Granted    time.Time
}

// maxFeaturesOfActor is how many collections of one account may list actors of ours,
// and maxFeatures how many of all.
const (
	maxFeaturesOfActor = 100
	maxFeatures        = 20_000
)

// GrantFeature lets a collection list an actor of ours. Asked again it returns the
// permission that there is. Beyond the number that is kept, for another account's
// collection and once it was taken back it returns press.ErrConflict.
func (tx *Tx) GrantFeature(f Feature) (Feature, error) {
	if err := tx.log.Lock(); err != nil {
		return f, err
	}
	var keeper string
	var revoked int64
	err := tx.db.Row(`SELECT token, actor, revoked FROM features WHERE source = $1 AND collection = $2`, f.Source, f.Collection).
		Scan(&f.Token, &keeper, &revoked)
	switch {
	case err == nil && (keeper != f.Actor || revoked != 0):
		return f, fmt.Errorf("%w: %s may not list %s", press.ErrConflict, f.Collection, f.Source)
	case err == nil:
		return f, nil
	case !errors.Is(err, sql.ErrNoRows):
		return f, fmt.Errorf("look whether %s lists %s: %w", f.Collection, f.Source, err)
	}
	var own, all int
	err = tx.db.Row(`SELECT (SELECT COUNT(*) FROM features WHERE actor = $1), (SELECT COUNT(*) FROM features)`, f.Actor).Scan(&own, &all)
	if err != nil {
		return f, fmt.Errorf("count what lists our actors: %w", err)
	}
	if own >= maxFeaturesOfActor || all >= maxFeatures {
		return f, fmt.Errorf("%w: %d collections of %s list our actors, and %d in all", press.ErrConflict, own, f.Actor, all)
	}
	f.Token, f.Granted = press.RandomToken(), tx.db.Now()
	err = tx.db.Exec(`INSERT INTO features (token, source, collection, actor, inbox, granted) VALUES ($1, $2, $3, $4, $5, $6)`,
		f.Token, f.Source, f.Collection, f.Actor, f.Inbox, kernel.Micros(f.Granted))
	if err != nil {
		return f, fmt.Errorf("let %s list %s: %w", f.Collection, f.Source, err)
	}
	return f, nil
}

const featureColumns = `token, source, collection, actor, inbox, granted`

func scanFeature(scan func(...any) error) (Feature, error) {
	var f Feature
	var granted int64
	err := scan(&f.Token, &f.Source, &f.Collection, &f.Actor, &f.Inbox, &granted)
	f.Granted = kernel.Instant(granted)
	return f, err
}

// Feature reads a permission; press.ErrNotFound if there is none, or none any more.
func (tx *Tx) Feature(token string) (Feature, error) {
	f, err := scanFeature(tx.db.Row(`SELECT `+featureColumns+` FROM features WHERE token = $1 AND revoked = 0`, token).Scan)
	if err != nil {
		return f, fmt.Errorf("read what may list us: %w", kernel.NotFound(err, "no collection has the permission %s", token))
	}
	return f, nil
}

// Features reads up to limit permissions in the order of their tokens, after one.
func (tx *Tx) Features(after string, limit int) ([]Feature, error) {
	var all []Feature
	err := tx.db.Each(func(scan func(...any) error) error {
		f, err := scanFeature(scan)
		all = append(all, f)
		return err
	}, `SELECT `+featureColumns+` FROM features WHERE token > $1 AND revoked = 0 ORDER BY token LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read what lists our actors: %w", err)
	}
	return all, nil
}

// revokeFeaturesOf takes all permissions of an account back for good.
func (tx *Tx) revokeFeaturesOf(actor string) ([]Feature, error) {
	var all []Feature
	err := tx.db.Each(func(scan func(...any) error) error {
		f, err := scanFeature(scan)
		all = append(all, f)
		return err
	}, `UPDATE features SET revoked = $1 WHERE actor = $2 AND revoked = 0 RETURNING `+featureColumns, kernel.Micros(tx.db.Now()), actor)
	if err != nil {
		return nil, fmt.Errorf("take back what %s may list: %w", actor, err)
	}
	return all, nil
}

// RevokeFeature takes a permission back for good.
func (tx *Tx) RevokeFeature(token string) (Feature, error) {
	if err := tx.log.Lock(); err != nil {
		return Feature{}, err
	}
	f, err := tx.Feature(token)
	if err != nil {
		return f, err
	}
	if err := tx.db.Exec(`UPDATE features SET revoked = $1 WHERE token = $2`, kernel.Micros(tx.db.Now()), token); err != nil {
		return f, fmt.Errorf("take back what %s may list: %w", f.Collection, err)
	}
	return f, nil
}
