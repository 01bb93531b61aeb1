// Package terms turns text into terms, the units that a search compares. It is pure
// and the same for every engine; an engine only stores and finds terms.
//
// Index and query both use [Split], so that they always agree:
//
//   - In scripts that separate words, a word is one term. It is folded (case, width,
//     diacritics of Latin and Greek letters, Arabic spelling variants, ё as е) and
//     stripped of common endings by a few rules, without a dictionary: plurals of
//     Western languages, cases of Cyrillic ones, the article and suffixes of Arabic.
//     Figures are terms of their own, and so are raised and lowered ones, so that H₂O is
//     found as H2O and 10⁶ as 10^6, but not as 106.
//   - Chinese, Japanese, Korean, Thai and similar scripts are cut into overlapping
//     pairs of characters, with the last character alone: 外交部 is 外交, 交部, 部. So
//     a text of any length is found as a phrase of pairs (王毅 is one), and a single
//     character as the beginning of a term.
//
// A term consists of lower-case letters, digits and marks, which no engine mistakes
// for syntax. [Parse] parses what people type, [Query.Extract] shows where a text
// contains it.
package terms
