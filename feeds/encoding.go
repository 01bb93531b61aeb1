package feeds

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// acceptsGzip reports whether Accept-Encoding accepts gzip (RFC 9110 §12.5.3).
func acceptsGzip(r *http.Request) bool {
	lines := r.Header["Accept-Encoding"]
	if len(lines) == 1 && (lines[0] == "gzip" || lines[0] == "gzip, deflate, br") {
		return true // what most readers send, and browsers long did
	}
	accepted := false
	for part := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return weight(parameters) > 0 // named, so that "*" no longer counts
		case "*":
			accepted = weight(parameters) > 0
		}
	}
	return accepted
}

// weight parses a quality value (RFC 9110 §12.4.2); an invalid one counts as 0.
func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, found := strings.Cut(strings.TrimSpace(p), "=")
		if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0
		}
		return q
	}
	return 1
}

// WritePage answers with a page that is made for this request alone, compressed if the
// reader accepts that. The other header fields are the caller's.
func WritePage(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	AddVary(h, "Accept-Encoding")
	h.Set(fieldType, "text/html; charset=utf-8")
	if acceptsGzip(r) {
		if zipped, err := compress(page); err == nil {
			page = zipped
			h[fieldCoding] = gzipCoding
		}
	}
	h.Set(fieldLength, strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = w.Write(page) // a reader that has gone away is not an error
}

// zippers are used again: a new one takes 800 KB.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func compress(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&b)
	if _, err := z.Write(plain); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return b.Bytes(), nil
}

// AddVary adds a request field to the Vary of an answer unless it is there
// already (RFC 9110 §12.5.5).
func AddVary(h http.Header, field string) {
	for _, v := range h.Values("Vary") {
		for name := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(name), field) {
				return
			}
		}
	}
	h.Set("Vary", strings.Join(append(h.Values("Vary"), field), ", ")) // old caches read only the last of several lines
}
