// Package check holds a site to the rules of the fediverse and of readers, as
// they see it from outside, and to some of its machine. The rules are one table,
// [Parts]; [Inspect] asks what they need of a running site and reports a
// [Finding] each. What judges an answer is a pure function of it, so that the
// tests of the whole program hold their own answers to the same rules.
//
// Rules are named by their ids in federation/SPECS.tsv (W1, A8, …) where they have
// one, else by a word. This package imports none of ours: it knows nothing of how
// the documents are made, so that no mistake of theirs can hide in it.
package check

//go:generate go test -run ^TestRulesAreDocumented$ -update
