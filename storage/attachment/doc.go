// Package attachment tells which files may go out beside an article: treaties,
// tables, calendars.
//
// [Read] takes a file by its name and content. The name says what the file is to be,
// the content must be just that: a PDF, an OpenDocument or Office Open XML document, or
// plain text, CSV or iCalendar in UTF-8. What runs (macros, scripts, programs, formulas
// in CSV), what opens with a password only, what hides other files, and what unpacks
// without end is refused, with a word on what to do. It looks for what office programs
// write, not for what somebody hides with skill; readers are protected by how the file
// is served.
//
// The package is pure: it knows neither the database nor addresses.
package attachment
