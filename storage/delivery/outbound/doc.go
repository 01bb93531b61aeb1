// Package outbound makes the connections to servers whose addresses strangers
// named: actors and inboxes of the fediverse, callbacks of subscribers.
//
// Whoever may name an address can name one inside our own network. So [Rules]
// admit public addresses over https only, in loopback mode this machine only;
// they check the address as it is written ([Rules.Check]), and once more at the
// moment of connecting, when no name can resolve to something else any more
// ([Rules.Transport]). Of what such a server answers to a delivery, [ReadAnswer]
// keeps the little that is needed.
package outbound
