// Package check judges a site as the servers of the fediverse and its readers see
// it: by documents that were fetched from outside, and by what is known of the
// machine. Every function is pure: it takes what was seen and says of each rule
// whether it holds, and what to do if not. Who fetches is cmd/communique: the
// command check, for an operator's own site, and the tests of the rules.
//
// Rules are named by their ids in federation/SPECS.tsv (W1, A8, …) where they have
// one, else by a word. It knows nothing of how the documents are made, so that a
// mistake of theirs cannot hide in it.
package check
