package postgres

import (
	"net"
	"time"
)

// How a peer that says nothing any more is found out without a word of ours.
const (
	keepAliveIdle     = time.Second
	keepAliveInterval = 500 * time.Millisecond
	keepAliveCount    = 2
	unacknowledged    = 1500 * time.Millisecond
)

// dialer connects with settings by which a link that swallows what is sent breaks
// within two seconds, also where we only listen.
func dialer(timeout time.Duration) *net.Dialer {
	return &net.Dialer{
		Timeout: timeout,
		KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: keepAliveIdle, Interval: keepAliveInterval, Count: keepAliveCount,
		},
		Control: control,
	}
}
