// Package postgres opens PostgreSQL databases (15 and later) for storage: one
// database for any number of equal replicas.
//
// Whoever writes takes one lock first, whatever he writes: transactions of all
// replicas stand one behind the other as they do on the writer of an embedded
// database. So no two of them can wait for each other, each sees what all before
// it did, and log order is commit order. Writes are few and short: what a delivery
// settles goes in batches.
//
// Each statement is a way to the server and back: what can be sent in one go is, and what is
// run once is not prepared for more.
//
// The server is not believed blindly. Whether a commit stands whose answer was lost is
// told by its name in the database; where a connection leads, and whose clock tells the
// time there, is asked before anything is written on it; and a server that takes no
// writing any more is not read from either.
package postgres
