// Package picture makes a file that somebody handed in into pictures that can
// be shown to everyone.
//
// [Read] recognises JPEG, PNG and GIF by content, refuses what is too large
// before a pixel is decoded, and copies from the file only what draws the
// picture: camera, place, author, comments and whatever hides behind the end
// are left out (SECURITY A 34). A photograph that its EXIF data says to turn is
// turned. [Read] then makes the picture in smaller widths, for small screens and
// slow lines, and the blur that stands in its place until it is loaded.
//
// The package is pure and knows neither the database nor addresses.
package picture
