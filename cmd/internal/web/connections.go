package web

import (
	"net"
	"net/http"
	"net/netip"
	"sync"

	"communique/federation/moderation"
)

// Connections counts the open connections of each client and closes those above a
// bound, so that nobody takes all that the system has. A web server in front, which is
// trusted to tell its clients apart, is not bounded.
type Connections struct {
	trusted []netip.Prefix
	most    int

	mu     sync.Mutex // guards what follows
	client map[net.Conn]string
	open   map[string]int
}

// NewConnections returns a count in which a client may have up to most connections.
func NewConnections(trusted []netip.Prefix, most int) *Connections {
	return &Connections{trusted: trusted, most: most, client: map[net.Conn]string{}, open: map[string]int{}}
}

// Note is for the ConnState of an [http.Server].
func (c *Connections) Note(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if !c.enter(conn) {
			_ = conn.Close() // the server finds it closed, and forgets it
		}
	case http.StateClosed, http.StateHijacked:
		c.leave(conn)
	case http.StateActive, http.StateIdle: // it is counted
	}
}

func (c *Connections) enter(conn net.Conn) bool {
	address := conn.RemoteAddr().String()
	if peer, err := netip.ParseAddrPort(address); err == nil && within(peer.Addr(), c.trusted) {
		return true
	}
	key := moderation.ClientKey(address)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[key] >= c.most {
		return false
	}
	c.open[key]++
	c.client[conn] = key
	return true
}

func (c *Connections) leave(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, counted := c.client[conn]
	if !counted {
		return
	}
	delete(c.client, conn)
	if c.open[key]--; c.open[key] == 0 {
		delete(c.open, key)
	}
}
