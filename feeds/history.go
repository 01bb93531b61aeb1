package feeds

import (
	"time"

	"communique/storage/press"
)

// Namespaces of what ties a feed to its past.
const (
	namespaceHistory   = "http://purl.org/syndication/history/1.0"
	namespaceTombstone = "http://purl.org/atompub/tombstones/1.0"
)

// past is the part of an XML feed that RSS (RFC 5005 §B) and Atom have
// alike; namespaces are declared where they are used.
type past struct {
	// Archive says that the document is no subscription (RFC 5005 §4).
	Archive *struct{} `xml:"fh:archive"`
	// Deleted are tombstones (RFC 6721 §3). In RSS they stand in their own
	// namespace: nothing else there can take back an item.
	Deleted []deletedEntry `xml:"at:deleted-entry"`
}

// deletedEntry names the entry that was withdrawn, by its id (RFC 6721 §3).
type deletedEntry struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment string `xml:"at:comment,omitempty"`
}

// namespaces declares what is borrowed from elsewhere, if it is used, on the
// outermost element.
type namespaces struct {
	History   string `xml:"xmlns:fh,attr,omitempty"`
	Tombstone string `xml:"xmlns:at,attr,omitempty"`
	Media     string `xml:"xmlns:media,attr,omitempty"`
}

func (f Feed) past() (past, namespaces) {
	var p past
	var n namespaces
	if f.History.Archive {
		p.Archive, n.History = &struct{}{}, namespaceHistory
	}
	if f.illustrated() {
		n.Media = namespaceMedia
	}
	for _, d := range f.Deleted {
		n.Tombstone = namespaceTombstone
		p.Deleted = append(p.Deleted, deletedEntry{Ref: d.ID, When: d.At.UTC().Format(time.RFC3339), Comment: d.Reason})
	}
	return p, n
}

// relation is a link of a feed: where to, and as what.
type relation struct{ rel, href string }

// relations are the links between the documents of one feed (RFC 5005 §4).
func (h History) relations() []relation {
	var links []relation
	for _, r := range []relation{{"current", h.Current}, {"prev-archive", h.Older}, {"next-archive", h.Newer}} {
		if r.href != "" {
			links = append(links, r)
		}
	}
	return links
}

// jsonPast says in our own extension what JSON Feed has no words for; the
// older part is its next_url.
type jsonPast struct {
	Archive bool          `json:"archive,omitempty"`
	Current string        `json:"current,omitempty"`
	Newer   string        `json:"next_archive,omitempty"`
	Deleted []jsonDeleted `json:"deleted,omitempty"`
	Others  []jsonOther   `json:"translations,omitempty"`
}

// jsonOther is the same feed in another language.
type jsonOther struct {
	Language press.Language `json:"language"`
	Address  string         `json:"feed_url"`
}

type jsonDeleted struct {
	ID     string    `json:"id"`
	At     time.Time `json:"date_deleted"`
	Reason string    `json:"reason,omitempty"`
}

// jsonPast is nil if there is nothing to say.
func (f Feed) jsonPast() *jsonPast {
	p := jsonPast{Archive: f.History.Archive, Current: f.History.Current, Newer: f.History.Newer}
	for _, d := range f.Deleted {
		p.Deleted = append(p.Deleted, jsonDeleted{ID: d.ID, At: d.At.UTC(), Reason: d.Reason})
	}
	for _, o := range f.Others {
		p.Others = append(p.Others, jsonOther(o))
	}
	if len(p.Others) == 0 && !p.Archive && p.Current == "" && p.Newer == "" && len(p.Deleted) == 0 {
		return nil
	}
	return &p
}
