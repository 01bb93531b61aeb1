package e2etest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// Answer is an HTTP answer that has been read.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Fields reads a JSON object.
func (a Answer) Fields(t *testing.T) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(a.Body, &fields); err != nil {
		t.Fatalf("not a JSON object: %v\n%s", err, a.Body)
	}
	return fields
}

// ActivityJSON is the media type of ActivityPub documents.
const ActivityJSON = "application/activity+json"

// Request makes a request without following redirections. headers are pairs.
func Request(t *testing.T, method, address string, headers ...string) Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Send(t, r, headers...)
}

// Send makes a request of one's own as [Request] does.
func Send(t *testing.T, r *http.Request, headers ...string) Answer {
	t.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	// Nothing is asked for that is not in headers.
	plain := &http.Transport{DisableCompression: true}
	defer plain.CloseIdleConnections()
	client := &http.Client{Transport: plain, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return Read(t, got)
}

// Read reads an answer to its end.
func Read(t *testing.T, got *http.Response) Answer {
	t.Helper()
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: got.StatusCode, Header: got.Header, Body: body}
}

// Get makes a GET request as [Request] does.
func Get(t *testing.T, address string, headers ...string) Answer {
	t.Helper()
	return Request(t, http.MethodGet, address, headers...)
}

// Object fetches an ActivityPub document.
func Object(t *testing.T, id string) map[string]any {
	t.Helper()
	got := Get(t, id, "Accept", ActivityJSON)
	if got.Status != http.StatusOK {
		t.Fatalf("%s answers %d\n%s", id, got.Status, got.Body)
	}
	return got.Fields(t)
}

// At walks into nested JSON by a path of keys.
func At(v any, path ...string) any {
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// Text is the text at a path of keys in nested JSON, empty if there is none.
func Text(v any, path ...string) string {
	s, _ := At(v, path...).(string)
	return s
}
