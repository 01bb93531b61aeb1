package people

import (
	"cmp"
	"slices"
	"time"

	"communique/storage/press"
)

// Person is somebody who may work on the desk.
type Person struct {
	ID      string
	Login   string // by which they sign in, in small letters
	Name    string // by which others know them
	Email   string // may be empty
	Zone    string // where they are, by its name in the IANA's database; empty if they have not said
	Created time.Time
	Removed time.Time // zero while they are not
	Epoch   int64     // see the package
	// Doubted is set since a backup was put back, which does not know whether they still work
	// here, or with which roles, until somebody says so: they may do nothing.
	Doubted bool
	Grants  []Grant
}

// Role is what somebody may do.
type Role string

// The roles. Each but [Operator] lets its holder read what is kept back in its place.
const (
	Reader   Role = "reader"   // reads
	Author   Role = "author"   // writes drafts, and changes their own
	Editor   Role = "editor"   // changes every draft, corrects and withdraws
	Approver Role = "approver" // releases what others have written
	Alone    Role = "alone"    // releases without a second person, with a reason
	Operator Role = "operator" // invites and removes people, blocks servers
)

// Roles are all roles, in the order in which people are told of them.
func Roles() []Role { return []Role{Reader, Author, Editor, Approver, Alone, Operator} }

// Grant is a role in a place.
type Grant struct {
	Role     Role
	Section  press.SectionID // with all below it; press.Root is everywhere
	Language press.Language  // empty is every language
}

// May tells whether a person has one of some roles for what is in a section, whose trail
// from the top is given, and in a language.
func (p Person) May(trail []press.SectionID, lang press.Language, roles ...Role) bool {
	return p.Removed.IsZero() && !p.Doubted && slices.ContainsFunc(p.Grants, func(g Grant) bool {
		return slices.Contains(roles, g.Role) &&
			(g.Section == press.Root || slices.Contains(trail, g.Section)) &&
			(g.Language == "" || g.Language == lang)
	})
}

// MayAnywhere tells whether a person has one of some roles in whatever place.
func (p Person) MayAnywhere(roles ...Role) bool {
	return p.Removed.IsZero() && !p.Doubted && slices.ContainsFunc(p.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// Name is who somebody is.
type Name struct {
	ID, Login string
	Name      string // may be empty
	Writes    bool   // is author or editor somewhere
}

// Shown is what somebody is called: by their name, or else by their login.
func (n Name) Shown() string { return cmp.Or(n.Name, n.Login) }

// Shown is [Name.Shown].
func (p Person) Shown() string { return cmp.Or(p.Name, p.Login) }

// Reads are the roles whose holders read what is kept back.
func Reads() []Role { return []Role{Reader, Author, Editor, Approver, Alone} }

// Strict are the roles that one person alone does not give to anybody, and that nobody has
// without a second factor.
func Strict() []Role { return []Role{Approver, Alone, Operator} }

// Covers tells whether a grant gives all that another one does, in whose section, with the
// trail from the top that is given, that one is.
func (g Grant) Covers(other Grant, trail []press.SectionID) bool {
	return g.Role == other.Role && (g.Section == press.Root || slices.Contains(trail, g.Section)) &&
		(g.Language == "" || g.Language == other.Language)
}
