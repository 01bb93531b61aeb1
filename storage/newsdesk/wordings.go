package newsdesk

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"communique/storage/fingerprint"
	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Wording is what an article says in one of its revisions.
type Wording struct {
	Article  press.ArticleID
	Revision int
	// KeptBack is whether it is not for readers, now or any more: the article is under
	// embargo or was withdrawn, or a correction has hidden this wording of it.
	KeptBack bool
}

// isKeptBack tells it in SQL, of an article a and its revision r.
const isKeptBack = `(a.state IN ('embargoed', 'withdrawn') OR r.hidden = 1)`

// mostWordings bounds what is compared of wordings that have numbers in common.
const mostWordings = 100

// WithDigest reads the wordings that have one of two digests, those that are kept back
// before the others, and then the newest first.
func (tx *Tx) WithDigest(digests ...int64) ([]Wording, error) {
	return tx.wordings(withDigest, pair(digests)...)
}

// KeptBackWithDigest is [Tx.WithDigest] of what is kept back alone.
func (tx *Tx) KeptBackWithDigest(digests ...int64) ([]Wording, error) {
	return tx.wordings(keptBackWithDigest, pair(digests)...)
}

const (
	withDigest = `SELECT f.article, f.revision, CASE WHEN ` + isKeptBack + ` THEN 1 ELSE 0 END AS kept ` + ofDigests + `
		ORDER BY kept DESC, a.published DESC, a.id DESC, f.revision DESC LIMIT $3`
	keptBackWithDigest = `SELECT f.article, f.revision, 1 ` + ofDigests + ` AND ` + isKeptBack + `
		ORDER BY a.published DESC, a.id DESC, f.revision DESC LIMIT $3`
	ofDigests = `FROM fingerprints f JOIN articles a ON a.id = f.article
		JOIN revisions r ON r.article = f.article AND r.number = f.revision WHERE f.digest IN ($1, $2)`
)

// pair makes arguments of one digest or two.
func pair(digests []int64) []any {
	if len(digests) == 0 {
		return nil
	}
	return []any{digests[0], digests[len(digests)-1], mostWordings}
}

// mostNear bounds how many are compared that have shingles in common.
const mostNear = 50

// NearlyKeptBack reads the wordings that are kept back and have shingles in common with a
// text, those with most of them first.
func (tx *Tx) NearlyKeptBack(shingles []int64) ([]Wording, error) {
	return tx.near(shingles, true)
}

// NearlyReplaced is [Tx.NearlyKeptBack] of the wordings of public articles that a correction
// with a note has replaced, and that readers may still look up.
func (tx *Tx) NearlyReplaced(shingles []int64) ([]Wording, error) {
	return tx.near(shingles, false)
}

func (tx *Tx) near(shingles []int64, keptBack bool) ([]Wording, error) {
	common := map[Wording]int{}
	for some := range slices.Chunk(shingles, shinglesAtOnce) {
		args := make([]any, shinglesAtOnce)
		for i := range args {
			args[i] = some[min(i, len(some)-1)]
		}
		err := tx.db.Each(func(scan func(...any) error) error {
			var w Wording
			var n, kept int
			err := scan(&w.Article, &w.Revision, &n, &kept)
			if w.KeptBack = kept != 0; w.KeptBack == keptBack {
				common[w] += n
			}
			return err
		}, nearlySaid, args...)
		if err != nil {
			return nil, fmt.Errorf("look for what says nearly the same: %w", err)
		}
	}
	all := slices.SortedFunc(maps.Keys(common), func(a, b Wording) int {
		return cmp.Or(common[b]-common[a], strings.Compare(string(a.Article), string(b.Article)), a.Revision-b.Revision)
	})
	return all[:min(len(all), mostNear)], nil
}

const shinglesAtOnce = 50

var nearlySaid = fmt.Sprintf(`SELECT s.article, s.revision, s.common, CASE WHEN `+isKeptBack+` THEN 1 ELSE 0 END
	FROM (SELECT article, revision, COUNT(*) AS common FROM shingles WHERE shingle IN (%s) GROUP BY article, revision) s
	JOIN articles a ON a.id = s.article JOIN revisions r ON r.article = s.article AND r.number = s.revision`,
	kernel.Numbered(1, shinglesAtOnce))

// wordings runs a query; of a text without numbers there is nothing to ask.
func (tx *Tx) wordings(query string, args ...any) (all []Wording, err error) {
	if len(args) == 0 {
		return nil, nil
	}
	err = tx.db.Each(func(scan func(...any) error) error {
		var w Wording
		var kept int64
		err := scan(&w.Article, &w.Revision, &kept)
		w.KeptBack = kept != 0
		all = append(all, w)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("look for what says the same: %w", err)
	}
	return all, nil
}

// insertFingerprints keeps the digests of what a revision says.
func (tx *Tx) insertFingerprints(a press.Article) error {
	w := fingerprint.OfArticle(a)
	return tx.insertNumbers(`INSERT INTO fingerprints (digest, article, revision) VALUES `, a, append(w.Titled(), w.Text()...))
}

// insertShingles keeps those of a revision that is not for readers, or was replaced with a
// note.
func (tx *Tx) insertShingles(a press.Article) error {
	return tx.insertNumbers(`INSERT INTO shingles (shingle, article, revision) VALUES `, a, fingerprint.OfArticle(a).Shingles())
}

// insertShinglesUntil keeps those of all that an article has said until a revision.
func (tx *Tx) insertShinglesUntil(id press.ArticleID, revision int) error {
	said, err := tx.articles(`SELECT `+articleColumns+` FROM revisions r JOIN articles a ON a.id = r.article WHERE r.article = $1 AND r.number <= $2`, id, revision)
	for _, a := range said {
		if err == nil {
			err = tx.insertShingles(a)
		}
	}
	return err
}

// insertNumbers stores the numbers of a revision, a thousand in a statement.
func (tx *Tx) insertNumbers(statement string, a press.Article, numbers []int64) error {
	const most = 1000
	for some := range slices.Chunk(numbers, most) {
		var rows []string
		var args []any
		for i, n := range some {
			rows = append(rows, "("+kernel.Numbered(3*i+1, 3)+")")
			args = append(args, n, a.ID, a.Revision)
		}
		if err := tx.db.Exec(statement+strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING`, args...); err != nil {
			return fmt.Errorf("keep the fingerprints of article %s: %w", a.ID, err)
		}
	}
	return nil
}

// dropFingerprints forgets what an article says and has said.
func (tx *Tx) dropFingerprints(id press.ArticleID) error {
	if err := tx.db.Exec(`DELETE FROM fingerprints WHERE article = $1`, id); err != nil {
		return fmt.Errorf("forget the fingerprints of article %s: %w", id, err)
	}
	return tx.dropShingles(id)
}

const dropShingles = `DELETE FROM shingles WHERE article = $1`

func (tx *Tx) dropShingles(id press.ArticleID) error {
	if err := tx.db.Exec(dropShingles, id); err != nil {
		return fmt.Errorf("forget the shingles of article %s: %w", id, err)
	}
	return nil
}
