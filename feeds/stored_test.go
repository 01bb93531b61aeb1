package feeds

import (
	"runtime"
	"testing"
)

// TestChunksAreShared for as long as somebody has them, and are forgotten then.
func TestChunksAreShared(t *testing.T) {
	t.Parallel()
	var shared chunks
	key := chunkKey{"hash", 3}
	first := shared.share(key, []byte("content"))
	if second := shared.share(key, []byte("content")); second != first || shared.get(key) != first {
		t.Error("two who read the same have it twice")
	}
	if shared.get(chunkKey{"hash", 4}) != nil || shared.get(chunkKey{"other", 3}) != nil {
		t.Error("another chunk is taken for it")
	}
	runtime.KeepAlive(first)
	forgotten := func() bool {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		return len(shared.all) == 0
	}
	for !forgotten() { // the test's own time limit ends it
		runtime.GC()
		runtime.Gosched()
	}
}
