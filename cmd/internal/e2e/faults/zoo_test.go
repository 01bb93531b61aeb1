package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/deliveries"
)

// beast is a way for a server to misbehave: what it does with a connection, and
// what the host is said to be afterwards.
type beast struct {
	serve func(net.Conn)
	state deliveries.HostState
	error string // part of the last error; empty where it was no failure
}

// says answers every request with a text, byte for byte.
func says(answer string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body) // read to the end, or the client sees a reset
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	}
}

// status answers with a status and further header lines.
func status(line string, header ...string) func(net.Conn) {
	return says("HTTP/1.1 " + line + "\r\n" + strings.Join(append(header, "Content-Length: 0"), "\r\n") + "\r\n\r\n")
}

// bestiary is the zoo of inboxes (SECURITY B F10).
var bestiary = map[string]beast{
	"hangs up at once":              {func(net.Conn) {}, deliveries.HostFailing, "server unavailable"},
	"resets":                        {func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }, deliveries.HostFailing, "server unavailable"},
	"speaks another protocol":       {func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n") }, deliveries.HostFailing, "server unavailable"},
	"answers garbage":               {says("\x00\x01\x02 garbage \r\n\r\n"), deliveries.HostFailing, "server unavailable"},
	"answers nothing":               {hang, deliveries.HostFailing, ""},
	"drips":                         {drip, deliveries.HostFailing, ""},
	"endless header":                {says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), deliveries.HostFailing, "server unavailable"},
	"200 with a page":               {says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>Hello</p>"), deliveries.HostActive, ""},
	"promises 100 MB":               {says("HTTP/1.1 202 Accepted\r\nContent-Length: 104857600\r\n\r\nand hangs up"), deliveries.HostActive, ""},
	"301":                           {status("301 Moved", "Location: http://127.0.0.1:1/elsewhere"), deliveries.HostFailing, "status 301"},
	"307 to itself":                 {status("307 Temporary", "Location: /inbox"), deliveries.HostFailing, "status 307"},
	"401":                           {status("401 Unauthorized"), deliveries.HostFailing, "status 401"},
	"403":                           {status("403 Forbidden"), deliveries.HostActive, ""}, // refused: the cursor moves on
	"404":                           {status("404 Not Found"), deliveries.HostFailing, "status 404"},
	"410":                           {status("410 Gone"), deliveries.HostGone, "status 410"},
	"429 with seconds":              {status("429 Slow down", "Retry-After: 30"), deliveries.HostFailing, "status 429"},
	"429 with a date":               {status("429 Slow down", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT"), deliveries.HostFailing, "status 429"},
	"429 with a billion":            {status("429 Slow down", "Retry-After: 1000000000"), deliveries.HostFailing, "status 429"},
	"429 with nonsense":             {status("429 Slow down", "Retry-After: soon"), deliveries.HostFailing, "status 429"},
	"500":                           {status("500 Oops"), deliveries.HostFailing, "status 500"},
	"501":                           {status("501 What"), deliveries.HostActive, ""},
	"503":                           {status("503 Later"), deliveries.HostFailing, "status 503"},
	"999":                           {status("999 Odd"), deliveries.HostFailing, "status 999"},
	"a status that is not a number": {says("HTTP/1.1 abc Odd\r\n\r\n"), deliveries.HostFailing, "server unavailable"},
	"terminal escapes in a 503":     {says("HTTP/1.1 503 No\r\nContent-Length: 18\r\n\r\n\x1b[31mred\x1b[0m\n\u202eevil"), deliveries.HostFailing, "status 503"},
	"chunks that never end well":    {says("HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), deliveries.HostActive, ""},
	"hangs up in mid-answer":        {func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 20") }, deliveries.HostFailing, "server unavailable"},
	"two answers for one request":   {says("HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), deliveries.HostActive, ""},
}

func hang(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func drip(c net.Conn) {
	for range 60 {
		if _, err := io.WriteString(c, "H"); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// keep runs a beast on an address until the test ends.
func keep(t *testing.T, address string, b beast) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // its connections end with the client
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b.serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// followFrom lets an inbox of an address follow a site that is not served.
func followFrom(t *testing.T, store *storage.Store, host string) {
	t.Helper()
	err := store.Update(t.Context(), func(tx *storage.Tx) error {
		return followAt(tx, "http://"+host+"/users/reader/inbox")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// host is a server as destinations lists it.
type host struct {
	Name        string               `json:"host"`
	State       deliveries.HostState `json:"state"`
	Behind      int                  `json:"behind"`
	LastError   string               `json:"last_error"`
	NextAttempt time.Time            `json:"next_attempt"`
}

// hostsOf reads every server as an operator sees it.
func hostsOf(s *e2etest.Site) map[string]host {
	s.T.Helper()
	all := map[string]host{}
	for line := range strings.Lines(s.Must("destinations", "--json", "--limit", "1000")) {
		var h host
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			s.T.Fatalf("%q: %v", line, err)
		}
		all[h.Name] = h
	}
	return all
}

// TestFaultZoo delivers to every kind of broken server and to healthy ones
// beside them: each gets its verdict, the healthy ones get everything, and
// nothing is left behind in the process (SECURITY B F10).
func TestFaultZoo(t *testing.T) {
	s, c := e2etest.NewSite(t), newCrowd(t, 20, 60)
	c.follow(s)
	store := s.Open()
	kept := map[string]string{} // name by address
	n := 0
	for name, b := range bestiary {
		n++
		address := keep(t, fmt.Sprintf("127.0.78.%d:0", n), b)
		kept[address] = name
		followFrom(t, store, address)
	}
	followFrom(t, store, "nowhere.invalid:443")
	followFrom(t, store, "127.0.79.1:9")
	before := runtime.NumGoroutine()
	s.Serve()
	f := s.Publish("A statement")
	c.settles("the healthy ones", s.ObjectID(f), created)
	e2etest.Eventually(t, "every beast has its verdict", func() bool {
		judged := 0
		for _, h := range hostsOf(s) {
			if h.LastError != "" || h.Behind == 0 {
				judged++
			}
		}
		return judged == len(kept)+2+20
	})
	hosts := hostsOf(s)
	for address, name := range kept {
		h, b := hosts[address], bestiary[name]
		if h.State != b.state || !strings.Contains(h.LastError, b.error) || strings.ContainsAny(h.LastError, "\x1b\n\u202e") {
			t.Errorf("%s: it is %s, %q; want %s, %q", name, h.State, h.LastError, b.state, b.error)
		}
		if b.state == deliveries.HostFailing && h.NextAttempt.After(s.Clock.Now().Add(75*time.Minute)) {
			t.Errorf("%s is tried again only at %s", name, h.NextAttempt)
		}
	}
	for _, address := range []string{"nowhere.invalid:443", "127.0.79.1:9"} {
		if h := hosts[address]; h.State != deliveries.HostFailing && h.State != deliveries.HostActive || h.LastError == "" && h.Behind > 0 {
			t.Errorf("%s: it is %s, %q", address, h.State, h.LastError)
		}
	}
	s.Stop()
	e2etest.Eventually(t, "the goroutines are back where they were", func() bool { return runtime.NumGoroutine() <= before+10 })
}
