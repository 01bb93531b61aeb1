// Package patience measures how long peers are silent, and nothing else.
//
// A timer that starts with a request and runs by the wall clock measures two
// things at once: how long the peer takes, and how long this process waits for a
// processor. On a busy machine the second is the longer one. The answer lies in
// the socket, the goroutine that would read it has not run for ten seconds, the
// timer fires first, and a server that took the delivery is called silent and is
// sent it again. So:
//
//   - Limits are set by [With] and [WithTimeout], and run only between
//     [Clock.Ask], which is called when a request is ready to go out, and the
//     answer. What happens before (rendering, signing, waiting for a turn to sign)
//     is not the peer's.
//   - They run by a [Clock], which advances only while this process gets round to
//     its work. Again and again it sends itself a byte through the kernel, on the
//     way that an answer takes: written, reported by the poller, queued with
//     everything else that is ready to run, read. However long that takes, the
//     clock advances by no more than one tick. An answer that had arrived before
//     the byte was reported before it. So each tick is a round in which whatever
//     waited had its turn, and a request that needs a dozen turns (dial, handshake,
//     write, read, parse) spends a dozen ticks on them, however slow the machine.
//
// With enough processors a tick takes as long as it says, and the clock runs with
// the wall clock. On a starved machine limits take longer by the wall clock: a
// silent peer holds its request for longer, which costs nobody anything, since
// there it is processors that are short and not requests. What must end by the
// wall clock, such as a lease, needs a deadline of its own.
//
// Other ways were weighed. Longer timeouts only move the fault to slower machines,
// and make every dead server cost more on the fast ones. The lateness of a sleeping
// goroutine says little: it is woken ahead of the queue in which those wait that
// read answers. The kernel's account of the time spent waiting for a processor
// (schedstat) exists on one system only and does not know the queues of the Go
// scheduler. A look into the socket when a timer fires knows of an answer, but not
// of a request that has not been written yet, nor of bytes that were read and not
// yet understood.
package patience
