package federation

import (
	"fmt"
	"strings"
	"time"

	"communique/federation/vocab"
	"communique/storage/press"
	"communique/storage/publog"
)

// Profile is what one of our actors shows of itself.
type Profile struct {
	Name        string // user name, of a-z, 0-9 and _
	DisplayName string
	Summary     string // plain text
	Home        string // URL of its page on this site
	Icon        vocab.Image
	Header      vocab.Image
	Fields      []Field
	Published   time.Time
	// Tags are featured on the profile, at most ten; their pages are in Language.
	Tags     []string
	Language press.Language
	// Domains are those, beside the site's own, whose pages may name this actor as
	// their author.
	Domains []string
}

// Field is a line of the profile's table. A value that is a web address becomes a
// link.
type Field struct{ Name, Value string }

// localActor is an actor of this site: the author, one that announces, or the
// instance's.
type localActor struct {
	Profile
	id     string
	kind   string // vocab.TypeOrganization; vocab.TypeApplication for the instance's
	source string // of its deliveries; empty for the instance's, which publishes nothing
}

func (o localActor) followers() string { return o.id + "/followers" }

// canBeFollowed reports whether the actor publishes anything.
func (o localActor) canBeFollowed() bool { return o.source != "" }

// localActors are all actors of the site, the author first and the instance's last.
func localActors(o Options) []localActor {
	var all []localActor
	for _, p := range append([]Profile{o.Author}, o.Announcers...) {
		all = append(all, localActor{Profile: p, kind: vocab.TypeOrganization, source: publog.ActorSource(p.Name)})
	}
	all = append(all, localActor{
		Profile: Profile{Name: InstanceName, DisplayName: o.Site.Host(), Home: o.Author.Home}, kind: vocab.TypeApplication,
	})
	for i := range all {
		all[i].id = o.Site.Actor(all[i].Name)
	}
	return all
}

// actorNamed finds the actor with a user name; press.ErrNotFound if there is none.
func (s *Server) actorNamed(name string) (localActor, error) {
	for _, o := range s.actors {
		if o.Name == name {
			return o, nil
		}
	}
	return localActor{}, fmt.Errorf("%w: actor %s", press.ErrNotFound, name)
}

// actorByID finds the actor with an ActivityPub id, if it is one that can be
// followed: nothing can be asked of the instance's.
func (s *Server) actorByID(id string) (localActor, bool) {
	for _, o := range s.actors {
		if o.id == id && o.canBeFollowed() {
			return o, true
		}
	}
	return localActor{}, false
}

// actorBySource finds the actor whose deliveries have a source.
func (s *Server) actorBySource(source string) (localActor, bool) {
	for _, o := range s.actors {
		if o.source == source && o.canBeFollowed() {
			return o, true
		}
	}
	return localActor{}, false
}

// actorByPage finds the first actor whose page an address is.
func (s *Server) actorByPage(page string) (localActor, bool) {
	for _, o := range s.actors {
		if strings.TrimSuffix(o.Home, "/") == strings.TrimSuffix(page, "/") {
			return o, true
		}
	}
	return localActor{}, false
}

// followable are the actors that can be followed, the author first.
func (s *Server) followable() []localActor {
	var all []localActor
	for _, o := range s.actors {
		if o.canBeFollowed() {
			all = append(all, o)
		}
	}
	return all
}

// Pages are the pages of the actors that can be followed.
func (s *Server) Pages() []string {
	var pages []string
	for _, o := range s.followable() {
		pages = append(pages, o.Home)
	}
	return pages
}

// instanceActor is the one that signs our fetches.
func (s *Server) instanceActor() localActor { return s.actors[len(s.actors)-1] }

// authorActor is the one that publishes everything.
func (s *Server) authorActor() localActor { return s.actors[0] }
