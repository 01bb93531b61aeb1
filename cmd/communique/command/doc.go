// Package command holds every command of communique, a file each: it reads flags
// and arguments, calls who does the work, and prints what came of it. [Run] is the
// whole program but its process.
package command
