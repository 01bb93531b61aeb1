// Package sight looks at the site as its readers do: through its public address, and with it
// through the cache, the balancer and the names of the internet. What was released, corrected or
// withdrawn is looked for on its page and in the feed of its section until it is seen there, and
// the report of the release says when that was.
//
// What is seen there is compared with what is rendered here. Where this machine is led to the
// public address by a way of its own, as behind split-horizon DNS, it sees nothing of what readers
// see: it says so, and asks nobody ([outbound.Rules]).
package sight
