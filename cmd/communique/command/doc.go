// Package command holds every command of communique, a file each: it reads flags
// and arguments, calls the package that does the work, and prints what came of it.
// What editors do is decided in package newsroom. [Run] is the whole program but its
// process.
package command
