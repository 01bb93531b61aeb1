// Package ops is what the people of a server room see of a running server: its log, its
// health and its metrics. It changes nothing.
package ops
