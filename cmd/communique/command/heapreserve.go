package command

import "runtime"

// heapReserve is how much of the heap a server reserves and never touches, in bytes.
// The collector runs when the heap has doubled; a few hundred requests double that
// of a server with little to keep, and a fifth of its work would be collecting. The
// reserve takes address space, not memory; it lets the heap grow by that much
// between two collections, and by no more, however large the heap is.
const heapReserve = 32 << 20

// reserveHeap holds the reserve until it is released.
func reserveHeap() (release func()) {
	reserve := make([]byte, heapReserve)
	return func() { runtime.KeepAlive(reserve) }
}
