// Package remote speaks to other servers of the fediverse: it fetches their
// actors and keys, and posts to their inboxes.
//
// Both the addresses and what is found there come from strangers. So a [Client]
// connects only where the rules of package outbound allow, follows at most three
// redirects of a fetch and none of a delivery, ends every request by a deadline,
// reads a bounded amount, and asks no host more often than is polite.
//
// What it returns was said by the server that the id names: a document is
// believed only if it is found at its own id, and a key only if its owner
// lists it. Errors say what the caller does next: see [ErrUnavailable] and its
// neighbours.
package remote
