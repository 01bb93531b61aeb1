package sqlite

import (
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/terms"
)

// textIndex are tables of FTS5. It reads the lists of documents
// from the highest id down and stops when it has enough, so that a word that
// stands everywhere costs no more than a rare one. None keeps the texts themselves; one that
// erases ('secure-delete', §6.7.4) takes the terms of what is removed out of its pages, and has
// to be told them.
var textIndex = textindex.Engine{
	Add: func(index textindex.Index, id int64, f textindex.Fields) []textindex.Statement {
		return []textindex.Statement{{
			SQL:  `INSERT INTO ` + index.Terms + ` (rowid, title, lead, tags, body, filed) VALUES ($1, $2, $3, $4, $5, $6)`,
			Args: []any{id, f.Title, f.Lead, f.Tags, f.Body, f.Filed},
		}}
	},
	Remove: func(index textindex.Index, id int64, f textindex.Fields) []textindex.Statement {
		if !index.Erases {
			return []textindex.Statement{{SQL: `DELETE FROM ` + index.Terms + ` WHERE rowid = $1`, Args: []any{id}}}
		}
		return []textindex.Statement{{
			SQL:  `INSERT INTO ` + index.Terms + ` (` + index.Terms + `, rowid, title, lead, tags, body, filed) VALUES ('delete', $1, $2, $3, $4, $5, $6)`,
			Args: []any{id, f.Title, f.Lead, f.Tags, f.Body, f.Filed},
		}}
	},
	Find: func(index textindex.Index, m textindex.Match, from, below int64, limit int) textindex.Statement {
		return textindex.Statement{
			SQL: `SELECT rowid FROM ` + index.Terms + ` WHERE ` + index.Terms + ` MATCH $1 AND rowid >= $2 AND rowid < $3
				ORDER BY rowid DESC LIMIT $4`,
			Args: []any{match(m), from, below, limit},
		}
	},
	Merge: merge,
}

// mergedPages is how many pages are written in a go, so that others who write wait for some
// milliseconds only.
const mergedPages = 200

// merge is the command of FTS5 (§6.7), which takes two segments of a size together ('usermerge'), so
// that there are as many as sizes. Fewer than two changes are none (§6.7 again).
func merge(db *kernel.Tx, in textindex.Index) (did bool, err error) {
	var before, after int64
	err = db.Row(`SELECT total_changes()`).Scan(&before)
	if err == nil {
		err = db.Exec(`INSERT INTO `+in.Terms+` (`+in.Terms+`, rank) VALUES ('merge', $1)`, mergedPages)
	}
	if err == nil {
		err = db.Row(`SELECT total_changes()`).Scan(&after)
	}
	return after-before >= 2, err
}

// match writes a condition as an FTS5 expression. Terms have neither spaces nor
// quotation marks in them, so nothing that anybody types is syntax here.
func match(m textindex.Match) string {
	all := []string{in(m.Fields, allOf(m.Query.Must))}
	for _, group := range m.Filed {
		all = append(all, in([]string{"filed"}, `"`+strings.Join(group, `" OR "`)+`"`))
	}
	expression := strings.Join(all, " AND ")
	if len(m.Query.Not) > 0 {
		expression = "(" + expression + ") NOT " + in(textindex.Text, anyOf(m.Query.Not))
	}
	if len(m.Without) > 0 {
		expression = "(" + expression + ") NOT " + in(m.Without, allOf(m.Query.Must))
	}
	return expression
}

func in(fields []string, expression string) string {
	return "{" + strings.Join(fields, " ") + "} : (" + expression + ")"
}

func allOf(phrases []terms.Phrase) string { return join(phrases, " AND ") }
func anyOf(phrases []terms.Phrase) string { return join(phrases, " OR ") }

func join(phrases []terms.Phrase, operator string) string {
	parts := make([]string, len(phrases))
	for i, p := range phrases {
		parts[i] = `"` + strings.Join(p.Terms, " ") + `"`
		if p.Prefix {
			parts[i] += " *"
		}
	}
	return strings.Join(parts, operator)
}
