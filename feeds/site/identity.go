package site

import (
	"time"

	"communique/storage/press"
)

// Identity is the institution as its pages and feeds show it.
type Identity struct {
	Site press.Site
	// Names is the institution's name by language; a language without one uses
	// that of the first of Languages.
	Names map[press.Language]string
	// Languages are those of the site, the default first; never empty.
	Languages []press.Language
	// Zone is the time zone in which the institution dates its statements.
	Zone *time.Location
	// Actor is the user name of the fediverse actor, without host.
	Actor string
	// RelMe are the institution's profiles elsewhere, which the pages verify by
	// linking to them.
	RelMe []string
	// ActorPages are the addresses of the pages that the site's actors represent.
	ActorPages []string
	// Accent is the colour of band, links and focus, as in "#1d4f91".
	Accent string
	// SerifTitles sets titles in a serif type.
	SerifTitles bool
	// Arms is the address of the institution's arms or logo: absolute or a
	// path of this site; may be empty.
	Arms string
	// ArmsAlt is their alternative text; empty if they only decorate the name.
	ArmsAlt string
	// Contact and Imprint are addresses for the foot of the page, "https:" or
	// "mailto:"; an empty one is left out.
	Contact, Imprint string
	// CorrectionsPolicy is the address of the institution's corrections policy, of
	// the same kind; may be empty.
	CorrectionsPolicy string
	// SecurityContact is an address for those who find a vulnerability, "mailto:"
	// or "https:"; may be empty.
	SecurityContact string
	// Kinds are the kinds of articles, in the order in which they are offered.
	Kinds []Kind
	// HideReplies hides the replies to articles.
	HideReplies bool
}

// Name is the institution's name in a language.
func (id Identity) Name(lang press.Language) string { return id.name(lang).Text }

func (id Identity) name(lang press.Language) Text {
	for _, l := range append([]press.Language{lang}, id.Languages...) {
		if n := id.Names[l]; n != "" {
			return Text{Text: n, Lang: l}
		}
	}
	return Text{Text: id.Site.Host()}
}

// Handle is the address of the fediverse actor, "@name@host".
func (id Identity) Handle() string { return "@" + id.Site.Handle(id.Actor) }

// sectionName is a section's name for a page in a language.
func (id Identity) sectionName(s press.Section, lang press.Language) Text {
	first := id.Languages[0]
	return Text{Text: s.Name(lang, first), Lang: s.NameLanguage(lang, first)}
}
