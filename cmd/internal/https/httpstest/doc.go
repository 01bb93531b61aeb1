// Package httpstest makes, for tests, what TLS of a server's own needs around it: an
// authority (pebble, of Let's Encrypt) with the DNS that it asks, and files with
// certificates.
package httpstest
