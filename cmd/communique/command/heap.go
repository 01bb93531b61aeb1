package command

import "runtime"

// heapFloor is how much of the heap a server reserves and never touches. The
// collector runs when the heap has doubled; that of a server with little to keep
// is doubled by a few hundred requests, and a fifth of its work would be
// collecting. The reserve is address space and no memory; it lets the heap grow
// by as much again between two collections, and by no more, however large it is.
const heapFloor = 32 << 20

// reserveHeap holds the reserve until it is released.
func reserveHeap() (release func()) {
	reserve := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(reserve) }
}
