// Package microhtml reduces article text to the HTML that microblogging servers
// keep, without loss of meaning.
//
// Mastodon keeps paragraphs, lists, quotations and a few inline elements and drops
// everything else: the cells of a table run into one another, a picture vanishes
// with its alternative text, a superscript two becomes a plain one. [Cut] expresses
// all of it with what is kept: a table becomes a list whose lines name the column, a
// heading a bold paragraph, a picture a link with its alternative text, and an
// abbreviation is followed by its long form. No word of the article is lost, and
// the result passes those servers' own cleaning unchanged.
//
// The package is pure; its input has been cleaned by richtext.
package microhtml
