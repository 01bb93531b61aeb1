package sqlite

// OpenWith is open for tests that cannot wait, or that want a small database.
var OpenWith = open
