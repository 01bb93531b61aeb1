// Package websub is the hub of our own feeds (WebSub, the W3C Recommendation of
// 23 January 2018): whoever subscribes is sent a feed as soon as it changes.
//
// A subscriber asks at the hub, which says 202 and no more. It may not have
// asked at all: anybody can name an address. So the hub asks back there
// ([Hub.Run]), and only who repeats its challenge is a subscriber. The rules for
// addresses are those of inboxes (package outbound), and an address that does
// not confirm is not asked twice.
//
// From then on a subscriber is a destination of the delivery engine, whose
// source is the topic; the hub is the [delivery.Sender] of that kind. No
// publisher needs to tell the hub of news (WebSub §6), and nothing is fetched: what
// is sent is the newest version of the feed, in the bytes that are kept for its
// readers.
package websub
