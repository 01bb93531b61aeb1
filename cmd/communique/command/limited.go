package command

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/web"
)

// limited is a server of clients each of which takes no more than it may, and which are let
// go gently when it ends.
type limited struct {
	*http.Server
	leaving atomic.Bool

	mu     sync.Mutex
	open   int                    // connections
	unread map[net.Conn]time.Time // those that have not asked yet, by when they came
	since  time.Time              // when it began to leave; zero before
}

// limitedServer answers clients within the limits of the configuration.
func limitedServer(c config.Config, handler http.Handler, log *slog.Logger) *limited {
	return limit(&http.Server{
		Handler: handler, ConnState: web.NewConnections(c.TrustedProxies, c.Limits.Connections).Note, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: config.Seconds(c.Limits.HeaderWithin), ReadTimeout: config.Seconds(c.Limits.RequestWithin),
		WriteTimeout: config.Seconds(c.Limits.AnswerWithin), IdleTimeout: config.Seconds(c.Limits.Idle),
		MaxHeaderBytes: c.Limits.HeaderSize << 10,
	})
}

func limit(server *http.Server) *limited {
	l := &limited{Server: server, unread: map[net.Conn]time.Time{}}
	handler, note := server.Handler, server.ConnState
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, &connection{Conn: c})
	}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connectionKey{}).(*connection); ok && !c.asked.Swap(true) {
			l.asks(c.Conn)
		}
		if l.leaving.Load() {
			w.Header().Set("Connection", "close") // HTTP/2 makes GOAWAY of it
		}
		handler.ServeHTTP(w, r)
	})
	server.ConnState = func(c net.Conn, state http.ConnState) {
		note(c, state)
		l.count(c, state)
	}
	return l
}

func (l *limited) count(c net.Conn, state http.ConnState) {
	if state == http.StateActive || state == http.StateIdle {
		return // the start and the end of each request
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch state {
	case http.StateNew:
		l.open++
		l.unread[c] = time.Now()
	case http.StateClosed, http.StateHijacked:
		l.open--
		delete(l.unread, c)
	}
}

// connectionKey is the key of the connection of a request in its context.
type connectionKey struct{}

// connection is one that has asked, or not yet.
type connection struct {
	net.Conn
	asked atomic.Bool
}

func (l *limited) asks(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.unread, c)
}

// waits reports whether those who are there are waited for, once it leaves: all of them for the
// time of a farewell, and then those who have not asked yet and came so lately that they may be
// about to.
func (l *limited) waits(lately time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open > 0 && time.Since(l.since) < farewellFor {
		return true
	}
	for _, came := range l.unread {
		if time.Since(came) < lately {
			return true
		}
	}
	return false
}

const (
	// stopWithin is how long requests under way may take when the server stops.
	stopWithin = 5 * time.Second
	// aboutTo is how long ago somebody may have come who has not asked yet, and is waited
	// for all the same while others wait for the next server.
	aboutTo = time.Second
	// farewellFor is how long clients with a connection are told, with each answer, that it
	// ends. One that asks just when it is closed would get no answer.
	farewellFor = 250 * time.Millisecond
	// lookEvery is the pause between two looks at who is there.
	lookEvery = 10 * time.Millisecond
)

// farewell tells whoever asks from now on that their connection ends. Those who come meanwhile
// are answered, too.
func (l *limited) farewell() {
	if l.leaving.Swap(true) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since = time.Now()
}

// leave closes the listener, so that who comes now is answered by the next server on the same
// socket, if there is one; lets those go who are there; and ends.
func (l *limited) leave(listener net.Listener) { l.leaveTo(listener, stopWithin) }

// empty is leave where whoever comes once the listener is closed has to wait: it is closed when
// nobody is there who has yet to be heard, and they are not waited for long after it.
func (l *limited) empty(listener net.Listener) {
	l.farewell()
	for began := time.Now(); l.waits(aboutTo) && time.Since(began) < stopWithin; {
		time.Sleep(lookEvery)
	}
	l.leaveTo(listener, aboutTo)
}

func (l *limited) leaveTo(listener net.Listener, lately time.Duration) {
	l.farewell()
	_ = listener.Close() // nobody can be told
	// A first request that is read once Shutdown has begun gets no answer.
	for l.waits(lately) {
		time.Sleep(lookEvery)
	}
	grace, stop := context.WithTimeout(context.Background(), stopWithin)
	defer stop()
	if err := l.Shutdown(grace); err != nil {
		_ = l.Close() // they have had their time
	}
}
