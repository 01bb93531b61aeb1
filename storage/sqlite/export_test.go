package sqlite

// OpenWith is open for tests that cannot wait, or that want a small database.
var OpenWith = open

// Notify is the dialect's.
var Notify = notify
