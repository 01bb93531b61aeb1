package deliveries

import (
	"fmt"
	"strconv"
	"strings"

	"communique/storage/press"
	"communique/storage/publog"
)

// Servers counts servers, each once: by what they lack of several entries.
type Servers struct {
	All     int // that at least one of the entries is for
	Reached int // that have all that is for them
	Behind  int // that lack one, and will be told of it
	Refused int // that have refused one, and are behind with none
	Gone    int // that lack one and are gone
}

// ServersOf counts the servers that entries of articles are for, over all actors: one with
// followers of several actors, or with several of the articles, is one server.
func (tx *Tx) ServersOf(entries []press.Seq) (s Servers, err error) {
	if len(entries) == 0 {
		return s, nil
	}
	numbers := make([]string, 0, len(entries))
	for _, seq := range entries {
		numbers = append(numbers, strconv.FormatInt(int64(seq), 10))
	}
	const of = `SELECT d.host AS host, CASE WHEN EXISTS (SELECT 1 FROM refusals r JOIN entries later ON later.seq = r.seq
				WHERE r.destination = d.id AND later.article = e.article AND r.seq >= e.seq) THEN 2
			WHEN d.cursor >= e.seq THEN 0 WHEN d.state = $1 THEN 1 ELSE 3 END AS lacks
		FROM entries e JOIN destinations d ON d.kind = $2
			AND (d.source IN (SELECT source FROM heads WHERE kind = $3) OR d.source IN (SELECT source FROM announced WHERE article = e.article))
		WHERE e.silent = 0 AND (e.pushed < e.seq AND d.holds > 0 AND e.pushed <= d.holds AND d.held_from < e.seq
			OR EXISTS (SELECT 1 FROM spans s WHERE s.destination = d.id AND e.pushed > 0 AND s.from_seq < e.pushed AND (s.to_seq IS NULL OR e.pushed <= s.to_seq)))
			AND e.seq IN (`
	err = tx.db.Row(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN lacks = 0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN lacks = 3 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN lacks = 2 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN lacks = 1 THEN 1 ELSE 0 END), 0)
		FROM (SELECT host, MAX(lacks) AS lacks FROM (`+of+strings.Join(numbers, ",")+`)) each_entry GROUP BY host) counted`,
		StateGone, Inbox, publog.Author).Scan(&s.All, &s.Reached, &s.Behind, &s.Refused, &s.Gone)
	if err != nil {
		return s, fmt.Errorf("count the servers of %d entries: %w", len(entries), err)
	}
	return s, nil
}
