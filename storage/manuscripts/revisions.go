package manuscripts

import (
	"encoding/json"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// RevisionOf reads a revision of a manuscript; press.ErrNotFound if there is none.
func (tx *Tx) RevisionOf(id string, number int) (Revision, error) {
	r, err := scanRevision(tx.db.Row(`SELECT number, at, by_person, document, how FROM manuscript_revisions WHERE manuscript = $1 AND number = $2`, id, number).Scan)
	if err != nil {
		return r, fmt.Errorf("read a revision: %w", kernel.NotFound(err, "manuscript %s has no revision %d", id, number))
	}
	return r, nil
}

// RevisionsOf reads the revisions of a manuscript, the last first, without their documents.
func (tx *Tx) RevisionsOf(id string) (all []Revision, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		r, err := scanRevision(scan)
		all = append(all, r)
		return err
	}, `SELECT number, at, by_person, '', how FROM manuscript_revisions WHERE manuscript = $1 ORDER BY number DESC`, id)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	return all, nil
}

func scanRevision(scan func(...any) error) (r Revision, err error) {
	var at int64
	var how string
	if err := scan(&r.Number, &at, &r.By, &r.Document, &how); err != nil {
		return r, err
	}
	r.At = kernel.Instant(at)
	if err := json.Unmarshal([]byte(how), &r.How); err != nil {
		return r, fmt.Errorf("read how it is filed: %w", err)
	}
	return r, nil
}

// WritersOf are the people who wrote a revision of a manuscript, each once.
func (tx *Tx) WritersOf(id string) ([]string, error) {
	of, err := tx.WritersOfEach([]string{id})
	return of[id], err
}

// WritersOfEach is [Tx.WritersOf] of several manuscripts, by their numbers.
func (tx *Tx) WritersOfEach(ids []string) (map[string][]string, error) {
	writers := make(map[string][]string, len(ids))
	if len(ids) == 0 {
		return writers, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id, person string
		err := scan(&id, &person)
		writers[id] = append(writers[id], person)
		return err
	}, `SELECT DISTINCT manuscript, by_person FROM manuscript_revisions WHERE manuscript IN (`+kernel.Numbered(1, len(ids))+`) ORDER BY manuscript, by_person`, kernel.Args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read who wrote manuscripts: %w", err)
	}
	return writers, nil
}

// ApproveManuscript notes that somebody has agreed to what goes out by a revision.
func (tx *Tx) ApproveManuscript(id string, a Approval) error {
	err := tx.db.Exec(`INSERT INTO approvals (manuscript, revision, by_person, at, digest, reason) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (manuscript, revision, by_person) DO UPDATE SET at = excluded.at, digest = excluded.digest, reason = excluded.reason`,
		id, a.Revision, a.By, kernel.Micros(tx.db.Now()), a.Digest, a.Reason)
	if err != nil {
		return fmt.Errorf("approve manuscript %s: %w", id, err)
	}
	return nil
}

// ApprovalsOf reads the approvals of a manuscript, the last first.
func (tx *Tx) ApprovalsOf(id string) (all []Approval, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var a Approval
		var at int64
		err := scan(&a.Revision, &a.By, &at, &a.Digest, &a.Reason)
		a.At = kernel.Instant(at)
		all = append(all, a)
		return err
	}, `SELECT revision, by_person, at, digest, reason FROM approvals WHERE manuscript = $1 ORDER BY at DESC, revision DESC, by_person`, id)
	if err != nil {
		return nil, fmt.Errorf("read approvals: %w", err)
	}
	return all, nil
}

// MaxRemark bounds a remark, in characters.
const MaxRemark = press.MaxLead

// AddRemark adds a remark to a manuscript.
func (tx *Tx) AddRemark(id string, r Remark) error {
	if err := press.CheckText("remark", r.Text, MaxRemark); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO remarks (manuscript, number, at, by_person, text)
		SELECT $1, COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), $3, $4 FROM remarks WHERE manuscript = $1`,
		id, kernel.Micros(tx.db.Now()), r.By, r.Text)
	if err != nil {
		return fmt.Errorf("remark on manuscript %s: %w", id, err)
	}
	return nil
}

// RemarksOn reads the remarks on a manuscript, in their order.
func (tx *Tx) RemarksOn(id string) (all []Remark, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var r Remark
		var at int64
		err := scan(&at, &r.By, &r.Text)
		r.At = kernel.Instant(at)
		all = append(all, r)
		return err
	}, `SELECT at, by_person, text FROM remarks WHERE manuscript = $1 ORDER BY number`, id)
	if err != nil {
		return nil, fmt.Errorf("read remarks: %w", err)
	}
	return all, nil
}
