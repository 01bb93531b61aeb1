package feeds

import (
	"time"

	"communique/storage/press"
)

// Namespaces of the links between a feed and its past.
const (
	namespaceHistory   = "http://purl.org/syndication/history/1.0"
	namespaceTombstone = "http://purl.org/atompub/tombstones/1.0"
)

// past is the part of an XML feed that RSS (RFC 5005 §B) and Atom have in
// common; namespaces are declared where they are used.
type past struct {
	// Archive says that the document is not meant to be subscribed to (RFC 5005 §4).
	Archive *struct{} `xml:"fh:archive"`
	// Deleted are tombstones (RFC 6721 §3). RSS has no element of its own that
	// withdraws an item, so there they keep their namespace.
	Deleted []deletedEntry `xml:"at:deleted-entry"`
}

// deletedEntry names a withdrawn entry by its id (RFC 6721 §3).
type deletedEntry struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment string `xml:"at:comment,omitempty"`
}

// namespaces declares the namespaces in use, on the outermost element.
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
		p.Deleted = append(p.Deleted, deletedEntry{Ref: d.ID, When: f.local(d.At).Format(time.RFC3339), Comment: d.Reason})
	}
	return p, n
}

// relation is a link of a feed to a related document.
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

// jsonPast is our extension for what JSON Feed cannot express; older documents
// are linked by its own next_url.
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

// jsonPast returns the extension, or nil if it would be empty.
func (f Feed) jsonPast() *jsonPast {
	p := jsonPast{Archive: f.History.Archive, Current: f.History.Current, Newer: f.History.Newer}
	for _, d := range f.Deleted {
		p.Deleted = append(p.Deleted, jsonDeleted{ID: d.ID, At: f.local(d.At), Reason: d.Reason})
	}
	for _, o := range f.Others {
		p.Others = append(p.Others, jsonOther(o))
	}
	if len(p.Others) == 0 && !p.Archive && p.Current == "" && p.Newer == "" && len(p.Deleted) == 0 {
		return nil
	}
	return &p
}
