// Package deliveries is what goes out to whom: the destinations of each source of
// the log, how far each has got, and what waits for them.
//
// A [Destination] is due while its cursor is behind the head of its source. A
// delivering process claims what is due ([Tx.ClaimBehind], [Tx.ClaimRetries],
// [Tx.ClaimDirected]), which notes up to where something may have arrived, and
// settles what came of it ([Tx.Settle]). Spans say during which stretches of the
// log a destination served somebody, so that new entries go only where somebody
// listens, and corrections wherever there may be something to correct. Who has an
// entry is read off cursors and spans ([Tx.Reach]). Messages to one actor stand
// beside the log ([Directed]). Subscriptions of callbacks to topics are deliveries
// like those to inboxes.
//
// How deliveries are planned, ordered and sent is no concern of these tables but
// of storage/delivery. Where several processes deliver, each claims from the shards
// that it holds by a lease ([Tx.Leased]). Who follows is the audience's: it keeps the destinations
// through a [Ledger], which nobody above storage can have.
//
// This room writes the tables destinations, spans, refusals, progress, directed,
// bodies, subscriptions, verifications, unconfirmed, paused_hosts, host_schemes, told_keys
// and host_software.
package deliveries
