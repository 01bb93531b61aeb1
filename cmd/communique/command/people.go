package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/people"
	"communique/storage/press"
)

// personLine is somebody as people prints them with --json.
type personLine struct {
	Login   string       `json:"login"`
	Name    string       `json:"name"`
	Email   string       `json:"email,omitempty"`
	Since   string       `json:"since"`
	Grants  listOfGrants `json:"grants"`
	Waits   listOfGrants `json:"waits,omitempty"`      // until a second person has agreed
	Doubted bool         `json:"doubted,omitempty"`    // since a backup was put back
	Link    string       `json:"invitation,omitempty"` // told once
	Expires string       `json:"expires,omitempty"`
}

// grantLine is what somebody may do, and where; empty is everywhere.
type grantLine struct {
	Role     people.Role    `json:"role"`
	Section  press.Path     `json:"section,omitempty"`
	Language press.Language `json:"language,omitempty"`
}

const rolesHelp = `The roles are reader (reads what is kept back), author (writes), editor (changes what all
write, corrects, withdraws), approver (releases what others wrote), alone (releases without
a second person) and operator (invites people, blocks servers). A role is for the whole site
unless a section, with all below it, and a language are named: approver:the-ministry:fr,
author::ar.`

const twoHelp = `The roles approver, alone and operator take two: once two are there who can agree, what is
asked for here waits until both have agreed at the desk, also for one who gets a new link.
--alone REASON does it at once; the audit and the desk tell everybody who could have agreed.`

func newPeopleCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "people",
		Short: "Say who may work on the desk",
		Long: `Say who may work on the desk, and what each may do. The first one who is invited is an
operator; nobody takes away the last one. From the first invitation on, publish, correct and
import need a second person, and --as; to remove the first one before anybody has taken an
invitation or handed anything in undoes that.

` + rolesHelp,
		Example: `  communique people invite a.silva --name "Ana Silva" --email a.silva@mfa.example --role editor
  communique people grant b.costa --role author:press-room --role approver::fr
  communique people list
  communique people remove b.costa`,
	}
	c.AddCommand(a.peopleInviteCommand(), a.peopleGrantCommand(), a.peopleListCommand(), a.peopleConfirmCommand(), a.peopleRemoveCommand())
	return c
}

func (a *app) peopleInviteCommand() *cobra.Command {
	var p people.Person
	var roles []string
	var alone string
	c := &cobra.Command{
		Use:   "invite LOGIN",
		Short: "Invite somebody, or give them a new link to sign in by",
		Long: `Invite somebody: the link that is printed, once, lets them choose what they sign in by, for
three days. One who is there already gets a new link, and what they signed in by until now
is void.

` + twoHelp + `

` + rolesHelp,
		Example: `  communique people invite a.silva --name "Ana Silva" --role author --role approver:press-room
  communique people invite a.silva              # has lost the password`,
		Args: arguments("LOGIN"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			desk, err := a.onMachine(in, alone)
			if err != nil {
				return err
			}
			grants, err := parseGrants(ctx, desk, roles)
			if err != nil {
				return err
			}
			p.Login = args[0]
			i, err := desk.Invite(ctx, p, grants)
			if err != nil {
				return withPeopleHint(err)
			}
			if a.json {
				line := newGivenLine(i.Given)
				line.Link, line.Expires = in.invitationLink(i), stamp(i.Until)
				return a.object(line)
			}
			a.say("Invited: %s. This link is shown once and can be used until %s:\n%s", i.Person.Login, in.moment(i.Until), in.invitationLink(i))
			a.sayGiven(i.Given)
			if i.First {
				a.say("From now on two are needed: publish, correct and import name with --as who does it, and it goes out when somebody else has approved it on the desk; what cannot wait takes --alone, too, from who has that role. Until an invitation is taken or something handed in, communique people remove %s undoes that.", i.Person.Login)
			}
			return nil
		}),
	}
	c.Flags().StringVar(&p.Name, "name", "", "by which others know them")
	c.Flags().StringVar(&p.Email, "email", "", "their address")
	roleFlag(c, &roles)
	aloneFlag(c, &alone)
	return c
}

// aloneFlag is the reason of who does on the machine what takes two.
func aloneFlag(c *cobra.Command, alone *string) {
	c.Flags().StringVar(alone, "alone", "", "why it is done without a second person: all who could have agreed are told")
}

// onMachine is where somebody works who may have a reason to do without a second person.
func (a *app) onMachine(in *installation, alone string) (newsroom.Desk, error) {
	desk := a.desk(in)
	if alone == "" {
		return desk, nil
	}
	return desk.OnMachine(alone)
}

// sayGiven tells what waits for a second person, or was given without one.
func (a *app) sayGiven(g newsroom.Given) {
	if len(g.Waits) > 0 {
		a.say("Waits until two operators or approvers have agreed at the desk, under Rights, once %s has signed in: %s. What cannot wait takes --alone.", g.Person.Login, grantLines(g.Tree, g.Waits))
	}
	if g.Reason != "" {
		a.say("Given without a second person, which the audit says, and the desk to all who can agree to it: %s.", g.Reason)
	}
}

func roleFlag(c *cobra.Command, roles *[]string) {
	c.Flags().StringArrayVar(roles, "role", nil, "what they may do: ROLE[:SECTION[:LANGUAGE]]; again for more")
}

