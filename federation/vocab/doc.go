// Package vocab is the part of ActivityStreams 2.0 and of the documents around
// it (WebFinger, NodeInfo, host-meta) that we read and write.
//
// It is tolerant in what it reads: a value or an array of it, an id or the object
// that has it, a stub where an actor was expected, as the servers of the fediverse
// write it ([ReadActivity], [ReadActor], [ReadKeyDocument]). It is intolerant of
// everything that two readers could read differently: see [Check], which all of
// them begin with.
//
// It is strict in what it writes: [Marshal] gives the same bytes for the same value
// each time, plain compacted JSON with keys in a fixed order, so that no id is ever
// seen with two bodies. What is written differs in type from what is read
// ([Activity] and [Incoming], [Actor] and [RemoteActor]): nothing that was received
// is sent on by accident.
//
// The package does no I/O and knows nothing of signatures.
package vocab
