package simulation

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// engine keeps the connections to one database, with the statements that were prepared on
// them, from one life of the program to the next and from seed to seed: to connect and to
// prepare anew would be a quarter of all the work. What a life may do with them ends with it:
// see [life].
type engine struct {
	file   string
	driver driver.Driver
	keeper *sql.DB
	renews []*sql.Stmt // that make of the database what it was

	mu   sync.Mutex
	idle map[string][]*connection // by the name that the driver knows them by
}

// connection is one to the database.
type connection struct {
	driver.Conn
	prepared map[string][]driver.Stmt // that nobody uses
}

// newEngine makes the database of an installation in which nothing has happened yet.
func newEngine(t *testing.T) *engine {
	t.Helper()
	folder := t.TempDir()
	e := &engine{file: filepath.Join(folder, "press.db"), idle: map[string][]*connection{}}
	template := filepath.Join(folder, "template.db")
	err := makeTemplate(template)
	var content []byte
	if err == nil {
		content, err = os.ReadFile(template)
	}
	if err == nil {
		err = os.WriteFile(e.file, content, 0o600)
	}
	if err == nil {
		err = e.prepare(template)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.close)
	return e
}

func (e *engine) close() {
	for _, all := range e.idle {
		for _, c := range all {
			for _, prepared := range c.prepared {
				for _, s := range prepared {
					_ = s.Close() // the file goes, too
				}
			}
			_ = c.Close()
		}
	}
	_ = e.keeper.Close()
}

// take returns a connection that nobody uses.
func (e *engine) take(name string) (*connection, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if all := e.idle[name]; len(all) > 0 {
		e.idle[name] = all[:len(all)-1]
		return all[len(all)-1], nil
	}
	conn, err := e.driver.Open(name)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, prepared: map[string][]driver.Stmt{}}, nil
}

func (e *engine) giveBack(name string, c *connection) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle[name] = append(e.idle[name], c)
}

// life is what one life of the program has of the engine. When the program is killed, what it
// has not committed is undone, and nothing that it does from then on comes to the database.
type life struct {
	engine *engine
	over   atomic.Bool

	mu   sync.Mutex
	held map[*held]bool
}

// alone says that no other process opens the file, so that its locks need not be the system's.
const alone = "vfs=unix-excl"

// handle makes one for [sqlite.OpenThrough].
func (l *life) handle(name string) (*sql.DB, error) {
	return sql.OpenDB(connector{l, name + "&" + alone}), nil
}

// begin begins one.
func (e *engine) begin() *life { return &life{engine: e, held: map[*held]bool{}} }

// kill ends it. Nobody else runs in this instant.
func (l *life) kill() {
	l.over.Store(true)
	for h := range l.held {
		h.killed()
	}
	clear(l.held)
}

type connector struct {
	life *life
	name string
}

// Connect implements [driver.Connector].
func (c connector) Connect(context.Context) (driver.Conn, error) {
	if c.life.over.Load() {
		return nil, errDead
	}
	conn, err := c.life.engine.take(c.name)
	if err != nil {
		return nil, err
	}
	h := &held{connection: conn, life: c.life, name: c.name, taken: map[*statement]bool{}}
	c.life.mu.Lock()
	defer c.life.mu.Unlock()
	c.life.held[h] = true
	return h, nil
}

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return c.life.engine.driver }

// held is a connection that a life has.
type held struct {
	*connection
	life    *life
	name    string
	taken   map[*statement]bool
	reading int // rows
}

// Close implements [driver.Conn].
func (h *held) Close() error {
	if h.life.over.Load() {
		return nil
	}
	h.life.mu.Lock()
	delete(h.life.held, h)
	h.life.mu.Unlock()
	h.life.engine.giveBack(h.name, h.connection)
	return nil
}

