package federationtest

// Public is the collection of everybody (ActivityPub §5.6).
const Public = "https://www.w3.org/ns/activitystreams#Public"

// With sets fields of a document, given as names and values in turn, and returns
// it.
func With(document map[string]any, fields ...any) map[string]any {
	for i := 0; i+1 < len(fields); i += 2 {
		document[fields[i].(string)] = fields[i+1]
	}
	return document
}

// Activity is one of the account's: a kind, the last part of its id, and what it
// is about.
func (p *Peer) Activity(kind, name string, object any) map[string]any {
	return map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": p.URL() + "/activities/" + name,
		"type": kind, "actor": p.Actor(), "object": object,
	}
}

// Follow asks to follow an actor.
func (p *Peer) Follow(actor string) map[string]any { return p.Activity("Follow", "follow", actor) }

// Undo takes back an activity of the account's, which is embedded in it.
func (p *Peer) Undo(activity any) map[string]any { return p.Activity("Undo", "undo", activity) }

// Like likes an object.
func (p *Peer) Like(object string) map[string]any { return p.Activity("Like", "like", object) }

// React reacts to an object with an emoji, as Misskey and Pleroma do.
func (p *Peer) React(object, emoji string) map[string]any {
	return With(p.Activity("EmojiReact", "react", object), "content", emoji)
}

// Announce shares an object.
func (p *Peer) Announce(object string) map[string]any {
	return p.Activity("Announce", "announce", object)
}

// Note is a public post of the account's, by the last part of its id, in answer to
// an object or to none.
func (p *Peer) Note(name, content, inReplyTo string) map[string]any {
	return map[string]any{
		"id": p.PostID(name), "type": "Note", "attributedTo": p.Actor(), "inReplyTo": inReplyTo,
		"content": content, "contentMap": map[string]any{"en": content}, "published": "2031-03-01T03:04:05Z",
		"to": []any{Public}, "url": p.URL() + "/@" + p.account + "/" + name,
	}
}

// PostID is the id of the post with a name.
func (p *Peer) PostID(name string) string { return p.URL() + "/posts/" + name }

// Create sends a post out.
func (p *Peer) Create(note any) map[string]any { return p.Activity("Create", "create", note) }

// Update tells of a post's newer text, or of the account's newer document.
func (p *Peer) Update(object any) map[string]any { return p.Activity("Update", "update", object) }

// Delete takes a post back, or with the account's own id the account.
func (p *Peer) Delete(object any) map[string]any { return p.Activity("Delete", "delete", object) }

// Move sends the account's followers to another account.
func (p *Peer) Move(target string) map[string]any {
	return With(p.Activity("Move", "move", p.Actor()), "target", target)
}

// Block says that an actor is not to follow the account any more.
func (p *Peer) Block(actor string) map[string]any { return p.Activity("Block", "block", actor) }

// Flag reports objects.
func (p *Peer) Flag(content string, objects ...any) map[string]any {
	return With(p.Activity("Flag", "flag", objects), "content", content)
}

// QuoteRequest asks whether a post, by its id or embedded, may quote an object
// (FEP-044f).
func (p *Peer) QuoteRequest(object string, post any) map[string]any {
	return With(p.Activity("QuoteRequest", "quote-request", object), "instrument", post)
}
