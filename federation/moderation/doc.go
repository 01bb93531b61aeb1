// Package moderation says who is listened to, and how much.
//
// [Limits] counts what comes in, by the registrable domain of the sender and by
// the address of the client, so that an honest burst is absorbed and abuse is
// told to come back later. [ParseSubject] and [ReadBlocklist] read what an
// operator blocks; the blocks themselves are kept in storage, and the inbox asks
// for them with each activity. [Replies] is the setting of what happens with
// answers.
//
// Everything here is pure but for the clock, which it is handed, and everything
// that strangers can fill has a bound.
package moderation
