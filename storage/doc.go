// Package storage is what the ministry has said, and the log of saying it.
//
// A [Store] is a database behind two doors: [Store.View] reads one consistent
// state, [Store.Update] is the only way to write. Both hand out a [Tx] whose
// methods compose, so that steps which belong together share one commit: an
// article becomes public in the very transaction that appends its entry to the
// publication log ([Tx.Publish], [Tx.Correct], [Tx.Withdraw], [Tx.Release]).
//
// Everything that goes out is a reader of that log. What is pulled asks
// [Tx.Changed] for the newest entry that touched a section in a language; what
// is pushed is a row per destination with a cursor ([Tx.ClaimBehind],
// [Tx.Backlog], [Tx.Settle]).
//
// What is public can be searched ([Tx.Search]): its terms enter and leave the
// index in the transaction that publishes, corrects or withdraws it.
//
// The SQL here runs on every engine; what differs between engines is a
// [Dialect], and the conformance suite in storagetest holds them to one
// behaviour. Engines are opened by their own packages (storage/sqlite).
package storage
