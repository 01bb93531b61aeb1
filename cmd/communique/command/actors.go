package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"communique/cmd/internal/config"
	"communique/federation"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
)

// configFile is where an error in the configuration is.
func (in *installation) configFile() string { return filepath.Join(in.config.Data, config.File) }

// prepareActors brings the database up to date with the actors that the
// configuration names: the keys of new ones, and what each announces from now on.
func (in *installation) prepareActors(ctx context.Context, passphrase *signature.Passphrase) error {
	keys, err := in.missingKeys(ctx, passphrase)
	if err != nil {
		return err
	}
	return in.store.Update(ctx, func(tx *storage.Tx) error {
		if err := addKeys(tx, keys); err != nil {
			return err
		}
		sources, err := in.announcers(tx)
		if err != nil {
			return err
		}
		for _, s := range sources {
			if err := tx.AddSource(s); err != nil {
				return err
			}
		}
		return in.retireActors(tx)
	})
}

// addKeys stores the keys of actors, by actor and name.
func addKeys(tx *storage.Tx, keys map[string]map[string]string) error {
	for actor, named := range keys {
		for name, key := range named {
			if err := tx.AddSigningKey(actor, name, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// missingKeys makes keys for the actors that have none: outside of the
// transaction, because that takes a while.
func (in *installation) missingKeys(ctx context.Context, passphrase *signature.Passphrase) (map[string]map[string]string, error) {
	keys := map[string]map[string]string{}
	err := in.store.View(ctx, func(tx *storage.Tx) error {
		for _, name := range in.config.Actors() {
			_, err := tx.SigningKey(name, actors.KeyMain)
			if errors.Is(err, press.ErrNotFound) {
				keys[name] = nil
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	for name := range keys {
		if err == nil {
			keys[name], err = federation.GenerateKeys(passphrase, name)
		}
	}
	return keys, err
}

// announcers returns the further actors as sources of deliveries.
func (in *installation) announcers(tx *storage.Tx) ([]publog.Source, error) {
	announced, err := in.desk("").RememberAnnounced(tx)
	if err != nil {
		return nil, err
	}
	var sources []publog.Source
	for _, a := range in.config.Announcers {
		s := publog.Source{Name: publog.ActorSource(a.Name), Kind: publog.Announcer, Section: press.Root, Language: a.Language}
		for _, one := range announced {
			if one.Actor == a.Name {
				s.Section = one.ID
			}
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// retireActors stops actors that the configuration no longer names from announcing
// anything. One that has followers must stay: their servers delete an actor that
// answers 404, with everything that it published.
func (in *installation) retireActors(tx *storage.Tx) error {
	retired, refused, err := in.retired(tx)
	if err != nil || len(refused) > 0 {
		return errors.Join(append(refused, err)...)
	}
	for _, s := range retired {
		s.Section = publog.Nowhere
		if err := tx.AddSource(s); err != nil {
			return err
		}
	}
	return nil
}

// retired are the actors that the configuration no longer names, and why some of them
// must stay.
func (in *installation) retired(tx *storage.Tx) (retired []publog.Source, refused []error, err error) {
	known, err := tx.Actors()
	if err != nil {
		return nil, nil, err
	}
	for _, s := range known {
		name := s.Actor()
		if s.Kind != publog.Announcer || slices.Contains(in.config.Actors(), name) {
			continue
		}
		followers, err := tx.CountFollowers(s.Name)
		if err != nil {
			return nil, nil, err
		}
		if followers > 0 {
			refused = append(refused, fmt.Errorf("%s: actors: @%s has %d followers and was taken out; put it back, or their servers would take it for deleted", in.configFile(), name, followers))
		}
		retired = append(retired, s)
	}
	return retired, refused, nil
}

// pictures are an actor's, as the configuration names them.
type pictures struct{ icon, header *newsdesk.Media }

// gallery holds the pictures of all actors, by their names.
type gallery map[string]pictures

func (g gallery) all() []newsdesk.Media {
	var all []newsdesk.Media
	for _, p := range g {
		for _, m := range []*newsdesk.Media{p.icon, p.header} {
			if m != nil {
				all = append(all, *m)
			}
		}
	}
	return all
}

func loadPictures(c config.Config) (gallery, error) {
	g := gallery{}
	var err error
	if g[c.Actor.Name], err = picturesOf(c, "actor", c.Actor); err != nil {
		return nil, err
	}
	for i, a := range c.Announcers {
		if g[a.Name], err = picturesOf(c, fmt.Sprintf("actors[%d]", i), a.Actor); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func picturesOf(c config.Config, field string, a config.Actor) (p pictures, err error) {
	if p.icon, err = loadPicture(c, field+".icon", a.Icon); err != nil {
		return p, err
	}
	p.header, err = loadPicture(c, field+".header", a.Header)
	return p, err
}

// profileOf is what the ministry's actor shows.
func profileOf(in *installation, g gallery) federation.Profile {
	p := in.profile(in.config.Actor, g)
	p.DisplayName, p.Home = in.config.Name, in.site.Home(in.language())
	p.Tags, p.Language, p.Domains = in.config.Saying.Tags, in.language(), in.config.Saying.Domains
	return p
}

// announcersOf is what the further actors show, the ministry's picture if they have
// none. homes are the sections that they announce, by their names.
func announcersOf(in *installation, g gallery, homes map[string]press.Path) []federation.Profile {
	ministry := profileOf(in, g)
	var all []federation.Profile
	for _, a := range in.config.Announcers {
		p := in.profile(a.Actor, g)
		lang := a.Language
		if lang == "" {
			lang = in.language()
		}
		p.DisplayName, p.Home = a.DisplayName, in.site.Home(lang)
		if path, ok := homes[a.Name]; ok {
			p.Home = in.site.Section(lang, path)
		}
		if p.Icon == (vocab.Image{}) {
			p.Icon = ministry.Icon
		}
		if p.Header == (vocab.Image{}) {
			p.Header = ministry.Header
		}
		all = append(all, p)
	}
	return all
}

func (in *installation) profile(a config.Actor, g gallery) federation.Profile {
	shown := g[a.Name]
	p := federation.Profile{
		Name: a.Name, Summary: strings.TrimSpace(a.Summary), Published: in.created,
		Icon: pictureOf(in, shown.icon), Header: pictureOf(in, shown.header),
	}
	for _, f := range a.Fields {
		p.Fields = append(p.Fields, federation.Field{Name: f.Name, Value: f.Value})
	}
	return p
}

// pictureOf is a picture of an actor. Its address changes with its bytes:
// receivers never fetch an address twice.
func pictureOf(in *installation, m *newsdesk.Media) vocab.Image {
	if m == nil {
		return vocab.Image{}
	}
	return vocab.Image{MediaType: m.Type, URL: in.site.Media(m.Name()), Width: m.Width, Height: m.Height}
}
