package manuscripts

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/press"
)

// Tx is the manuscripts in a transaction.
type Tx struct {
	db     *kernel.Tx
	engine *textindex.Engine
}

// New is the manuscripts in a transaction; engine is its way to find terms.
func New(db *kernel.Tx, engine *textindex.Engine) *Tx { return &Tx{db, engine} }

// MaxNamed is how many people may be named for a manuscript.
const MaxNamed = 50

// AddManuscript begins a manuscript with its first revision. An article that is there has at
// most one that is pending: another is press.ErrConflict.
func (tx *Tx) AddManuscript(m Manuscript, r Revision) (Manuscript, error) {
	if m.Article != "" {
		open, err := tx.db.Any(`SELECT 1 FROM manuscripts WHERE article = $1 AND state IN `+inPending, m.Article)
		if err != nil {
			return m, fmt.Errorf("look for manuscripts of article %s: %w", m.Article, err)
		}
		if open {
			return m, fmt.Errorf("%w: article %s has a proposed correction or withdrawal already: go on with that one", press.ErrConflict, m.Article)
		}
	}
	if err := checkNamed(m.Named); err != nil {
		return m, err
	}
	if err := press.CheckText("title", m.Title, press.MaxTitle); err != nil {
		return m, err
	}
	m.ID, m.State, m.Revision, m.Created, m.Changed = press.RandomToken(), Draft, 1, tx.db.Now(), tx.db.Now()
	err := tx.db.Exec(`INSERT INTO manuscripts (`+manuscriptColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		m.ID, m.Kind, m.State, m.Article, m.Section, m.Language, m.Title, m.ArticleKind, m.Translates, kernel.List(m.Lacks), kernel.Micros(m.Instant), kernel.Micros(m.Created), kernel.Micros(m.Changed),
		m.By, m.Assigned, kernel.List(m.Named), m.Revision, m.Set, kernel.Number(m.Together), m.Local)
	if err != nil {
		return m, fmt.Errorf("begin a manuscript: %w", err)
	}
	r.Number = 1
	if err := tx.insertRevision(m.ID, r); err != nil {
		return m, err
	}
	return m, tx.setWords(m.ID, m.Title, r.Words)
}

