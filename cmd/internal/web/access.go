package web

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"communique/storage/press"
)

// Access is how much of a client's address stands in the log, in the line of each
// request.
type Access string

// The accesses. [AccessShort] leaves out the last part of an address, by which a reader
// would be known.
const (
	AccessOff   Access = "off" // no line
	AccessShort Access = "short"
	AccessFull  Access = "full"
)

// Answer is what became of a request.
type Answer struct {
	Status int
	Bytes  int64
	Took   time.Duration
}

// requestKey is of the name of a request in its context.
type requestKey struct{}

// RequestID is what a request is called in the log, and to whom it failed. A request has
// a name from its first use on, or in the log of all requests from its beginning.
func RequestID(r *http.Request) string {
	if id, ok := r.Context().Value(requestKey{}).(string); ok {
		return id
	}
	return strings.ToLower(rand.Text()[:12])
}

// Named gives each request its name from its beginning on.
func Named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, named(r)) })
}

func named(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, RequestID(r)))
}

// Observe writes a line for each request into a log, as far as access says so. address is how
// the address of a request may stand in it, and is asked once the request is answered.
func Observe(log *slog.Logger, access Access, address func(*http.Request) string) func(http.Handler) http.Handler {
	return observe(log, access, address, nil)
}

// observe is [Observe], which tells of each answer, too, if told is set.
func observe(log *slog.Logger, access Access, address func(*http.Request) string, told func(*http.Request, Answer)) func(http.Handler) http.Handler {
	lines := access == AccessShort || access == AccessFull
	return func(next http.Handler) http.Handler {
		if !lines && told == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			if lines {
				r = named(r)
			}
			counted := &countedWriter{ResponseWriter: w}
			defer func() {
				answer := Answer{counted.status, counted.bytes, time.Since(began)}
				if answer.Status == 0 {
					answer.Status = http.StatusOK // nothing was written, which is sent as this
				}
				if told != nil {
					told(r, answer)
				}
				if lines {
					log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", address(r)),
						slog.Int("status", answer.Status), slog.Int64("bytes", answer.Bytes), slog.Duration("took", answer.Took),
						slog.String("client", ClientOf(r.RemoteAddr, access)), slog.String("request", RequestID(r)))
				}
			}()
			next.ServeHTTP(counted, r)
		})
	}
}

// observe tells of each answer.
func (a answerer) observe(o Options) func(http.Handler) http.Handler {
	var told func(*http.Request, Answer)
	if o.Answered != nil {
		told = func(r *http.Request, answer Answer) { o.Answered(RouteOf(r.URL.Path), answer) }
	}
	return observe(a.log, o.Access, func(r *http.Request) string { return logged(r.URL.Path) }, told)
}

// logged is an address as it may stand in the log: without the words of an article's
// title and the name of a file. Somebody who knows them may ask before an embargo ends, or
// after a withdrawal.
func logged(path string) string {
	parts := strings.Split(path, "/") // the first is empty
	switch {
	case len(parts) > 4 && parts[2] == "articles" && parts[4] != "" && parts[4] != press.HistorySlug:
		return strings.Join(parts[:4], "/") + "/…"
	case len(parts) > 3 && parts[1] == "files":
		return strings.Join(parts[:3], "/") + "/…"
	}
	return path
}

// ClientOf is a client's address as it may stand in the log. 24 bits of an IPv4 address,
// and 48 of an IPv6 address, say which network it is in.
func ClientOf(remote string, access Access) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return "unknown"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	if addr = addr.Unmap().WithZone(""); access == AccessFull {
		return addr.String()
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(addr, bits).Masked().String()
}

// countedWriter remembers what was answered.
type countedWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap is for [http.ResponseController].
func (w *countedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *countedWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *countedWriter) Write(body []byte) (int, error) {
	n, err := w.ResponseWriter.Write(body)
	w.wrote(int64(n))
	return n, err //nolint:wrapcheck // it is the writer's own
}

// ReadFrom keeps the way by which the system sends a file by itself.
func (w *countedWriter) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, r)
	w.wrote(n)
	return n, err //nolint:wrapcheck // it is the writer's own
}

func (w *countedWriter) wrote(n int64) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.bytes += n
}
