package postgres

// Configured is for tests of what a session is given at its start.
var Configured = configured

// DumpAddress is for tests of what pg_dump is given.
var DumpAddress = dumpAddress
