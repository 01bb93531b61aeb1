// Package federation is what the fediverse asks for and is sent.
//
// It asks: who is @ministry@mfa.example (webfinger.go, nodeinfo.go), what does
// the actor look like (actor.go), what has it said (object.go, outbox.go,
// featured.go) and what came to that (reactions.go). It sends: follow requests
// (inbox.go, follow.go). And it is sent each entry of the publication log as an
// activity (activity.go, rendition.go, deliver.go).
//
// The rules that receivers enforce are listed with their whereabouts in
// SPECS.tsv, and rules_test.go holds a running server to them. What is pure is
// apart from what has state: the vocabulary (vocab), signatures (signature) and
// the rendering of activities know no database.
//
// Three kinds of actors live here (ours.go). The ministry's, an Organization, is
// the author of everything. Further ones announce what falls under a section or
// is said in a language (announce.go). The instance's, an Application, signs our
// fetches, so that a server that fetches a key before it answers can be asked
// without end of recursion; all answer unsigned requests, or two strict servers
// would wait for each other for ever.
package federation
