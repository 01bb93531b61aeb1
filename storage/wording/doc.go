// Package wording says how the words of two texts differ: a text is cut into words
// ([Words]), and two lists of them are laid side by side ([Align]). Readers are shown
// it as the comparison of two versions; editors are told of passages that a correction
// would take back. What two have made of one text is taken apart by [Merge].
package wording
