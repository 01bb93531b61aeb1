// Package delivery moves the publication log to destinations. It knows no
// HTTP: what a destination is told and in which order is a pure function
// ([Plan]), what an answer means is a [Verdict], when to try again is [Backoff],
// and the [Engine] puts them to work; a [Sender] makes the requests.
//
// The promises, and what keeps them:
//   - Nothing is lost: a destination's cursor moves only after an answer, and
//     whatever is not settled is sent again under the same activity id with the
//     same body.
//   - Order: one destination is served by one job at a time, in plan order.
//   - Nothing withdrawn stays up: before the first byte of a job goes out, the
//     claim notes how far things may have arrived (attempted).
//   - The dead do not delay the living: hosts that failed, or that stay silent,
//     are served in a lane of their own, and no host takes more than its share
//     of a claim. What this process waits for a processor is nobody's silence
//     (package patience).
//   - Sources are served in turn: none waits for another's whole fan-out.
//   - Memory is bounded: what is due is claimed in batches, those with most
//     followers first, however many destinations there are.
package delivery
