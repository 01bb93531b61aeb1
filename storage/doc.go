// Package storage is what the ministry has said, and the log of saying it.
//
// A [Store] is a database behind two doors: [Store.View] reads one consistent
// state, [Store.Update] is the only way to write. Both hand out a [Tx], which holds
// the rooms of the store, so that steps which belong together share one commit:
//
//   - publog, the log: everything that became public, in order, and who is to be
//     told of it
//   - newsdesk, what is said: sections, articles, and everything that a public
//     article shows up in
//   - deliveries, what goes out: destinations, how far each has got, and what waits
//     for them
//   - audience, who listens: followers, what they do with an article, and blocks
//   - actors, who speaks: our accounts, their keys and moves
//
// Each room is a package with a Tx of its own methods and the types that they
// speak of; part of the store can be handed on as one of them ([Tx.Audience]). They
// stand on each other in one direction:
//
//	audience -> newsdesk, deliveries -> publog -> internal/kernel
//	actors -> deliveries
//
// What a room does for another alone, such as appending to the log, is not part of
// its Tx, and nobody above storage can reach it: an article becomes public in the
// very transaction that appends its entry, and in no other way. What needs more
// than one room is a method of [Tx] itself ([Tx.ConfirmClock], [Tx.Reopen]).
//
// A room reads the tables of others, where an index decides what an answer costs,
// but each table is written by one room, and no SQL stands above storage. It runs on
// every engine; what differs between engines is a [Dialect], and the conformance
// suite in storagetest holds them to one behaviour. Engines are opened by their own
// packages (storage/sqlite).
package storage
