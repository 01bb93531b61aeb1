package sqlite

import (
	"strings"

	"communique/storage/newsdesk"
	"communique/storage/terms"
)

// textIndex is the table search_terms of FTS5. It reads the lists of documents
// from the highest id down and stops when it has enough, so that a word that
// stands everywhere costs no more than a rare one.
var textIndex = newsdesk.TextIndex{
	Add: func(id int64, f newsdesk.Fields) []newsdesk.Statement {
		return []newsdesk.Statement{{
			SQL:  `INSERT INTO search_terms (rowid, title, lead, tags, body, filed) VALUES ($1, $2, $3, $4, $5, $6)`,
			Args: []any{id, f.Title, f.Lead, f.Tags, f.Body, f.Filed},
		}}
	},
	Remove: `DELETE FROM search_terms WHERE rowid = $1`,
	Find: func(m newsdesk.TextMatch, from, below int64, limit int) newsdesk.Statement {
		return newsdesk.Statement{
			SQL: `SELECT rowid FROM search_terms WHERE search_terms MATCH $1 AND rowid >= $2 AND rowid < $3
				ORDER BY rowid DESC LIMIT $4`,
			Args: []any{match(m), from, below, limit},
		}
	},
}

// match writes a condition as an FTS5 expression. Terms have neither spaces nor
// quotation marks in them, so nothing that anybody types is syntax here.
func match(m newsdesk.TextMatch) string {
	all := []string{in(m.Fields, allOf(m.Query.Must))}
	for _, group := range m.Filed {
		all = append(all, in([]string{"filed"}, `"`+strings.Join(group, `" OR "`)+`"`))
	}
	expression := strings.Join(all, " AND ")
	if len(m.Query.Not) > 0 {
		expression = "(" + expression + ") NOT " + in(newsdesk.TextFields, anyOf(m.Query.Not))
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
