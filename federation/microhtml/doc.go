// Package microhtml cuts article text to the HTML that servers of microblogs
// keep, without loss of meaning.
//
// Mastodon keeps paragraphs, lists, quotations, a few inline elements, and
// drops everything else: the cells of a table run into one another, a picture
// vanishes with its alternative text, a superscript two becomes a plain one.
// [Cut] says all of it with what is kept: a table becomes a list whose lines
// name the column, a heading a bold paragraph, a picture a link with its
// alternative text, an abbreviation is followed by what it stands for. No word
// of the article is lost, and what comes out passes those servers' own cleaning
// unchanged.
//
// The package is pure; what goes in has been cleaned by richtext.
package microhtml
