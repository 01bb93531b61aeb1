package e2etest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"
)

// Hang is after how long what does not happen counts as hanging. It has room
// for a machine that is ten times slower than a developer's; nothing is said
// about speed by it.
const Hang = 3 * time.Minute

// Eventually waits for a condition that another goroutine or process brings
// about. It looks often at first and then less: a look may be expensive.
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	const seldom = 50 * time.Millisecond
	deadline, pause := time.Now().Add(Hang), time.Millisecond
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to pass: %s", what)
		}
		time.Sleep(pause)
		pause = min(2*pause, seldom)
	}
}

// Equal compares by what is printed of two values.
func Equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Buffer collects what a server in another goroutine or process writes.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
