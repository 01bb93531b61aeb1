package newsroom

import (
	"cmp"
	"slices"

	"communique/storage"
	"communique/storage/audit"
	"communique/storage/press"
)

// Story are up to limit lines of the audit about an article and about the manuscripts of it
// that the desk's person may read, the newest first: who wrote it is told there, and not only
// who let it out.
func (d Desk) Story(tx *storage.Tx, id press.ArticleID, limit int) (lines []audit.Line, err error) {
	if lines, err = tx.AuditOf(string(id), limit); err != nil {
		return nil, err
	}
	all, err := tx.ManuscriptsOf(id)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		reads, err := d.reads(tx, m)
		if err != nil {
			return nil, err
		}
		if !reads {
			continue
		}
		about, err := tx.AuditOf(m.ID, limit)
		if err != nil {
			return nil, err
		}
		lines = append(lines, about...)
	}
	slices.SortFunc(lines, func(a, b audit.Line) int { return cmp.Compare(b.Seq, a.Seq) })
	lines = lines[:min(limit, len(lines))]
	return lines, tx.Explain(lines)
}
