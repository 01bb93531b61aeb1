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
	weigh    func(V) int    // nil: they are small
	group    func(V) string // nil: they belong to nobody
	now      func() time.Time

	mu      sync.Mutex
	entries map[string]*list.Element
	order   *list.List // of *entry[V], the last used in front
	groups  map[string]map[string]*list.Element
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
	return &cache[V]{
		limit: limit, heaviest: maxWeight, now: now, order: list.New(),
		entries: make(map[string]*list.Element), groups: make(map[string]map[string]*list.Element),
	}
}

// get returns the entry of a key if it has not expired. If it was fetched in the
// future, the clock has been set back since, and its expiry means nothing.
func (c *cache[V]) get(key string) (entry[V], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.live(key)
	if !ok {
		return entry[V]{}, false
	}
	return *e, true
}

func (c *cache[V]) live(key string) (*entry[V], bool) {
	element, ok := c.entries[key]
	if !ok {
		return nil, false
	}
	e := element.Value.(*entry[V])
	if now := c.now(); now.Before(e.fetched) || !now.Before(e.expires) {
		c.drop(element)
		return nil, false
	}
	c.order.MoveToFront(element)
	return e, true
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
	c.join(c.entries[key])
	c.trim()
}

func (c *cache[V]) trim() {
	for c.order.Len() > c.limit || c.weight > c.heaviest {
		c.drop(c.order.Back())
	}
}

// revise changes the value of a key if that is kept, and not how long it is. It reports
// whether it has; the value stays in its group.
func (c *cache[V]) revise(key string, change func(*V)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.live(key)
	if !ok {
		return false
	}
	c.weight -= c.weightOf(e.value)
	change(&e.value)
	c.weight += c.weightOf(e.value)
	c.trim()
	return true
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

// removeOf forgets the entries of a group that meet a condition.
func (c *cache[V]) removeOf(group string, condition func(value V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, element := range c.groups[group] {
		if condition(element.Value.(*entry[V]).value) {
			c.drop(element)
		}
	}
}

func (c *cache[V]) join(element *list.Element) {
	if c.group == nil {
		return
	}
	e := element.Value.(*entry[V])
	name := c.group(e.value)
	if c.groups[name] == nil {
		c.groups[name] = make(map[string]*list.Element)
	}
	c.groups[name][e.key] = element
}

func (c *cache[V]) leave(e *entry[V]) {
	if c.group == nil {
		return
	}
	name := c.group(e.value)
	delete(c.groups[name], e.key)
	if len(c.groups[name]) == 0 {
		delete(c.groups, name)
	}
}

func (c *cache[V]) drop(element *list.Element) {
	e := element.Value.(*entry[V])
	c.leave(e)
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
