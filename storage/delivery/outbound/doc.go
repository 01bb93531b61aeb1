// Package outbound makes the connections to servers whose addresses strangers
// named: actors and inboxes of the fediverse, callbacks of subscribers.
//
// Anyone who may name an address can name one inside our own network. So [Rules]
// admit only public addresses over https, and in loopback mode only this machine.
// They check the address as it is written ([Rules.Check]), and once more when
// connecting, when a name can no longer resolve to something else
// ([Rules.Transport]). Requests are made by [Do], whose limits count the silence of
// the server only. [ReadAnswer] keeps the little that is needed of the answer to a
// delivery.
package outbound
