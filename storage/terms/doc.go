// Package terms turns text into what a search compares: terms. It is pure, and
// the same for every engine; an engine only stores terms and finds them again.
//
// Index and query go through one door, [Split], so that they always agree:
//
//   - A word in a script that sets words apart is one term. It is folded (case,
//     width, marks of Latin and Greek letters, the spellings of Arabic, ё as е)
//     and loses the ending that a few rules know, without a dictionary: the
//     plural of Western languages, the cases of Cyrillic ones, the article and
//     suffixes of Arabic.
//   - Chinese, Japanese, Korean, Thai and their like are cut into overlapping
//     pairs of characters, each beginning a term, the last one alone: 外交部 is
//     外交, 交部, 部. So a text of any length is found as a phrase of pairs (王毅
//     is one), and a single character as the beginning of a term.
//
// A term holds lower-case letters, digits and marks only, nothing that any
// engine takes for syntax. [Parse] reads what people type, [Query.Extract]
// shows where a text says it.
package terms
