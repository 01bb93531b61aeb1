package vocab

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// How much is kept of a post, beside the bounds of incoming.go.
const (
	maxContent  = 64 << 10 // bytes of HTML
	maxLanguage = 64
	maxTags     = 256
)

// IncomingNote is somebody's post, as it was received. Texts are cut to what we
// keep but not cleaned. That AttributedTo wrote it is proved by nothing but the
// origin of the document.
type IncomingNote struct {
	ID           string
	Type         string
	AttributedTo string
	InReplyTo    string
	Content      string // HTML, not cleaned
	Language     string // empty unless contentMap names just one
	URL          string
	To, CC       []string
	Mentions     []string // the ids of the actors that it mentions
	// Quotes is the id of what it quotes (FEP-044f, or one of the older names), or
	// empty.
	Quotes    string
	Published time.Time
	Updated   time.Time
}

// Public reports whether the post is addressed to everybody.
func (n IncomingNote) Public() bool {
	for _, to := range slices.Concat(n.To, n.CC) {
		// Some servers compact the collection's id (ActivityPub §5.6).
		if to == Public || to == "as:Public" || to == "Public" {
			return true
		}
	}
	return false
}

// posts are the types that count as posts: a poll can be a reply, too.
var posts = []string{"Note", "Article", "Question", "Page"}

// IsPost reports whether a type is that of a post.
func IsPost(kind string) bool { return slices.Contains(posts, kind) }

// ReadNote reads a post, which must have an id and an author. Every error is
// [ErrMalformed].
func ReadNote(document []byte) (IncomingNote, error) {
	document, err := checked(document)
	if err != nil {
		return IncomingNote{}, err
	}
	return readNote(document)
}

// IsTombstone reports whether a document says that something was deleted.
func IsTombstone(document []byte) bool {
	document, err := checked(document)
	if err != nil {
		return false
	}
	f, err := readFields(document)
	if err != nil {
		return false
	}
	kind, err := f.kind()
	return err == nil && kind == "Tombstone"
}

// Note reads the embedded object as a post.
func (r Reference) Note() (IncomingNote, error) {
	if r.Raw == nil {
		return IncomingNote{}, malformed("the object is not embedded")
	}
	return readNote(r.Raw)
}

// Actor reads the embedded object as an actor: what the Update of a profile has.
func (r Reference) Actor() (RemoteActor, error) {
	if r.Raw == nil {
		return RemoteActor{}, malformed("the object is not embedded")
	}
	f, err := readFields(r.Raw)
	if err != nil {
		return RemoteActor{}, err
	}
	return readActor(f)
}

func readNote(raw json.RawMessage) (IncomingNote, error) {
	f, err := readFields(raw)
	if err != nil {
		return IncomingNote{}, err
	}
	n, err := f.note()
	if err != nil {
		return IncomingNote{}, err
	}
	if n.ID == "" || n.AttributedTo == "" || !IsPost(n.Type) {
		return n, malformed("not a post: id %q, type %q, attributedTo %q", truncate(n.ID, 200), n.Type, truncate(n.AttributedTo, 200))
	}
	return n, nil
}

func (f fields) note() (n IncomingNote, err error) {
	if n.ID, err = f.ownID(); err != nil {
		return n, err
	}
	if n.Type, err = f.kind(); err != nil {
		return n, err
	}
	if n.AttributedTo, err = f.id("attributedTo"); err != nil {
		return n, err
	}
	n.InReplyTo, n.Content = f.optionalID("inReplyTo"), f.noteContent()
	n.URL = f.optionalLink("url")
	n.To, n.CC = f.optionalIDs("to"), f.optionalIDs("cc")
	n.Published, n.Updated = f.time("published"), f.time("updated")
	n.Language, n.Quotes, n.Mentions = f.language(), f.quotes(), f.mentions()
	return n, nil
}

// noteContent reads a post's text. If only contentMap has one (Activity Vocabulary
// §4.7), it is that; of several languages, the first in the order of their tags.
func (f fields) noteContent() string {
	if content := f.optionalText("content", maxContent); content != "" {
		return content
	}
	var texts fields // by language, of which one, Indonesian, is spelled like a property
	if json.Unmarshal(f.get("contentMap"), &texts) != nil || len(texts) == 0 {
		return ""
	}
	return texts.optionalText(slices.Min(slices.Collect(maps.Keys(texts))), maxContent)
}

// language is the only language in contentMap; empty if there are several.
func (f fields) language() string {
	var texts map[string]json.RawMessage
	if json.Unmarshal(f.get("contentMap"), &texts) != nil || len(texts) != 1 {
		return ""
	}
	for language := range texts {
		return truncate(language, maxLanguage)
	}
	return ""
}

// quotes reads what a post quotes, under the name of FEP-044f or an older one. A
// quote that is not a string is ignored.
func (f fields) quotes() string {
	for _, name := range []string{"quote", "quoteUrl", "quoteUri", "_misskey_quote"} {
		if id, err := f.id(name); err == nil && id != "" {
			return id
		}
	}
	return ""
}

// mentions are the actors that tags of the type Mention name.
func (f fields) mentions() (actors []string) {
	tags, err := f.list("tag")
	if err != nil {
		return nil
	}
	for _, tag := range tags[:min(len(tags), maxTags)] {
		t, err := readFields(tag)
		if err != nil {
			continue
		}
		href := t.optionalText("href", maxID)
		if kind, err := t.kind(); err == nil && kind == "Mention" && href != "" {
			actors = append(actors, href)
		}
	}
	return actors
}
