package vocab

import "time"

// Activity is an activity that we send, made by one of the New functions below.
type Activity struct {
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Actor     string   `json:"actor"`
	Published Time     `json:"published,omitzero"`
	To        []string `json:"to,omitempty"`
	CC        []string `json:"cc,omitempty"`
	Object    any      `json:"object"` // an id, or a struct of this package
	Target    string   `json:"target,omitempty"`
	Result    string   `json:"result,omitempty"` // what an Accept grants
}

// context is that of the embedded object.
func (a Activity) context() string {
	if embedded, ok := a.Object.(Document); ok {
		return embedded.context()
	}
	return plainContext
}

// Object is what can be published: a [Note] or an [Article].
type Object interface {
	Document
	// With returns the object with the reactions to it, as it is answered when it
	// is fetched.
	With(Reactions) Object
	published() Activity
}

func (n Note) published() Activity {
	return Activity{Actor: n.AttributedTo, Published: n.Published, To: n.To, CC: n.CC, Object: n}
}

func (a Article) published() Activity {
	return Activity{Actor: a.AttributedTo, Published: a.Published, To: a.To, CC: a.CC, Object: a}
}

// NewCreate publishes an object. Actor, audience and time are the object's.
func NewCreate(id string, o Object) Activity {
	a := o.published()
	a.ID, a.Type = id, TypeCreate
	return a
}

// NewUpdate replaces a published object by its new state. The activity is dated by
// the change; the object keeps its date.
func NewUpdate(id string, at time.Time, o Object) Activity {
	a := o.published()
	a.ID, a.Type, a.Published = id, TypeUpdate, Time(at)
	return a
}

// NewActorUpdate announces a changed profile or key, with the whole actor.
func NewActorUpdate(id string, at time.Time, of Actor) Activity {
	return Activity{
		ID: id, Type: TypeUpdate, Actor: of.ID, Published: Time(at),
		To: []string{Public}, CC: audience(of.Followers), Object: of,
	}
}

// NewDelete withdraws an object, to everybody.
func NewDelete(id, actor, followers string, gone Tombstone) Activity {
	return Activity{
		ID: id, Type: TypeDelete, Actor: actor, Published: gone.Deleted,
		To: []string{Public}, CC: audience(followers), Object: gone,
	}
}

// NewAnnounce shares an object that another actor authored.
func NewAnnounce(id, actor, followers, object string, at time.Time) Activity {
	return Activity{
		ID: id, Type: TypeAnnounce, Actor: actor, Published: Time(at),
		To: []string{Public}, CC: audience(followers), Object: object,
	}
}

// NewMove sends an actor's followers to another account, whose alsoKnownAs names
// the actor.
func NewMove(id, actor, followers, target string, at time.Time) Activity {
	return Activity{
		ID: id, Type: TypeMove, Actor: actor, Published: Time(at), To: audience(followers), Object: actor, Target: target,
	}
}

// NewAccept answers a follow request with yes. The request is embedded:
// some servers recognise it by its parts, others by its id.
func NewAccept(id string, f Follow) Activity { return answer(id, TypeAccept, f) }

// NewReject answers a follow request with no, or removes a follower.
func NewReject(id string, f Follow) Activity { return answer(id, TypeReject, f) }

func answer(id, kind string, f Follow) Activity {
	return Activity{ID: id, Type: kind, Actor: f.Object, To: audience(f.Actor), Object: f.embedded()}
}

// NewFollow asks to follow an actor.
func NewFollow(f Follow) Activity {
	return Activity{ID: f.ID, Type: TypeFollow, Actor: f.Actor, To: audience(f.Object), Object: f.Object}
}

// NewUndoFollow takes a follow request back.
func NewUndoFollow(id string, f Follow) Activity {
	return Activity{ID: id, Type: TypeUndo, Actor: f.Actor, To: audience(f.Object), Object: f.embedded()}
}

// Follow is a follow request, sent or received: the follower (Actor) asks to
// follow Object. ID may be empty.
type Follow struct {
	ID     string
	Actor  string
	Object string
}

// FollowOf reads the request out of a received activity; false if it is not one or
// does not say whom to follow.
func FollowOf(a Incoming) (Follow, bool) {
	o, ok := a.Object()
	if a.Type != TypeFollow || !ok || o.ID == "" {
		return Follow{}, false
	}
	return Follow{ID: a.ID, Actor: a.Actor, Object: o.ID}, true
}

type embeddedFollow struct {
	ID     string `json:"id,omitempty"`
	Type   string `json:"type"`
	Actor  string `json:"actor"`
	Object string `json:"object"`
}

func (f Follow) embedded() embeddedFollow {
	return embeddedFollow{ID: f.ID, Type: TypeFollow, Actor: f.Actor, Object: f.Object}
}

func audience(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
