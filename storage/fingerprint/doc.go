// Package fingerprint makes numbers of what an article says, by which a database finds
// by an index whether another one says the same ([Wording.Titled], [Wording.Text]) or
// nearly the same ([Wording.Shingles]), however many there are.
//
// The numbers are stored. What is changed here is found no more in what was stored
// before: it takes a migration that makes all of them anew.
package fingerprint
