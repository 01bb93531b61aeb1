// Package sightings is what readers saw of each release, correction and withdrawal: when the
// page and the feed showed it at the site's public address, and its report, written down so that
// it outlives what deliveries leave behind.
//
// A row stands for an entry of the log. It is claimed before anybody looks ([Tx.ClaimSighting]),
// for longer than looking takes: however many programs serve the database, and however often
// they are started, one looks at a time. Where and how to look is package sight's.
//
// This room writes the table sightings.
package sightings
