package e2etest

import (
	"fmt"
)

// Activity is one of the peer's account.
func (p *Peer) Activity(kind, name string, object any) map[string]any {
	return map[string]any{
		"@context": ActivityStreams, "id": p.Server.URL + "/activities/" + name,
		"type": kind, "actor": p.Actor(), "object": object,
	}
}

// Post is a public post of the peer's account that answers something.
func (p *Peer) Post(name, content, inReplyTo string) map[string]any {
	return map[string]any{
		"id": p.Server.URL + "/posts/" + name, "type": "Note", "attributedTo": p.Actor(), "inReplyTo": inReplyTo,
		"content": content, "contentMap": map[string]string{"en": content}, "published": "2026-01-02T03:04:05Z",
		"to": []string{Public}, "url": p.Server.URL + "/@reader/" + name,
	}
}

// With sets fields of an object, given as name, value, name, value, and returns
// it.
func With(object map[string]any, fields ...any) map[string]any {
	for i := 0; i+1 < len(fields); i += 2 {
		object[fields[i].(string)] = fields[i+1]
	}
	return object
}

// Sends sends activities, each of which must be taken.
func (p *Peer) Sends(s *Site, activities ...map[string]any) {
	p.t.Helper()
	for _, a := range activities {
		Equal(p.t, fmt.Sprintf("the answer to %v", a["type"]), p.Send(s.Base+"/ap/inbox", a), 202)
	}
}

// Follow asks to follow an actor of ours.
func (p *Peer) Follow(actor string) map[string]any {
	return map[string]any{
		"@context": ActivityStreams, "id": p.Server.URL + "/follows/1",
		"type": "Follow", "actor": p.Actor(), "object": actor,
	}
}

// Undo takes [Peer.Follow] back.
func (p *Peer) Undo(actor string) map[string]any {
	return map[string]any{
		"@context": ActivityStreams, "id": p.Server.URL + "/undos/1",
		"type": "Undo", "actor": p.Actor(), "object": p.Follow(actor),
	}
}

// ActivityStreams is the context of activities; Public is whom they are for when
// they are for everybody.
const (
	ActivityStreams = "https://www.w3.org/ns/activitystreams"
	Public          = ActivityStreams + "#Public"
)
