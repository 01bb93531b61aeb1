// Package federation is what the fediverse asks for and is sent.
//
// It asks who @ministry@mfa.example is (webfinger.go, nodeinfo.go), what the
// actor looks like (actor.go), what it has said (object.go, outbox.go,
// featured.go) and how others reacted (reactions.go). It sends activities: the
// inbox verifies them (inbox.go, admit.go) and passes them on by their type
// (dispatch.go) to a file for each (follow.go, react.go, reply.go, quote.go,
// update.go, delete.go, followermove.go, block.go, flag.go). And it is sent each
// entry of the publication log as an activity (activity.go, rendition.go,
// deliver.go). What either side has lost of who follows whom is found by comparing
// (synchronization.go, following.go).
//
// The rules that receivers enforce are listed in SPECS.tsv, each with the file
// that follows it, and a test holds a running server to them. What is pure is
// kept apart from what has state: the vocabulary (vocab), signatures (signature)
// and the rendering of activities know no database.
//
// Three kinds of actors live here (localactor.go). The ministry's, an
// Organization, is the author of everything. Further ones announce what falls
// under a section or is written in a language (announce.go). The instance's, an
// Application, signs our fetches, so that asking a server that fetches a key
// before it answers doesn't recurse. All answer unsigned requests, or two strict
// servers would wait for each other for ever.
package federation
