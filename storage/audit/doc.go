// Package audit is who did what: a line for everything that people do on the command
// line and on the desk, written in the transaction that does it.
//
// Lines are added and never changed or taken away. Each has a hash of itself and of the
// line before it ([Line.Sum]), and the entry of the log that an act appended has the hash
// of its line: whoever takes a line out, or writes one anew, breaks a chain that
// [Tx.VerifyAudit] reads from its beginning. The last hash, kept elsewhere, shows also that
// nobody has made all of it anew.
//
// A line says what was done and to what, in names of fields and digests, and never in the
// words of an article: what was cancelled under embargo leaves none behind.
//
// This room writes the table audit.
package audit
