// Package kernel is the database beneath the rooms of storage: connections,
// transactions, statements, and the news that something was committed.
//
// A [DB] has one connection that writes and some that read. [DB.Update] lets
// transactions take turns on the writer, and those that wait together share a
// commit; [DB.View] reads one consistent state. Both hand out a [Tx], which runs
// SQL: the rooms hold it, and nobody above them can reach it. Whether something
// was committed tell [DB.State], to be asked a thousand times a second, and
// [DB.Watch], to be waited for.
//
// It knows no table but facts and nothing of articles; what differs between
// engines is a [Dialect].
package kernel
