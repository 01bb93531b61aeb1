package postgrestest

import (
	"errors"
	"time"
)

// ahead is the setting of a server that says by how much its clock is wrong.
const ahead = "postgrestest.ahead"

// ClockByServer has the clock of a database be that of the server on which it is, which
// [Server.SetClock] sets.
func (s *Server) ClockByServer(database string) error {
	return errors.Join(
		s.execOn(database, `CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
			'SELECT pg_catalog.clock_timestamp() + CAST(COALESCE(NULLIF(current_setting(''`+ahead+`'', true), ''''), ''0'') AS INTERVAL)'`),
		s.execOn(database, `ALTER DATABASE `+database+` SET search_path = public, pg_catalog`))
}

// SetClock sets the clock of a server ahead, for those who connect from then on.
func (s *Server) SetClock(by time.Duration) error {
	return errors.Join(s.configure("%s = '%d milliseconds'\n", ahead, by.Milliseconds()), s.run("pg_ctl", "--pgdata", s.data(), "reload"))
}
