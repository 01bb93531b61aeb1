package postgres

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"communique/storage/internal/textindex"
	"communique/storage/terms"
)

// A tsvector keeps at most 255 places of a word, none above 16,383, and is at most
// 1 MiB long (§12.11 of PostgreSQL's documentation). In pieces no text meets any of
// these bounds, and none is refused for its length. Each piece begins in the one
// before, so that a phrase stands whole in one of them.
const (
	pieceTerms   = 250
	piecesShare  = 50
	longestTerm  = 1000 // in bytes; a tsvector takes 2046
	phraseParts  = piecesShare + 1
	betweenParts = phraseParts / 2
)

// textIndex are tables with a row for each piece of a field.
var textIndex = textindex.Engine{
	Add: add,
	Remove: func(in textindex.Index, id int64, _ textindex.Fields) []textindex.Statement {
		return []textindex.Statement{{SQL: `DELETE FROM ` + in.Terms + ` WHERE document = $1`, Args: []any{id}}}
	},
	Find: find,
}

func add(in textindex.Index, id int64, f textindex.Fields) []textindex.Statement {
	var all []textindex.Statement
	for _, field := range []struct{ name, terms string }{
		{"title", f.Title}, {"lead", f.Lead}, {"tags", f.Tags}, {"body", f.Body}, {"filed", f.Filed},
	} {
		for i, piece := range pieces(strings.Fields(field.terms)) {
			all = append(all, textindex.Statement{
				SQL: `INSERT INTO ` + in.Terms + ` (document, field, piece, terms)
					VALUES ($1, $2, $3, CAST(CAST($4 AS TEXT) AS TSVECTOR))`,
				Args: []any{id, field.name, i, vector(piece)},
			})
		}
	}
	return all
}

func pieces(words []string) [][]string {
	var all [][]string
	for len(words) > pieceTerms {
		all = append(all, words[:pieceTerms])
		words = words[pieceTerms-piecesShare:]
	}
	if len(words) > 0 {
		all = append(all, words)
	}
	return all
}

// vector writes a piece as a tsvector. Terms have neither spaces nor quotation
// marks nor backslashes in them.
func vector(piece []string) string {
	var b strings.Builder
	for i, term := range piece {
		fmt.Fprintf(&b, "'%s':%d ", short(term), i+1)
	}
	return b.String()
}

// short cuts a term that is too long at a letter.
func short(term string) string {
	if len(term) <= longestTerm {
		return term
	}
	end := longestTerm
	for !utf8.RuneStart(term[end]) {
		end--
	}
	return term[:end]
}

// condition collects the parts of a query and their arguments.
type condition struct {
	terms string // the table
	args  []any
}

// says is SQL for: one of a document's fields says this.
func (c *condition) says(fields []string, query string) string {
	c.args = append(c.args, query)
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM %s t WHERE t.document = d.id AND t.field IN ('%s')
		AND t.terms @@ CAST(CAST($%d AS TEXT) AS TSQUERY))`, c.terms, strings.Join(fields, "', '"), len(c.args))
}

// all is SQL for: these fields say every phrase between them.
func (c *condition) all(fields []string, phrases []terms.Phrase) string {
	var each []string
	for _, p := range phrases {
		for _, part := range parts(p) {
			each = append(each, c.says(fields, part))
		}
	}
	return strings.Join(each, " AND ")
}

// parts writes a phrase as tsqueries. One that is longer than what pieces share is
// found by parts of it, each of which reaches into the next.
func parts(p terms.Phrase) []string {
	var all []string
	for rest := p.Terms; ; rest = rest[betweenParts:] {
		if len(rest) <= phraseParts {
			return append(all, phrase(rest, p.Prefix))
		}
		all = append(all, phrase(rest[:phraseParts], false))
	}
}

func phrase(words []string, prefix bool) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + short(w) + "'"
	}
	if prefix {
		quoted[len(quoted)-1] += ":*"
	}
	return strings.Join(quoted, " <-> ")
}

func find(in textindex.Index, m textindex.Match, from, below int64, limit int) textindex.Statement {
	c := &condition{terms: in.Terms, args: []any{from, below}}
	where := []string{"d.id >= $1", "d.id < $2", c.all(m.Fields, m.Query.Must)}
	for _, group := range m.Filed {
		where = append(where, c.says([]string{"filed"}, "'"+strings.Join(group, "' | '")+"'"))
	}
	for _, p := range m.Query.Not {
		where = append(where, "NOT ("+c.all(textindex.Text, []terms.Phrase{p})+")")
	}
	if len(m.Without) > 0 {
		where = append(where, "NOT ("+c.all(m.Without, m.Query.Must)+")")
	}
	c.args = append(c.args, limit)
	return textindex.Statement{
		SQL: fmt.Sprintf(`SELECT d.id FROM %s d WHERE %s ORDER BY d.id DESC LIMIT $%d`,
			in.Documents, strings.Join(where, " AND "), len(c.args)),
		Args: c.args,
	}
}
