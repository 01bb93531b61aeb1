// Package publog is the publication log: everything that became public, in the
// order in which it did, and who is to be told of it.
//
// An entry is appended in the transaction that makes something public, and moves
// two things with it. Marks say which entry changed a section last ([Tx.Changed]):
// they are what pull asks for. Heads say which entry was the last one meant for a
// [Source], an actor or a topic: they are what push is measured by. Sources stand
// here, and not with the deliveries, because appending is what moves them; whether
// anything is delivered to anybody is no concern of the log.
//
// A [Tx] reads the log. A [Log] also writes it, for the other rooms alone: nobody
// above storage can have one, so nothing becomes public but through the newsdesk,
// and no actor says that it has changed but through actors. A room that has to act
// on an entry in the very transaction that appends it asks for that with
// [Log.OnAppend].
//
// This room writes the tables entries, log_head, changed, heads and announced. It
// reads the tables of the tree and of the articles, for which an index decides
// what an answer costs.
package publog