func (tx *Tx) insertRevision(id string, r Revision) error {
	if len(r.Document) > press.MaxBody*3 {
		return fmt.Errorf("%w document: larger than %d MiB", press.ErrInvalid, press.MaxBody*3>>20)
	}
	how, err := json.Marshal(r.How)
	if err != nil {
		return fmt.Errorf("encode how a manuscript is filed: %w", err)
	}
	if r.Document == nil {
		r.Document = []byte{}
	}
	err = tx.db.Exec(`INSERT INTO manuscript_revisions (manuscript, number, at, by_person, document, how) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, r.Number, kernel.Micros(tx.db.Now()), r.By, r.Document, string(how))
	if err != nil {
		return fmt.Errorf("store revision %d of manuscript %s: %w", r.Number, id, err)
	}
	return nil
}

const manuscriptColumns = `id, kind, state, article, section, language, title, article_kind, translates, lacks, instant, created, changed, by_person, assigned, named, revision, language_set, together, local`

// The states of [State.Open] and of [State.Pending].
const (
	inOpen    = `('draft', 'in review', 'ready')`
	inPending = `('draft', 'in review', 'ready', 'approved')`
)

func scanManuscript(scan func(...any) error) (m Manuscript, err error) {
	var instant, created, changed, together int64
	var named, lacks string
	err = scan(&m.ID, &m.Kind, &m.State, &m.Article, &m.Section, &m.Language, &m.Title, &m.ArticleKind, &m.Translates, &lacks, &instant, &created, &changed, &m.By, &m.Assigned, &named, &m.Revision, &m.Set, &together, &m.Local)
	if err != nil {
		return m, err
	}
	m.Together = together != 0
	m.Instant, m.Created, m.Changed = kernel.Instant(instant), kernel.Instant(created), kernel.Instant(changed)
	if err := kernel.Unlist(lacks, &m.Lacks); err != nil {
		return m, err
	}
	return m, kernel.Unlist(named, &m.Named)
}

// Manuscript reads one; press.ErrNotFound if there is none.
func (tx *Tx) Manuscript(id string) (Manuscript, error) {
	m, err := scanManuscript(tx.db.Row(`SELECT `+manuscriptColumns+` FROM manuscripts WHERE id = $1`, id).Scan)
	if err != nil {
		return m, fmt.Errorf("read a manuscript: %w", kernel.NotFound(err, "there is no manuscript %s", id))
	}
	return m, nil
}

// ManuscriptOf is the one that is pending of an article; press.ErrNotFound if none is.
func (tx *Tx) ManuscriptOf(article press.ArticleID) (Manuscript, error) {
	m, err := scanManuscript(tx.db.Row(`SELECT `+manuscriptColumns+` FROM manuscripts WHERE article = $1 AND state IN `+inPending, article).Scan)
	if err != nil {
		return m, fmt.Errorf("read the manuscript of an article: %w", kernel.NotFound(err, "article %s has none that is pending", article))
	}
	return m, nil
}

// ReleasedAt is the manuscript that was released as an article, or a correction of it, at an
// instant; press.ErrNotFound if none was.
func (tx *Tx) ReleasedAt(article press.ArticleID, at time.Time) (Manuscript, error) {
	m, err := scanManuscript(tx.db.Row(`SELECT `+manuscriptColumns+` FROM manuscripts WHERE article = $1 AND state = $2 AND changed = $3`, article, Released, kernel.Micros(at)).Scan)
	if err != nil {
		return m, fmt.Errorf("read the manuscript of a release: %w", kernel.NotFound(err, "article %s was released by none then", article))
	}
	return m, nil
}

// ManuscriptsPlanned are those that are approved and whose instant is not after one, the first
// to be carried out first, up to limit.
func (tx *Tx) ManuscriptsPlanned(until time.Time, limit int) ([]Manuscript, error) {
	return tx.manuscripts(`instant <= $1`, `instant, id LIMIT $2`, []any{kernel.Micros(until), limit}, []State{Approved})
}

// LocalManuscripts are up to limit manuscripts that something can still become of, whose instant lies
// ahead and was written without a zone, the first one first.
func (tx *Tx) LocalManuscripts(limit int) ([]Manuscript, error) {
	return tx.manuscripts(`local <> '' AND instant <> 0 AND instant > created AND instant > $1`, `instant, id LIMIT $2`, []any{kernel.Micros(tx.db.Now()), limit}, pending())
}

// AssignedTo are the manuscripts that are assigned to somebody and open, the last changed first.
func (tx *Tx) AssignedTo(person string) ([]Manuscript, error) {
	return tx.manuscripts(`assigned = $1`, `changed DESC, id LIMIT 1000`, []any{person}, OpenStates())
}

// manuscripts reads those for which a condition holds, in an order, and in some states; in whatever
// state if there are none. By states a plan may begin, and read all that are in them.
func (tx *Tx) manuscripts(where, order string, args []any, states []State) (all []Manuscript, err error) {
	if len(states) > 0 {
		where += ` AND state IN (` + kernel.Numbered(len(args)+1, len(states)) + `)`
	}
	args = append(args, kernel.Args(states)...)
	err = tx.db.Each(func(scan func(...any) error) error {
		m, err := scanManuscript(scan)
		all = append(all, m)
		return err
	}, `SELECT `+manuscriptColumns+` FROM manuscripts WHERE `+where+` ORDER BY `+order, args...)
	if err != nil {
		return nil, fmt.Errorf("read manuscripts: %w", err)
	}
	return all, nil
}

// ReviseManuscript gives a manuscript a revision on top of the one that its writer had before them, and
// what its document says now for lists. It is written again, whatever state it was in. If
// somebody else was faster, that is press.ErrConflict; one that is open no longer, too.
func (tx *Tx) ReviseManuscript(m Manuscript, on int, r Revision) (Manuscript, error) {
	if err := press.CheckText("title", m.Title, press.MaxTitle); err != nil {
		return m, err
	}
	if err := tx.changeRow(m.ID, OpenStates(), `state = $2, revision = revision + 1, section = $3, language = $4, title = $5, article_kind = $6, translates = $7, lacks = $8, instant = $9, local = $10`,
		` AND revision = $11`, Draft, m.Section, m.Language, m.Title, m.ArticleKind, m.Translates, kernel.List(m.Lacks), kernel.Micros(m.Instant), m.Local, on); err != nil {
		return m, err
	}
	r.Number = on + 1
	if err := tx.insertRevision(m.ID, r); err != nil {
		return m, err
	}
	if err := tx.setWords(m.ID, m.Title, r.Words); err != nil {
		return m, err
	}
	return tx.Manuscript(m.ID)
}

// SetManuscriptState brings the newest revision of a manuscript, which is this one, into a state.
func (tx *Tx) SetManuscriptState(id string, revision int, state State) (Manuscript, error) {
	if err := tx.change(id, `state = $2`, ` AND revision = $3`, state, revision); err != nil {
		return Manuscript{}, err
	}
	return tx.Manuscript(id)
}

// RecallManuscript takes a manuscript that is approved, in this revision, back to a state that is open.
func (tx *Tx) RecallManuscript(id string, revision int, state State) (Manuscript, error) {
	if err := tx.changeIn(id, []State{Approved}, `state = $2`, ` AND revision = $3`, state, revision); err != nil {
		return Manuscript{}, err
	}
	return tx.Manuscript(id)
}

// RecallPlans takes all that is approved for an instant, or waits for other languages of its set,
// back to review, as when a backup is put back: it may have been recalled since.
func (tx *Tx) RecallPlans() error {
	err := tx.changedAll(`UPDATE manuscripts SET state = $1, changed = $2 WHERE state IN ($3, $4) RETURNING id`, InReview, kernel.Micros(tx.db.Now()), Approved, Ready)
	if err != nil {
		return fmt.Errorf("recall what is approved and not out yet: %w", err)
	}
	return nil
}

// ReleaseManuscript says of a manuscript, in this revision, which article it has become or changed.
func (tx *Tx) ReleaseManuscript(id string, revision int, article press.ArticleID) error {
	if err := tx.changeIn(id, pending(), `state = $2, article = $3`, ` AND revision = $4`, Released, article, revision); err != nil {
		return err
	}
	return tx.dropPage(id)
}

// AssignManuscript says who is to work on a manuscript next; nobody if it is empty.
func (tx *Tx) AssignManuscript(id, person string) error {
	return tx.change(id, `assigned = $2`, ``, person)
}

// UnassignAll has nothing wait for somebody any more.
func (tx *Tx) UnassignAll(person string) error {
	if err := tx.changedAll(`UPDATE manuscripts SET assigned = '' WHERE assigned = $1 RETURNING id`, person); err != nil {
		return fmt.Errorf("take what is assigned from a person: %w", err)
	}
	return nil
}

// pending are the states of [State.Pending].
func pending() []State { return append(OpenStates(), Approved) }

// change changes a manuscript that is open, if it is as it was seen.
func (tx *Tx) change(id, set, where string, args ...any) error {
	return tx.changeIn(id, OpenStates(), set, where, args...)
}

// changeIn changes a manuscript that is in one of some states, if it is as it was seen.
func (tx *Tx) changeIn(id string, states []State, set, where string, args ...any) error {
	if err := tx.changeRow(id, states, set, where, args...); err != nil {
		return err
	}
	return tx.refile(id)
}

// changeRow is [Tx.changeIn] where what the manuscript says changes, too, or ends.
func (tx *Tx) changeRow(id string, states []State, set, where string, args ...any) error {
	all := append([]any{id}, args...)
	all = append(all, kernel.Micros(tx.db.Now()))
	set = fmt.Sprintf(`%s, changed = $%d`, set, len(all))
	var in []string
	for _, s := range states {
		all = append(all, s)
		in = append(in, fmt.Sprintf("$%d", len(all)))
	}
	there, err := tx.db.Any(`UPDATE manuscripts SET `+set+` WHERE id = $1 AND state IN (`+strings.Join(in, ", ")+`)`+where+` RETURNING 1`, all...)
	if err != nil {
		return fmt.Errorf("change manuscript %s: %w", id, err)
	}
	if there {
		return nil
	}
	now, err := tx.Manuscript(id)
	switch {
	case err != nil:
		return err
	case !slices.Contains(states, now.State):
		return fmt.Errorf("%w: manuscript %s was %s", press.ErrConflict, id, now.State)
	}
	return fmt.Errorf("%w: manuscript %s was changed meanwhile: it is in revision %d", press.ErrConflict, id, now.Revision)
}

// CancelManuscript gives a manuscript up: nothing is left of what it said. Who alone might read it
// stays: the others don't learn that it was there.
func (tx *Tx) CancelManuscript(id string) error {
	if err := tx.changeRow(id, pending(), `state = $2, title = '', assigned = '', article_kind = '', translates = '', lacks = '[]', instant = 0, local = ''`, ``, Cancelled); err != nil {
		return err
	}
	return tx.forget(id)
}

// forget leaves nothing of what a manuscript said.
func (tx *Tx) forget(id string) error {
	for _, table := range []string{"manuscript_revisions", "manuscript_chunks", "manuscript_files", "remarks", "approvals", "unsaved"} {
		if err := tx.db.Exec(`DELETE FROM `+table+` WHERE manuscript = $1`, id); err != nil {
			return fmt.Errorf("forget manuscript %s: %w", id, err)
		}
	}
	if err := tx.dropPage(id); err != nil {
		return err
	}
	return tx.dropWords(id)
}

// ForgetManuscriptsOf leaves nothing of the manuscripts that an article was made of, or that
// were to change it: it was cancelled before it was public.
func (tx *Tx) ForgetManuscriptsOf(article press.ArticleID) error {
	ids, err := tx.idsOf(`UPDATE manuscripts SET state = $1, title = '', assigned = '', article_kind = '', translates = '', lacks = '[]', instant = 0, local = '', changed = $2 WHERE article = $3 RETURNING id`,
		Cancelled, kernel.Micros(tx.db.Now()), article)
	if err != nil {
		return fmt.Errorf("forget the manuscripts of article %s: %w", article, err)
	}
	for _, id := range ids {
		if err := tx.forget(id); err != nil {
			return err
		}
	}
	return nil
}

// idsOf are the ids of manuscripts that a statement returns.
func (tx *Tx) idsOf(query string, args ...any) (ids []string, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}

// ManuscriptsOf are those that an article was made of, or that have changed it or are to: the
// last begun first.
func (tx *Tx) ManuscriptsOf(article press.ArticleID) ([]Manuscript, error) {
	return tx.manuscripts(`article = $1`, `created DESC, id LIMIT 1000`, []any{article}, append(pending(), Released))
}

// HideWordingsOf leaves nothing of what the manuscripts of an article have said, which says
// something else now, under this title, and hides what it said before: no document, note, remark
// or file, and nothing that was typed in them and not saved. Who wrote which revision stays, and who
// approved. Of one that is pending its newest revision stays, with its files: it is what releases
// the article, or is to be looked at before it can.
func (tx *Tx) HideWordingsOf(article press.ArticleID, title string) error {
	all, err := tx.ManuscriptsOf(article)
	for _, m := range all {
		kept := 0
		if m.State.Pending() {
			kept = m.Revision
		}
		if err := tx.hideWordings(m, kept, title); err != nil {
			return fmt.Errorf("hide the wordings of manuscript %s: %w", m.ID, err)
		}
	}
	return err
}

func (tx *Tx) hideWordings(m Manuscript, kept int, title string) error {
	if err := tx.db.Exec(`UPDATE manuscript_revisions SET document = $3, how = '{}' WHERE manuscript = $1 AND number <> $2`, m.ID, kept, []byte{}); err != nil {
		return err
	}
	for _, table := range []string{"remarks", "unsaved"} {
		if err := tx.db.Exec(`DELETE FROM `+table+` WHERE manuscript = $1`, m.ID); err != nil {
			return err
		}
	}
	if kept > 0 {
		return nil
	}
	for _, table := range []string{"manuscript_chunks", "manuscript_files"} {
		if err := tx.db.Exec(`DELETE FROM `+table+` WHERE manuscript = $1`, m.ID); err != nil {
			return err
		}
	}
	return tx.titleOnly(m.ID, title)
}
