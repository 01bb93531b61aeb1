package remote

import (
	"container/list"
	"sync"
	"time"
)

// cache keeps what was fetched, or the error if it could not be, for a time. It has
// at most limit entries, if they are weighed of heaviest bytes in all: the one that
// was asked for longest ago goes first.
type cache[V any] struct {
	limit    int
	heaviest int
	weigh    func(V) int // nil: they are small
	now      func() time.Time

	mu      sync.Mutex
	entries map[string]*list.Element
	order   *list.List // of *entry[V], the last used in front
	weight  int
}

type entry[V any] struct {
	key     string
	value   V
	err     error // instead of a value
	fetched time.Time
	expires time.Time
}

func newCache[V any](limit int, now func() time.Time) *cache[V] {
	return &cache[V]{limit: limit, heaviest: maxWeight, now: now, entries: make(map[string]*list.Element), order: list.New()}
}

// get returns the entry of a key if it has not expired. If it was fetched in the
// future, the clock has been set back since, and its expiry means nothing.
func (c *cache[V]) get(key string) (entry[V], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[key]
	if !ok {
		return entry[V]{}, false
	}
	e := element.Value.(*entry[V])
	if now := c.now(); now.Before(e.fetched) || !now.Before(e.expires) {
		c.drop(element)
		return entry[V]{}, false
	}
	c.order.MoveToFront(element)
	return *e, true
}

// put keeps a value, or an error in its place, for a time from now.
func (c *cache[V]) put(key string, value V, err error, keep time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.entries[key]; ok {
		c.drop(old)
	}
	now := c.now()
	c.entries[key] = c.order.PushFront(&entry[V]{key, value, err, now, now.Add(keep)})
	c.weight += c.weightOf(value)
	for c.order.Len() > c.limit || c.weight > c.heaviest {
		c.drop(c.order.Back())
	}
}

// remove forgets a key.
func (c *cache[V]) remove(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[key]; ok {
		c.drop(element)
	}
}

// removeIf forgets the entries that meet a condition. It looks at all of them.
func (c *cache[V]) removeIf(condition func(key string, value V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for element := c.order.Front(); element != nil; {
		next := element.Next()
		if e := element.Value.(*entry[V]); condition(e.key, e.value) {
			c.drop(element)
		}
		element = next
	}
}

func (c *cache[V]) drop(element *list.Element) {
	e := element.Value.(*entry[V])
	delete(c.entries, e.key)
	c.order.Remove(element)
	c.weight -= c.weightOf(e.value)
}

func (c *cache[V]) weightOf(value V) int {
	if c.weigh == nil {
		return 0
	}
	return c.weigh(value)
}
