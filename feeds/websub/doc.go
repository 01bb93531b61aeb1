// Package websub is the hub of our own feeds (WebSub, the W3C Recommendation of
// 23 January 2018): subscribers are sent a feed as soon as it changes.
//
// The hub answers a request with 202 and nothing else: anybody can name any
// callback. It verifies the intent of the callback ([Hub.Run], verify.go), which
// becomes a subscriber only if it echoes the challenge. The rules for callbacks are
// those of inboxes (package outbound), and a callback that does not confirm is not
// asked again soon.
//
// From then on the subscriber is a destination of the delivery engine, whose source
// is the topic; the hub is the [delivery.Sender] for it. No publisher needs to
// notify the hub (WebSub §6), and nothing is fetched: subscribers get the newest
// version of the feed, in the bytes that are cached for its readers.
package websub
