// Package moderation says who is heard, and how much.
//
// [Limits] counts what comes in, by the registrable domain of the sender and by the
// address of the client, so that an honest burst is absorbed and abuse is told to
// come back later. [ParseSubject] and [ReadBlocklist] read what an operator blocks;
// the blocks themselves are kept in storage, and the inbox checks them for each
// activity. [Replies] is the setting for replies to articles.
//
// Everything here is pure but for the clock, which is passed in, and everything that
// strangers can fill has a bound.
package moderation
