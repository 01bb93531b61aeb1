package command

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"communique/federation"
	"communique/storage"
	"communique/storage/actors"
)

func newAliasCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "alias",
		Short: "List the other accounts of an actor, so that they can send their followers here",
		Long: `List the accounts that an actor of this site has on other servers.

To bring the followers of such an account here: first add it as an alias here, then,
on its own server, move it to the actor here. Other servers believe the move only if
the alias was there first.`,
		Example: `  communique alias add @ministry@social.example
  communique alias list
  communique alias remove @ministry@social.example`,
	}
	c.AddCommand(newAliasAddCommand(a), newAliasRemoveCommand(a), newAliasListCommand(a))
	return c
}

// onActor gives a command the flag --actor, and makes the command work on the actor
// that it names; on is [app.onSite], or [app.atSite] for one that only looks.
func (a *app) onActor(on func(siteWork) func(*cobra.Command, []string) error, c *cobra.Command, work func(ctx context.Context, in *installation, actor string, args []string) error) *cobra.Command {
	flag := c.Flags().String("actor", "", "user name of the actor of this site; the ministry's by default")
	c.RunE = on(func(ctx context.Context, in *installation, args []string) error {
		name, err := in.actorName(*flag)
		if err != nil {
			return err
		}
		return work(ctx, in, name, args)
	})
	return c
}

// actorName is the actor that a flag names.
func (in *installation) actorName(flag string) (string, error) {
	name := strings.TrimPrefix(flag, "@")
	if name == "" {
		return in.config.Actor.Name, nil
	}
	if !slices.Contains(in.config.Actors(), name) {
		return "", usagef("--actor: this site has no actor %q, only %s", name, strings.Join(in.config.Actors(), ", "))
	}
	return name, nil
}

// lookup makes what asks other servers about their actors, in the name of this site.
func (a *app) lookup(ctx context.Context, in *installation) (*federation.Server, error) {
	passphrase, err := a.passphrase(in.config)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	rsa, err := in.signer(log)
	if err != nil {
		return nil, err
	}
	s, err := in.federation(ctx, gallery{}, passphrase, rsa, log)
	if err != nil {
		return nil, fmt.Errorf("%w; an actor gets its key when the site is served for the first time", err)
	}
	return s, nil
}

// aliasOf finds the account that a handle or an address names. An address is taken as
// it is: its server may be gone.
func (a *app) aliasOf(ctx context.Context, in *installation, ref string) (actors.Alias, error) {
	if strings.Contains(ref, "://") {
		u, err := url.Parse(ref)
		if err != nil || u.Host == "" || u.Scheme != "https" && !in.config.Loopback() {
			return actors.Alias{}, usagef("%q is not an account: write it like @ministry@social.example, or its address with https", ref)
		}
		return actors.Alias{ID: ref, Handle: ref}, nil
	}
	s, err := a.lookup(ctx, in)
	if err != nil {
		return actors.Alias{}, err
	}
	defer s.Close()
	actor, err := s.FindActor(ctx, ref)
	return actors.Alias{ID: actor.ID, Handle: ref}, err
}

func newAliasAddCommand(a *app) *cobra.Command {
	return a.onActor(a.onSite, &cobra.Command{
		Use:     "add ACCOUNT",
		Short:   "Add an account, by its handle or its address",
		Example: "  communique alias add @ministry@social.example\n  communique alias add https://social.example/users/spokesperson --actor spokesperson",
		Args:    arguments("ACCOUNT"),
	}, func(ctx context.Context, in *installation, name string, args []string) error {
		alias, err := a.aliasOf(ctx, in, args[0])
		if err != nil {
			return err
		}
		err = a.desk(in).Act(ctx, "alias added", "@"+name+" is "+alias.ID, func(tx *storage.Tx) error {
			_, err := tx.AddAlias(name, alias)
			return err
		})
		if err != nil {
			return err
		}
		return a.acted(ctx, in, takesHold, aliasLine{Actor: name, ID: alias.ID, Handle: alias.Handle},
			"@%s is also %s. That account can be moved here, on its own server, while this site is served.", name, alias.ID)
	})
}

func newAliasRemoveCommand(a *app) *cobra.Command {
	return a.onActor(a.onSite, &cobra.Command{
		Use:     "remove ACCOUNT",
		Short:   "Remove an account, as list shows it",
		Example: "  communique alias remove @ministry@social.example",
		Args:    arguments("ACCOUNT"),
	}, func(ctx context.Context, in *installation, name string, args []string) error {
		err := a.desk(in).Act(ctx, "alias removed", "@"+name+" is "+args[0], func(tx *storage.Tx) error {
			_, err := tx.RemoveAlias(name, args[0])
			return err
		})
		if err != nil {
			return fmt.Errorf("%w; communique alias list shows them", err)
		}
		return a.acted(ctx, in, takesHold, map[string]string{"actor": name, "removed": args[0]}, "@%s is no longer %s.", name, args[0])
	})
}

// aliasLine is an alias as the commands print it with --json.
type aliasLine struct {
	Actor  string `json:"actor"`
	ID     string `json:"id"`
	Handle string `json:"handle"`
}

func newAliasListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the other accounts of all actors",
		Example: "  communique alias list",
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			var lines []aliasLine
			err := in.store.View(ctx, func(tx *storage.Tx) error {
				for _, name := range in.config.Actors() {
					state, err := tx.ActorState(name)
					if err != nil {
						return err
					}
					for _, alias := range state.Aliases {
						lines = append(lines, aliasLine{name, alias.ID, alias.Handle})
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			return a.printAliases(lines)
		}),
	}
}

func (a *app) printAliases(lines []aliasLine) error {
	t := newTable("ACTOR", "ACCOUNT", "ADDRESS")
	for _, l := range lines {
		if a.json {
			if err := a.object(l); err != nil {
				return err
			}
			continue
		}
		t.row("@"+l.Actor, l.Handle, l.ID)
	}
	if a.json {
		return nil
	}
	return t.print(a.Stdout)
}
