package federation

import (
	"fmt"
	"strings"
	"time"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
)

// Profile is what an actor of ours shows of itself.
type Profile struct {
	Name        string // user name, of a-z, 0-9 and _
	DisplayName string
	Summary     string // plain text
	Home        string // URL of the page that it speaks for
	Icon        vocab.Image
	Header      vocab.Image
	Fields      []Field
	Published   time.Time
	// Tags are featured, at most ten; their pages are in Language.
	Tags     []string
	Language press.Language
	// Domains are others beside the site's own whose pages may name this actor
	// as their author.
	Domains []string
}

// Field is a line of the profile's table. A value that is a web address
// becomes a link.
type Field struct{ Name, Value string }

// ours is an actor of ours: the author, one that announces, or the instance's.
type localActor struct {
	Profile
	id     string
	kind   string // vocab.TypeOrganization, or vocab.TypeApplication of the instance's
	source string // of its deliveries; empty of the instance's, which says nothing
}

func (o localActor) followers() string { return o.id + "/followers" }

// speaks tells whether the actor can be followed.
func (o localActor) canBeFollowed() bool { return o.source != "" }

// allOurs are all actors, the author first and the instance's last.
func localActors(o Options) []localActor {
	var all []localActor
	for _, p := range append([]Profile{o.Author}, o.Announcers...) {
		all = append(all, localActor{Profile: p, kind: vocab.TypeOrganization, source: storage.ActorSource(p.Name)})
	}
	all = append(all, localActor{
		Profile: Profile{Name: InstanceName, DisplayName: o.Site.Host(), Home: o.Author.Home}, kind: vocab.TypeApplication,
	})
	for i := range all {
		all[i].id = o.Site.Actor(all[i].Name)
	}
	return all
}

// named finds the actor of ours with a user name; press.ErrNotFound if there
// is none.
func (s *Server) actorNamed(name string) (localActor, error) {
	for _, o := range s.actors {
		if o.Name == name {
			return o, nil
		}
	}
	return localActor{}, fmt.Errorf("%w: actor %s", press.ErrNotFound, name)
}

// ours finds the actor of ours that an ActivityPub id names, if it is one that
// speaks: what is asked of the instance's actor is asked of nobody.
func (s *Server) actorByID(id string) (localActor, bool) {
	for _, o := range s.actors {
		if o.id == id && o.canBeFollowed() {
			return o, true
		}
	}
	return localActor{}, false
}

// bySource finds the actor of ours whose deliveries a source is.
func (s *Server) actorBySource(source string) (localActor, bool) {
	for _, o := range s.actors {
		if o.source == source && o.canBeFollowed() {
			return o, true
		}
	}
	return localActor{}, false
}

// byPage finds the first actor of ours that speaks for a page.
func (s *Server) actorByPage(page string) (localActor, bool) {
	for _, o := range s.actors {
		if strings.TrimSuffix(o.Home, "/") == strings.TrimSuffix(page, "/") {
			return o, true
		}
	}
	return localActor{}, false
}

// speaking are the actors of ours that can be followed, the author first.
func (s *Server) followable() []localActor {
	var all []localActor
	for _, o := range s.actors {
		if o.canBeFollowed() {
			all = append(all, o)
		}
	}
	return all
}

// Pages are those that the actors that can be followed speak for.
func (s *Server) Pages() []string {
	var pages []string
	for _, o := range s.followable() {
		pages = append(pages, o.Home)
	}
	return pages
}

// instance is the actor that signs our fetches.
func (s *Server) instanceActor() localActor { return s.actors[len(s.actors)-1] }

// authoring is the actor that says everything.
func (s *Server) authorActor() localActor { return s.actors[0] }
