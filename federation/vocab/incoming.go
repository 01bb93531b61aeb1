package vocab

import (
	"encoding/json"
	"time"
)

// How much is kept of what we read, in bytes or items; longer texts are cut.
const (
	maxID      = 2048
	maxKind    = 256
	maxName    = 2048
	maxSummary = 20 << 10
	maxKeys    = 10
)

// Incoming is an activity as it was received. Only the signature proves that Actor
// sent it; what Objects embed is hearsay unless it is of Actor's origin.
type Incoming struct {
	ID      string // may be empty: some servers send Undo without one
	Type    string
	Actor   string
	Objects []Reference // one, but for Flag and the like
	Target  string
	// Content is what a Flag reports, or the emoji of a reaction: plain text, cut.
	Content string
	// Instrument is the post that asks to quote, in a QuoteRequest; the zero
	// reference if there is none, or several.
	Instrument Reference
	To, CC     []string
	// Published is zero if it is absent or not an RFC 3339 time.
	Published time.Time
}

// Object is the one object of the activity; false if it has none or several.
func (a Incoming) Object() (Reference, bool) {
	if len(a.Objects) != 1 {
		return Reference{}, false
	}
	return a.Objects[0], true
}

// Reference is an object named by an activity: by its id alone or embedded.
type Reference struct {
	ID   string // may be empty if it is embedded
	Type string // empty if it is not embedded
	// Raw is the embedded object, or nil.
	Raw json.RawMessage
}

// Activity reads the embedded object as an activity: the Follow in an Undo or
// in an Accept.
func (r Reference) Activity() (Incoming, error) {
	if r.Raw == nil {
		return Incoming{}, malformed("the object is not embedded")
	}
	return readActivity(r.Raw)
}

// ReadActivity reads what was posted to an inbox. Every error is
// [ErrMalformed].
func ReadActivity(document []byte) (Incoming, error) {
	document, err := checked(document)
	if err != nil {
		return Incoming{}, err
	}
	return readActivity(document)
}

func readActivity(raw json.RawMessage) (Incoming, error) {
	f, err := readFields(raw)
	if err != nil {
		return Incoming{}, err
	}
	var a Incoming
	if a.ID, err = f.ownID(); err != nil {
		return Incoming{}, err
	}
	if a.Type, err = f.kind(); err != nil {
		return Incoming{}, err
	}
	if a.Actor, err = f.id("actor"); err != nil {
		return Incoming{}, err
	}
	if a.Type == "" || a.Actor == "" {
		return Incoming{}, malformed("an activity without type or actor")
	}
	if a.Objects, err = f.references("object"); err != nil {
		return Incoming{}, err
	}
	if a.Target, err = f.id("target"); err != nil {
		return Incoming{}, err
	}
	a.Content = f.activityContent()
	instruments, err := f.references("instrument")
	if err != nil {
		return Incoming{}, err
	}
	if len(instruments) == 1 {
		a.Instrument = instruments[0]
	}
	a.To, a.CC = f.optionalIDs("to"), f.optionalIDs("cc")
	a.Published = f.time("published")
	return a, nil
}

// maxReport is how much of a report is kept, in bytes.
const maxReport = 4 << 10

// activityContent reads an activity's own text; Misskey writes the emoji of its
// reactions under a name of its own.
func (f fields) activityContent() string {
	if content := f.optionalText("content", maxReport); content != "" {
		return content
	}
	return f.optionalText("_misskey_reaction", maxReport)
}

func (f fields) references(name string) ([]Reference, error) {
	items, err := f.list(name)
	if err != nil {
		return nil, err
	}
	var found []Reference
	for _, item := range items {
		r, err := readReference(item, name)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

func readReference(raw json.RawMessage, name string) (Reference, error) {
	id, err := referenced(raw, name)
	if err != nil {
		return Reference{}, err
	}
	if raw[0] == '"' {
		return Reference{ID: id}, nil
	}
	f, err := readFields(raw)
	if err != nil {
		return Reference{}, err
	}
	kind, err := f.kind()
	return Reference{ID: id, Type: kind, Raw: raw}, err
}

// time reads a date; one that cannot be read is no reason to refuse a Follow.
func (f fields) time(name string) time.Time {
	s, err := f.text(name)
	if err != nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
