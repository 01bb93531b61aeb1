package federation

import (
	"fmt"
	"strings"
	"time"

	"communique/federation/vocab"
	"communique/storage/press"
	"communique/storage/publog"
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
type ours struct {
	Profile
	id     string
	kind   string // vocab.TypeOrganization, or vocab.TypeApplication of the instance's
	source string // of its deliveries; empty of the instance's, which says nothing
}

func (o ours) followers() string { return o.id + "/followers" }

// speaks tells whether the actor can be followed.
func (o ours) speaks() bool { return o.source != "" }

// allOurs are all actors, the author first and the instance's last.
func allOurs(o Options) []ours {
	var all []ours
	for _, p := range append([]Profile{o.Author}, o.Announcers...) {
		all = append(all, ours{Profile: p, kind: vocab.TypeOrganization, source: publog.ActorSource(p.Name)})
	}
	all = append(all, ours{
		Profile: Profile{Name: InstanceName, DisplayName: o.Site.Host(), Home: o.Author.Home}, kind: vocab.TypeApplication,
	})
	for i := range all {
		all[i].id = o.Site.Actor(all[i].Name)
	}
	return all
}

// named finds the actor of ours with a user name; press.ErrNotFound if there
// is none.
func (s *Server) named(name string) (ours, error) {
	for _, o := range s.actors {
		if o.Name == name {
			return o, nil
		}
	}
	return ours{}, fmt.Errorf("%w: actor %s", press.ErrNotFound, name)
}

// ours finds the actor of ours that an ActivityPub id names, if it is one that
// speaks: what is asked of the instance's actor is asked of nobody.
func (s *Server) ours(id string) (ours, bool) {
	for _, o := range s.actors {
		if o.id == id && o.speaks() {
			return o, true
		}
	}
	return ours{}, false
}

// bySource finds the actor of ours whose deliveries a source is.
func (s *Server) bySource(source string) (ours, bool) {
	for _, o := range s.actors {
		if o.source == source && o.speaks() {
			return o, true
		}
	}
	return ours{}, false
}

// byPage finds the first actor of ours that speaks for a page.
func (s *Server) byPage(page string) (ours, bool) {
	for _, o := range s.actors {
		if strings.TrimSuffix(o.Home, "/") == strings.TrimSuffix(page, "/") {
			return o, true
		}
	}
	return ours{}, false
}

// speaking are the actors of ours that can be followed, the author first.
func (s *Server) speaking() []ours {
	var all []ours
	for _, o := range s.actors {
		if o.speaks() {
			all = append(all, o)
		}
	}
	return all
}

// Pages are those that the actors that can be followed speak for.
func (s *Server) Pages() []string {
	var pages []string
	for _, o := range s.speaking() {
		pages = append(pages, o.Home)
	}
	return pages
}

// instance is the actor that signs our fetches.
func (s *Server) instance() ours { return s.actors[len(s.actors)-1] }

// authoring is the actor that says everything.
func (s *Server) authoring() ours { return s.actors[0] }
