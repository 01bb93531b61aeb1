// Package answers is what the ministry's people do about what others answer: they decide on
// replies and quotes, see to other servers' reports, and block. Command line and desk both
// do it here, in the name of whoever does it, and each act stands in the audit.
//
// The newsroom does not know what becomes of an article outside, and the federation not who
// of the ministry may do what: here both meet.
package answers