// killed undoes what was not committed, and lets the next life have the connection; unless
// somebody reads on it who will never end.
func (h *held) killed() {
	if h.reading > 0 {
		return
	}
	for s := range h.taken {
		h.connection.giveBack(s.query, s.Stmt)
	}
	if rollback, err := h.connection.take("ROLLBACK"); err == nil {
		_, _ = rollback.(driver.StmtExecContext).ExecContext(context.Background(), nil) // mostly there is nothing to undo
		h.connection.giveBack("ROLLBACK", rollback)
	}
	h.life.engine.giveBack(h.name, h.connection)
}

// take returns a statement that nobody uses.
func (c *connection) take(query string) (driver.Stmt, error) {
	if all := c.prepared[query]; len(all) > 0 {
		c.prepared[query] = all[:len(all)-1]
		return all[len(all)-1], nil
	}
	return c.Prepare(query)
}

// maxPrepared bounds what is kept: some statements name what they are about in their text.
const maxPrepared = 1000

func (c *connection) giveBack(query string, s driver.Stmt) {
	if c.prepared[query] == nil && len(c.prepared) >= maxPrepared {
		_ = s.Close() // it only has to be made anew
		return
	}
	c.prepared[query] = append(c.prepared[query], s)
}

// PrepareContext implements [driver.ConnPrepareContext].
func (h *held) PrepareContext(_ context.Context, query string) (driver.Stmt, error) {
	if h.life.over.Load() {
		return nil, errDead
	}
	prepared, err := h.connection.take(query)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: prepared, on: h, query: query}
	h.taken[s] = true
	return s, nil
}

// statement is a prepared one that a life has.
type statement struct {
	driver.Stmt
	on    *held
	query string
}

// Close implements [driver.Stmt].
func (s *statement) Close() error {
	if !s.on.life.over.Load() {
		delete(s.on.taken, s)
		s.on.connection.giveBack(s.query, s.Stmt)
	}
	return nil
}

// ExecContext implements [driver.StmtExecContext].
func (s *statement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if s.on.life.over.Load() {
		return nil, errDead
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext implements [driver.StmtQueryContext].
func (s *statement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if s.on.life.over.Load() {
		return nil, errDead
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.on.reading++
	return &counted{rows, s.on}, nil
}

// counted are rows that are read.
type counted struct {
	driver.Rows
	on *held
}

// Next implements [driver.Rows].
func (c *counted) Next(row []driver.Value) error {
	if c.on.life.over.Load() {
		return errDead
	}
	return c.Rows.Next(row)
}

// Close implements [driver.Rows].
func (c *counted) Close() error {
	c.on.reading--
	return c.Rows.Close()
}

// prepare prepares to renew the database.
func (e *engine) prepare(template string) (err error) {
	if e.keeper, err = sql.Open("sqlite", "file:"+e.file+"?"+alone+"&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)"); err != nil {
		return err
	}
	e.driver = e.keeper.Driver()
	e.keeper.SetMaxOpenConns(1)
	if _, err := e.keeper.Exec(`ATTACH $1 AS template`, template); err != nil {
		return err
	}
	tables, err := e.tables()
	if err != nil {
		return err
	}
	for _, text := range append(append([]string{"BEGIN IMMEDIATE"}, tables...), "COMMIT") {
		s, err := e.keeper.Prepare(text) //nolint:sqlclosecheck // it is kept as long as the engine
		if err != nil {
			return err
		}
		e.renews = append(e.renews, s)
	}
	return nil
}

// tables are the statements that renew each table. What is found by a search is put into its
// own by a part of the program that is not simulated.
func (e *engine) tables() (renew []string, err error) {
	rows, err := e.keeper.Query(`SELECT name FROM template.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search~_terms%' ESCAPE '~'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		//nolint:unqueryvet // both tables have the same columns, whichever they are
		renew = append(renew, fmt.Sprintf(`DELETE FROM main."%s" WHERE true`, name), fmt.Sprintf(`INSERT INTO main."%[1]s" SELECT * FROM template."%[1]s"`, name))
	}
	return renew, rows.Err()
}

// renew makes of the database what it was when nothing had happened yet.
func (e *engine) renew() error {
	for _, s := range e.renews {
		if _, err := s.Exec(); err != nil {
			return err
		}
	}
	return nil
}
