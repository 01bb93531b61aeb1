package feeds

import (
	"container/list"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// document is the rendering of one version, plain and compressed.
type document struct {
	version     version
	plain, gzip []byte
	// The lengths, as values of Content-Length.
	plainLength, gzipLength []string
}

func newDocument(v version, plain, gzip []byte) *document {
	return &document{
		version: v, plain: plain, gzip: gzip,
		plainLength: []string{strconv.Itoa(len(plain))}, gzipLength: []string{strconv.Itoa(len(gzip))},
	}
}

func (d *document) size() int { return len(d.plain) + len(d.gzip) }

// cache keeps the newest version of each document, up to a total number of bytes;
// the least recently used goes first. A missing version is rendered once, however
// many requests wait for it.
type cache struct {
	flight   singleflight.Group
	rendered atomic.Int64 // documents, since the start

	mu    sync.Mutex
	limit int
	size  int
	byKey map[string]*list.Element
	order *list.List // of *kept, the most recently used first
}

type kept struct {
	key string
	*document
}

func newCache(limit int) *cache {
	return &cache{limit: limit, byKey: map[string]*list.Element{}, order: list.New()}
}

// get returns a document of at least the wanted version, rendering it if it is
// not in the cache.
func (c *cache) get(key string, wanted version, render func() (*document, error)) (*document, error) {
	if d := c.find(key, wanted); d != nil {
		return d, nil
	}
	// The version is part of the name: a request for a newer one must not be
	// given the older one that is being rendered.
	name := key + "@" + wanted.String()
	made, err, _ := c.flight.Do(name, func() (any, error) {
		if d := c.find(key, wanted); d != nil {
			return d, nil
		}
		d, err := render()
		if err == nil {
			c.rendered.Add(1)
			c.keep(key, d)
		}
		return d, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*document), nil
}

func (c *cache) find(key string, wanted version) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok || e.Value.(*kept).version.older(wanted) {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).document
}

func (c *cache) keep(key string, d *document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		if d.version.older(e.Value.(*kept).version) {
			return
		}
		c.drop(e)
	}
	c.byKey[key] = c.order.PushFront(&kept{key, d})
	c.size += d.size()
	for c.size > c.limit && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	k := e.Value.(*kept)
	c.order.Remove(e)
	delete(c.byKey, k.key)
	c.size -= k.size()
}
