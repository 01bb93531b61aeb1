// Package picture turns an uploaded file into pictures that are fit for publication.
//
// [Read] recognises JPEG, PNG and GIF by content, refuses files that are too large
// before decoding a pixel, and copies only the data that draws the picture: camera,
// location, author, comments and anything hidden after the end are dropped (SECURITY
// A 34). A photograph is rotated as its EXIF data says. [Read] also scales the picture
// to smaller widths, for small screens and slow connections, and computes the blur
// that is shown until it is loaded.
//
// The package is pure: it knows neither the database nor addresses.
package picture
