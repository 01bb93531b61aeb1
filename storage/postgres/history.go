package postgres

// leads asks where a connection leads: to which server, in which of its histories, which
// is another after each promotion and recovery, and there to which database, which is
// another if it was made anew, or its tables were.
const leads = `SELECT CAST(system_identifier AS TEXT) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '/' ||
		CAST(d.oid AS TEXT) || '.' || COALESCE(CAST(CAST(to_regclass('log_head') AS oid) AS TEXT), '')
	FROM pg_control_system(), pg_database d WHERE d.datname = current_database()`
