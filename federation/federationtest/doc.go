// Package federationtest has what tests of the federation need: a site over a real
// store, and servers of the fediverse that speak to it.
//
//   - [Site] is a federation.Server over a database of its own, with a clock that
//     the test moves. It listens nowhere: requests reach it through
//     [Site.Client], and a handler's error comes back as the request's, because
//     which status answers it is decided elsewhere (cmd/internal/web).
//   - [Peer] is an account on a server of the fediverse that listens on loopback:
//     it has keys and inboxes, signs what it sends, and keeps what it gets.
//   - [Letter] is a signed request that a test can spoil before it is posted.
//
// Peers are written from the specifications, draft-cavage-http-signatures-12, RFC
// 9421, RFC 9530 and ActivityPub, and use none of the packages that they test: a
// mistake of ours in signing would hide in its own mirror image.
//
// RSA keys come from a pool that is generated once for all tests of a process: each
// costs a tenth of a second. The peers of one test have different ones.
package federationtest
