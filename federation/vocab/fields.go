package vocab

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"
)

// fields is an object of a document that has passed [Check]. Names are compared
// with regard to case, which encoding/json does not do for a struct: there
// {"actor":"me","ACTOR":"victim"} is the victim's.
type fields map[string]json.RawMessage

// known lists the properties that we read: in lower case, and as they are spelled.
var known = func() map[string]string {
	m := make(map[string]string)
	for _, name := range []string{
		"id", "type", "actor", "object", "target", "instrument", "to", "cc", "published",
		"preferredUsername", "name", "summary", "inbox", "outbox", "followers", "following",
		"endpoints", "sharedInbox", "url", "href", "mediaType", "alsoKnownAs", "movedTo",
		"publicKey", "owner", "publicKeyPem",
		"attributedTo", "inReplyTo", "content", "updated", "tag",
	} {
		m[strings.ToLower(name)] = name
	}
	return m
}()

// readFields reads an object. A property that we know in another case is refused:
// its sender means it for others only.
func readFields(raw json.RawMessage) (fields, error) {
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return nil, malformed("an object was expected")
	}
	for key := range f {
		if name := known[strings.ToLower(key)]; name != "" && name != key {
			return nil, malformed("%q is spelled %q", name, key)
		}
	}
	return f, nil
}

// get returns a property, or nil if it is absent or null.
func (f fields) get(name string) json.RawMessage {
	if raw := f[name]; !isNull(raw) {
		return raw
	}
	return nil
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(raw, []byte("null")) }

// text reads a plain string, "" if it is absent.
func (f fields) text(name string) (string, error) {
	raw := f.get(name)
	if raw == nil {
		return "", nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", malformed("%s is not a string", name)
	}
	return s, nil
}

// shortText reads a string and cuts it to a number of bytes.
func (f fields) shortText(name string, limit int) (string, error) {
	s, err := f.text(name)
	return truncate(s, limit), err
}

// kind reads the type; of several, the first.
func (f fields) kind() (string, error) {
	values, err := f.list("type")
	if err != nil || len(values) == 0 {
		return "", err
	}
	var s string
	if err := json.Unmarshal(values[0], &s); err != nil || len(s) > maxKind {
		return "", malformed("type is not a string")
	}
	return s, nil
}

// list reads a value or an array of values.
func (f fields) list(name string) ([]json.RawMessage, error) {
	raw := f.get(name)
	if raw == nil {
		return nil, nil
	}
	if raw[0] != '[' {
		return []json.RawMessage{raw}, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, malformed("%s: %v", name, err)
	}
	return items, nil
}

// id reads a reference to one object: its id, an object with an id, or an array of
// one of these. It is "" if absent.
func (f fields) id(name string) (string, error) {
	ids, err := f.ids(name, 2)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	if len(ids) > 1 {
		return "", malformed("%s has several values", name)
	}
	return ids[0], nil
}

// ids reads references to at most limit objects and ignores the rest.
func (f fields) ids(name string, limit int) ([]string, error) {
	items, err := f.list(name)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range items[:min(len(items), limit)] {
		id, err := referenced(item, name)
		if err != nil {
			return nil, err
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// referenced reads a string, or the id of an object.
func referenced(raw json.RawMessage, name string) (string, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		object, err := readFields(raw)
		if err != nil {
			return "", malformed("%s is neither an id nor an object", name)
		}
		if s, err = object.text("id"); err != nil {
			return "", err
		}
	}
	if len(s) > maxID {
		return "", malformed("%s is longer than %d bytes", name, maxID)
	}
	return s, nil
}

// ownID reads the id of the object itself.
func (f fields) ownID() (string, error) {
	s, err := f.text("id")
	if err == nil && len(s) > maxID {
		return "", malformed("the id is longer than %d bytes", maxID)
	}
	return s, err
}

func linked(raw json.RawMessage) (href string, page bool, err error) {
	if json.Unmarshal(raw, &href) == nil {
		return truncate(href, maxID), false, nil
	}
	link, err := readFields(raw)
	if err != nil {
		return "", false, err
	}
	media, err := link.text("mediaType")
	if err != nil {
		return "", false, err
	}
	href, err = link.shortText("href", maxID)
	return href, media == "text/html", err
}

// Optional properties that cannot be read are passed over, as though they were
// absent: PHP writes [] for what is empty, and nothing is decided by them (SECURITY A15).

func (f fields) optionalText(name string, limit int) string {
	s, err := f.shortText(name, limit)
	if err != nil {
		return ""
	}
	return s
}

func (f fields) optionalID(name string) string {
	id, err := f.id(name)
	if err != nil {
		return ""
	}
	return id
}

// optionalLink reads a url: a string, a Link with href, or several of these, of which
// the page comes first (PeerTube lists its streams after it).
func (f fields) optionalLink(name string) string {
	items, err := f.list(name)
	if err != nil {
		return ""
	}
	first := ""
	for _, item := range items {
		href, page, err := linked(item)
		switch {
		case err != nil:
		case page:
			return href
		case first == "":
			first = href
		}
	}
	return first
}

// maxIDs bounds the lists of addresses and aliases.
const maxIDs = 256

// optionalIDs passes over the items that name nothing.
func (f fields) optionalIDs(name string) (ids []string) {
	items, err := f.list(name)
	if err != nil {
		return nil
	}
	for _, item := range items[:min(len(items), maxIDs)] {
		if id, err := referenced(item, name); err == nil && id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// truncate cuts a string to at most limit bytes, between characters.
func truncate(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// SameOrigin reports whether two ids are URLs with the same scheme, host and port:
// what the one says about the other is believed only then.
func SameOrigin(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && u.Host != "" &&
		u.Scheme == v.Scheme && strings.EqualFold(u.Host, v.Host)
}
