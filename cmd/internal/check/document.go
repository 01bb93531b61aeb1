package check

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Document is an answer as it was read.
type Document struct {
	URL    string // that was asked
	Status int
	Header http.Header
	Body   []byte
	Err    error // why there is no answer
}

// answer says in a few words what came.
func (d Document) answer() string {
	if d.Err != nil {
		return d.Err.Error()
	}
	kind := d.Header.Get("Content-Type")
	if kind == "" && len(d.Body) == 0 {
		return fmt.Sprint(d.Status)
	}
	return fmt.Sprintf("%d, %s, %d bytes", d.Status, kind, len(d.Body))
}

// fields reads a JSON object; it is nil if the body is something else.
func (d Document) fields() map[string]any {
	var fields map[string]any
	if json.Unmarshal(d.Body, &fields) != nil {
		return nil
	}
	return fields
}

// at walks into nested objects.
func at(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func text(v any, path ...string) string {
	s, _ := at(v, path...).(string)
	return s
}

// texts is a list of texts, also of a single one.
func texts(v any, path ...string) []string {
	switch value := at(v, path...).(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, one := range value {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

func objects(v any, path ...string) []map[string]any {
	var all []map[string]any
	list, _ := at(v, path...).([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// sameHost tells whether two addresses are of one scheme and host.
func sameHost(a, b string) bool {
	one, err := url.Parse(a)
	other, err2 := url.Parse(b)
	return err == nil && err2 == nil && one.Host != "" && one.Scheme == other.Scheme && one.Host == other.Host
}

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	activityJSON    = "application/activity+json"
	ldJSON          = "application/ld+json"
)

// isActivityJSON knows the two types that receivers take.
func isActivityJSON(contentType string) bool {
	kind, parameters, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == activityJSON || kind == ldJSON && parameters["profile"] == activityStreams)
}

// varies tells whether caches are told that an answer depends on a header.
func (d Document) varies(header string) bool {
	for _, value := range d.Header.Values("Vary") {
		names := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, header) }) {
			return true
		}
	}
	return false
}
