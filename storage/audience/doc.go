// Package audience is who listens, and what they do with what they hear: followers,
// likes, announces, quotes, replies, reports, and those who are blocked.
//
// All of it comes from strangers. So each kind is bounded, what was signed counts
// in the order in which it was signed ([Tx.RemoveFollower], [Tx.RemoveInteraction]
// and others are told when), and nothing of it moves the log: an article's page
// changes by its [Reactions], which have a version of their own. What strangers can
// do to the rest of the store is what this room's methods do, so an inbox can be
// handed its [Tx] alone.
//
// A follower is served by a destination, which this room has the deliveries keep:
// follower, destination and the answer that accepts them are stored together.
//
// This room writes the tables followers, follower_hosts, unfollows, ended_follows, ended_reactions,
// interactions, reactions, replies, quotes, flags, undone and blocks.
package audience
