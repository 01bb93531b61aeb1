package feeds

import (
	"sync"
	"sync/atomic"
	"testing"

	"communique/storage/press"
)

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := newCache(1000)
	renderings := 0
	get := func(key string, seq press.Seq, size int) press.Seq {
		d, err := c.get(key, version{seq: seq}, func() (*document, error) {
			renderings++
			return &document{version: version{seq: seq}, plain: make([]byte, size)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return d.version.seq
	}
	get("a", 1, 400)
	get("b", 1, 400)
	get("a", 1, 400)
	if renderings != 2 {
		t.Errorf("%d renderings of two documents", renderings)
	}
	get("c", 1, 400) // b was not asked for longest
	if get("a", 1, 400); renderings != 3 {
		t.Error("what was used last went first")
	}
	if get("b", 1, 400); renderings != 4 {
		t.Error("nothing went")
	}
	if get("b", 2, 400) != 2 || get("b", 1, 400) != 2 || renderings != 5 {
		t.Error("the newest version does not serve all")
	}
	if c.size > 1000 || len(c.byKey) != c.order.Len() {
		t.Errorf("%d bytes in %d documents", c.size, c.order.Len())
	}
	get("large", 1, 5000)
	if get("small", 1, 10); c.size > 1000 {
		t.Errorf("%d bytes", c.size)
	}
}

// TestOneRenderingForAll: whoever asks for a version gets the same bytes, made
// once.
func TestOneRenderingForAll(t *testing.T) {
	t.Parallel()
	c := newCache(1 << 20)
	var renderings atomic.Int32
	var wait sync.WaitGroup
	begin := make(chan struct{})
	for range 50 {
		wait.Go(func() {
			<-begin
			d, err := c.get("feed", version{seq: 7}, func() (*document, error) {
				renderings.Add(1)
				return &document{version: version{seq: 7}, plain: []byte("x")}, nil
			})
			if err != nil || string(d.plain) != "x" {
				t.Errorf("got %v, %v", d, err)
			}
		})
	}
	close(begin)
	wait.Wait()
	if n := renderings.Load(); n != 1 {
		t.Errorf("%d renderings", n)
	}
}
