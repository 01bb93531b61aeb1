// Package people is who may work on the desk: persons, what each may do and where, the
// credentials by which they sign in, their invitations and their sessions.
//
// A person has an epoch, which moves with each change of a credential or a grant, and when
// they are removed. What was made in an earlier one (a session, an invitation) counts no
// longer, so that nothing survives by being forgotten: see [Tx.PutSession] and
// [Tx.Invited]. What is secret in a link or a cookie is kept as a hash only.
//
// The rights of [Strict] roles are not one person's to give: what waits for a second one is an
// [Agreement].
//
// How many persons an act takes is a [Rule] of a section; who counts as one of them is a rule of
// publishing.
//
// This room writes the tables people, grants, credentials, invitations, sessions, agreements,
// asked_grants, passkeys, identities and release_rules.
package people