func parseGrants(ctx context.Context, desk newsroom.Desk, roles []string) (grants []people.Grant, err error) {
	for _, text := range roles {
		g, err := desk.ParseGrant(ctx, text)
		if err != nil {
			return nil, usagef("--role %s: %w", text, err)
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func (a *app) peopleGrantCommand() *cobra.Command {
	var roles []string
	var alone string
	c := &cobra.Command{
		Use:   "grant LOGIN",
		Short: "Say what somebody may do, in place of what they might before",
		Long: `Say what somebody may do, in place of what they might before. They sign in anew.

` + twoHelp + `

` + rolesHelp,
		Example: `  communique people grant b.costa --role author --role approver:the-ministry:fr`,
		Args:    arguments("LOGIN"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			desk, err := a.onMachine(in, alone)
			if err != nil {
				return err
			}
			grants, err := parseGrants(ctx, desk, roles)
			if err != nil {
				return err
			}
			if len(grants) == 0 {
				return usagef("--role: name at least one; communique people remove takes somebody from the desk")
			}
			g, err := desk.Grant(ctx, args[0], grants)
			if err != nil {
				if errors.Is(err, newsroom.ErrLastOperator) {
					return fmt.Errorf("%w; or add --role operator to keep it, for grant replaces the roles that somebody has", err)
				}
				return withPeopleHint(err)
			}
			line := newGivenLine(g)
			if a.json {
				return a.object(line)
			}
			a.say("%s is now: %s", line.Login, orDash(line.may()))
			a.sayGiven(g)
			return nil
		}),
	}
	roleFlag(c, &roles)
	aloneFlag(c, &alone)
	return c
}

// withPeopleHint says where those are listed who are there.
func withPeopleHint(err error) error {
	switch {
	case errors.Is(err, people.ErrUnknown):
		return fmt.Errorf("%w; communique people list shows those that are there", err)
	case errors.Is(err, newsroom.ErrLastSecond):
		return fmt.Errorf("%w; or say with --alone why it cannot wait", err)
	}
	return err
}

func (a *app) peopleListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List who may work on the desk",
		Example: "  communique people list --json",
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			all, tree, err := a.desk(in).People(ctx)
			if err != nil {
				return err
			}
			t := newTable("LOGIN", "NAME", "EMAIL", "SINCE", "MAY")
			for _, p := range all {
				line := newPersonLine(tree, p)
				if a.json {
					if err := a.object(line); err != nil {
						return err
					}
					continue
				}
				t.row(line.Login, orDash(plain(line.Name)), orDash(plain(line.Email)), in.moment(p.Created), orDash(line.may()))
			}
			if a.json {
				return nil
			}
			return t.print(a.Stdout)
		}),
	}
}

func (a *app) peopleConfirmCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "confirm LOGIN...",
		Short: "Say who still works on the desk, after a backup was put back",
		Long: `Say who still works on the desk, after a backup was put back: it does not know who has left
since, who has lost a role or a key, and so nobody may do anything on the desk. This is for
those who sign in by the provider of identities. All others get a new link by people invite,
with the roles that people list shows unless others are named: what they signed in by is gone.
Who has left is taken from the desk by people remove.`,
		Example: `  communique people confirm b.costa`,
		Args:    arguments("LOGIN..."),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			for _, login := range args {
				if err := a.desk(in).ConfirmPerson(ctx, login); err != nil {
					return withPeopleHint(err)
				}
				if a.json {
					if err := a.object(map[string]string{"login": login, "did": "confirm"}); err != nil {
						return err
					}
					continue
				}
				a.say("Confirmed: %s", login)
			}
			return nil
		}),
	}
}

func (a *app) peopleRemoveCommand() *cobra.Command {
	var alone string
	c := &cobra.Command{
		Use:   "remove LOGIN",
		Short: "Take somebody from the desk",
		Long: `Take somebody from the desk: they are signed out at once, and what they signed in by is
deleted. What they did stays in the audit, under a login that nobody gets again.`,
		Example: `  communique people remove b.costa`,
		Args:    arguments("LOGIN"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			desk, err := a.onMachine(in, alone)
			if err != nil {
				return err
			}
			off, err := desk.RemovePerson(ctx, args[0])
			if err != nil {
				return withPeopleHint(err)
			}
			if a.json {
				return a.object(map[string]string{"login": args[0], "did": "remove"})
			}
			a.say("Removed: %s", args[0])
			if off {
				a.say("Nobody is left: one is enough again to publish, correct and import.")
			}
			return nil
		}),
	}
	aloneFlag(c, &alone)
	return c
}

// invitationLink is where somebody takes an invitation.
func (in *installation) invitationLink(i newsroom.Invitation) string {
	return in.config.Desk.URL + "/invitation/" + i.Token
}

func newPersonLine(tree press.Tree, p people.Person) personLine {
	return personLine{Login: p.Login, Name: p.Name, Email: p.Email, Since: stamp(p.Created), Grants: grantLines(tree, p.Grants), Doubted: p.Doubted}
}

// newGivenLine is somebody with what waits for a second person.
func newGivenLine(g newsroom.Given) personLine {
	line := newPersonLine(g.Tree, g.Person)
	line.Waits = grantLines(g.Tree, g.Waits)
	return line
}

func grantLines(tree press.Tree, grants []people.Grant) listOfGrants {
	all := listOfGrants{}
	for _, g := range grants {
		s, _ := tree.Section(g.Section)
		all = append(all, grantLine{Role: g.Role, Section: s.Path, Language: g.Language})
	}
	return all
}

// may is what somebody may do, for people.
func (l personLine) may() string {
	if l.Doubted {
		return "nothing, since a backup was put back; until then: " + l.Grants.String()
	}
	return l.Grants.String()
}

// listOfGrants is what somebody may do.
type listOfGrants []grantLine

// String is for people.
func (l listOfGrants) String() string {
	var all []string
	for _, g := range l {
		text := string(g.Role)
		if g.Section != "" {
			text += " in " + string(g.Section)
		}
		if g.Language != "" {
			text += " (" + string(g.Language) + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
