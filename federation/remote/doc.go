// Package remote speaks to other servers of the fediverse: it fetches their
// actors and keys, and posts to their inboxes.
//
// Both the addresses and what is found there come from strangers. So a
// [Client] connects to public addresses over https only, which is checked at
// the moment of connecting, when no name can resolve to something else any
// more; in loopback mode it connects to this machine only. It follows at most
// three redirects of a fetch and none of a delivery, ends every request by a
// deadline, reads a bounded amount, and asks no host more often than is polite.
//
// What it returns was said by the server that the id names: a document is
// believed only if it is found at its own id, and a key only if its owner
// lists it. Errors say what the caller does next: see [ErrUnavailable] and its
// neighbours.
package remote
