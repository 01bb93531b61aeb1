package vocab

import (
	"encoding/json"
	"strings"
)

// JRD is the JSON Resource Descriptor of WebFinger (RFC 7033 §4.4).
type JRD struct {
	Subject string   `json:"subject"`
	Aliases []string `json:"aliases,omitempty"`
	Links   []Link   `json:"links"`
}

// Link is a link of a [JRD] or of the NodeInfo index.
type Link struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// Relations of links.
const (
	RelSelf        = "self"
	RelProfilePage = "http://webfinger.net/rel/profile-page"
	// RelService names a server's own actor in its WebFinger (FEP-d556).
	RelService = Namespace + "#Service"
	// RelApplication names it in the NodeInfo index (FEP-2677).
	RelApplication = Namespace + "#Application"
)

// Marshal writes the descriptor as JSON, the same bytes each time.
func (j JRD) Marshal() ([]byte, error) { return encode(j) }

// NewActorJRD describes an actor. The handle has no "acct:"; the answer has this
// spelling whatever was asked for. There is one self link: with two, Mastodon finds
// neither.
func NewActorJRD(handle, id, page string) JRD {
	j := JRD{
		Subject: "acct:" + handle,
		Aliases: []string{id},
		Links:   []Link{{Rel: RelSelf, Type: MediaType, Href: id}},
	}
	if page != "" && page != id {
		j.Aliases = append(j.Aliases, page)
		j.Links = append(j.Links, Link{Rel: RelProfilePage, Type: "text/html", Href: page})
	}
	return j
}

// ReadJRD reads the links that another server's WebFinger answers. Those that cannot be
// read are passed over, and so is everything else, on which nothing here depends.
func ReadJRD(document []byte) (JRD, error) {
	document, err := checked(document)
	if err != nil {
		return JRD{}, err
	}
	var read struct{ Links []json.RawMessage }
	if err := json.Unmarshal(document, &read); err != nil {
		return JRD{}, malformed("not a resource descriptor: %v", err)
	}
	var j JRD
	for _, raw := range read.Links {
		var l struct{ Rel, Type, Href, Template optional }
		if json.Unmarshal(raw, &l) == nil {
			j.Links = append(j.Links, Link{Rel: string(l.Rel), Type: string(l.Type), Href: string(l.Href), Template: string(l.Template)})
		}
	}
	return j, nil
}

// Self is the id of the actor that a descriptor names; false if it names none.
func (j JRD) Self() (string, bool) {
	for _, l := range j.Links {
		if l.Rel == RelSelf && IsActivityJSON(l.Type) && l.Href != "" {
			return l.Href, true
		}
	}
	return "", false
}

// ParseHandle splits "acct:user@host", with or without the scheme or a leading "@".
// It must have been percent-decoded.
func ParseHandle(resource string) (user, host string, ok bool) {
	handle := resource
	if len(handle) >= 5 && strings.EqualFold(handle[:5], "acct:") {
		handle = handle[5:]
	}
	user, host, ok = strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if !ok || user == "" || host == "" || strings.ContainsAny(user, "/:?# ") || strings.ContainsAny(host, "@/?# ") {
		return "", "", false
	}
	return user, host, true
}
