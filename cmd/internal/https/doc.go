// Package https is TLS of a server's own, where no web server in front ends it: the
// certificate, from files or from an authority (ACME, RFC 8555), the proofs that the
// authority asks for (http-01, RFC 8555 §8.3; tls-alpn-01, RFC 8737), what plain http is
// answered, and Strict-Transport-Security (RFC 6797).
//
// A [Keeper] has the certificate. It looks after it in [Keeper.Run], one step after the
// other: what it has is shown until there is a better one, and each attempt that fails is
// one line of the log, with its reason and when the next one is. The library that speaks to
// the authority (certmagic) would renew by itself, too; it is not let to, for its attempts
// and ours would be two.
//
// Certificates, account, proofs and locks are in the database (package
// storage/certificates), so that several servers of a site have one certificate, and
// whichever of them is asked has the proof. Private keys among them are sealed with the
// passphrase of the actors' keys, if there is one. How the last attempt ended is there, too:
// by it servers take turns, and a person is told ([Look]).
package https
