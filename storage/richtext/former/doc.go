// Package former is the cleaning of texts as it was up to version 0.4, frozen.
//
// What an older program imported is known again by a hash of the text that it
// made, and what it published under a key by a digest of the whole draft. The
// cleaning has changed since, so these can only be told by cleaning the same
// source once more as it was done then. Nothing that is made here is stored,
// shown or sent, and nothing here is to be mended: a mistake that is put right
// makes an old article unknown.
//
// The package can go when no database is left whose articles were filed by a
// program before version 0.5.
package former
