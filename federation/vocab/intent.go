package vocab

import (
	"net/url"
	"strings"
)

// Relations of links to where people act, on their own server, on what is
// elsewhere.
const (
	relFollow = "https://w3id.org/fep/3b86/Follow" // FEP-3b86 §4.10
	relCreate = "https://w3id.org/fep/3b86/Create" // FEP-3b86 §4.6
	// relSubscribe is the older relation.
	relSubscribe = "http://ostatus.org/schema/1.0/subscribe"
)

// Intents are templates of the addresses at which an account follows an actor and
// writes a post; empty if its server offers none.
type Intents struct {
	Follow string
	Create string
}

// Intents are the templates that a descriptor offers.
func (j JRD) Intents() Intents {
	var i Intents
	subscribe := ""
	for _, l := range j.Links {
		switch {
		case strings.EqualFold(l.Rel, relFollow):
			i.Follow = l.Template
		case strings.EqualFold(l.Rel, relCreate):
			i.Create = l.Template
		case l.Rel == relSubscribe:
			subscribe = l.Template
		}
	}
	if i.Follow == "" {
		i.Follow = subscribe
	}
	return i
}

// FollowAt is the address at which the account follows an actor. Templates call the
// actor {object} (FEP-3b86 §4.10.1), older ones {uri}.
func (i Intents) FollowAt(actor string) string {
	return expand(i.Follow, map[string]string{"object": actor, "uri": actor})
}

// CreateAt is the address at which the account writes a post that shares a page.
// Its template may take the whole text, or title and page separately (FEP-3b86
// §4.6.1); some servers call the page {object}.
func (i Intents) CreateAt(title, page string) string {
	return expand(i.Create, map[string]string{
		"type": TypeNote, "name": title, "content": title + "\n\n" + page, "attachment": page, "object": page,
	})
}

// expand puts percent-encoded values into a template; names without a value become
// empty (FEP-3b86 §3.2, §3.3).
func expand(template string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return b.String()
		}
		b.WriteString(strings.ReplaceAll(url.QueryEscape(values[name]), "+", "%20"))
		template = after
	}
}
