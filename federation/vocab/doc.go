// Package vocab is the part of ActivityStreams 2.0 and of the documents around
// it (WebFinger, NodeInfo, host-meta) that we read and write.
//
// It is tolerant in what it reads: a value or an array with it, an id or the
// object that has it, a stub where an actor was expected, as the servers of
// the fediverse have it ([ReadActivity], [ReadActor], [ReadKeyDocument]). It
// is intolerant of everything that two readers could take differently: see
// [Check], which all of them begin with.
//
// It is strict in what it writes: [Marshal] gives the same bytes for the same
// value each time, with keys in a fixed order and plain compacted JSON, so that
// no id is ever seen with two bodies. What is written differs in type from
// what is read ([Activity] and [Incoming], [Actor] and [RemoteActor]): nothing
// received is sent on by accident.
//
// The package does no input and output and knows no signatures.
package vocab
