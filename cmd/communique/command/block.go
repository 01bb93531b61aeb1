package command

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/spf13/cobra"

	"communique/cmd/internal/answers"
	"communique/federation/moderation"
	"communique/storage"
	"communique/storage/audience"
)

// blockLine is a block as block prints it with --json.
type blockLine struct {
	Subject string             `json:"subject"`
	Kind    audience.BlockKind `json:"kind"`
	Comment string             `json:"comment,omitempty"`
	Since   string             `json:"since"`
}

// appliedLine is what blocking did, with --json.
type appliedLine struct {
	Blocked      int `json:"blocked"` // newly
	Known        int `json:"known"`
	Followers    int `json:"followers_removed"`
	Replies      int `json:"authors_hidden"`
	Interactions int `json:"actors_uncounted"`
	Permissions  int `json:"permissions_taken_back"` // to quote and to list
	Weaker       int `json:"weaker,omitempty"`       // lines of a list that ask for less
	Bad          int `json:"bad,omitempty"`
}

func newBlockCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "block",
		Short: "Stop listening to a server or an actor",
		Long: `Stop listening to a server, with all subdomains of its domain, or to an actor. What
they send has no effect, nothing is fetched from them, their replies are not shown,
they no longer follow, what they may quote and list is taken back, which their servers
are told, and nothing new is delivered to them. Corrections and withdrawals of what
they may have still go there.

This works while the site is served. What a block has removed does not come back
when the block ends.`,
		Example: `  communique block add bad.example --comment "Spam"
  communique block add https://social.example/users/mallory
  communique block import blocklist.csv`,
	}
	c.AddCommand(a.blockAddCommand(), a.blockRemoveCommand(), a.blockListCommand(), a.blockImportCommand(), a.blockExportCommand())
	return c
}

func (a *app) blockAddCommand() *cobra.Command {
	var comment string
	var confirmed bool
	c := &cobra.Command{
		Use:   "add DOMAIN-OR-ACTOR",
		Short: "Block a domain or an actor",
		Long: `Block a domain or an actor. Their servers are told that they no longer follow. If
more than ten accounts follow no longer by that, nothing is done until you say
--confirm: they do not come back when the block ends.`,
		Example: `  communique block add bad.example --comment "Spam"
  communique block add https://social.example/users/mallory`,
		Args: arguments("DOMAIN-OR-ACTOR"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			subject, kind, err := moderation.ParseSubject(args[0])
			if err != nil {
				return err
			}
			done, err := a.block(ctx, in, []audience.Block{{Subject: subject, Kind: kind, Comment: comment}}, confirmed)
			if err != nil {
				return err
			}
			return a.printApplied(ctx, in, done)
		}),
	}
	c.Flags().StringVar(&comment, "comment", "", "why; shown in the list and exported with it")
	c.Flags().BoolVar(&confirmed, "confirm", false, "also if more than ten accounts follow no longer")
	return c
}

// maxEndedUnasked is how many accounts a block may take from the followers without
// asking: they do not come back.
const maxEndedUnasked = 10

// block blocks, unless that costs more followers than a slip of the hand should.
func (a *app) block(ctx context.Context, in *installation, blocks []audience.Block, confirmed bool) (appliedLine, error) {
	most := maxEndedUnasked
	if confirmed {
		most = math.MaxInt
	}
	done, err := answers.Block(ctx, a.desk(in), blocks, most)
	if errors.Is(err, answers.ErrCosts) {
		err = fmt.Errorf("%w; say --confirm if you mean it", err)
	}
	return appliedLine{
		Blocked: done.Fresh, Known: done.Known, Followers: done.Followers, Replies: done.Replies, Interactions: done.Interactions,
		Permissions: len(done.Features) + len(done.Quotes),
	}, err
}

func (a *app) printApplied(ctx context.Context, in *installation, done appliedLine) error {
	return a.acted(ctx, in, takesHold, done, "Blocked: %d, and %d already blocked. Removed: %d followers, the replies of %d authors, the likes and shares of %d actors, %d permissions to quote or to list.",
		done.Blocked, done.Known, done.Followers, done.Replies, done.Interactions, done.Permissions)
}

func (a *app) blockRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "remove DOMAIN-OR-ACTOR",
		Short:   "End a block",
		Example: "  communique block remove bad.example",
		Args:    arguments("DOMAIN-OR-ACTOR"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			subject, _, err := moderation.ParseSubject(args[0])
			if err != nil {
				return err
			}
			if err := answers.Unblock(ctx, a.desk(in), subject); err != nil {
				return fmt.Errorf("%w; communique block list shows what is blocked", err)
			}
			return a.acted(ctx, in, takesHold, map[string]string{"subject": subject, "did": "remove"}, "No longer blocked: %s", plain(subject))
		}),
	}
}

// pageOfBlocks is how many blocks are read at a time.
const pageOfBlocks = 1000

// eachBlock calls fn for every block.
func (in *installation) eachBlock(ctx context.Context, fn func(audience.Block) error) error {
	return in.store.View(ctx, func(tx *storage.Tx) error {
		after := ""
		for {
			page, err := tx.Blocks(after, pageOfBlocks)
			if err != nil {
				return err
			}
			for _, b := range page {
				after = b.Subject
				if err := fn(b); err != nil {
					return err
				}
			}
			if len(page) < pageOfBlocks {
				return nil
			}
		}
	})
}

func (a *app) blockListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List what is blocked",
		Example: "  communique block list --json",
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			t := newTable("BLOCKED", "KIND", "SINCE", "COMMENT")
			err := in.eachBlock(ctx, func(b audience.Block) error {
				if a.json {
					return a.object(blockLine{Subject: b.Subject, Kind: b.Kind, Comment: b.Comment, Since: stamp(b.Since)})
				}
				t.row(plain(b.Subject), string(b.Kind), in.moment(b.Since), orDash(plain(b.Comment)))
				return nil
			})
			if err != nil || a.json {
				return err
			}
			return t.print(a.Stdout)
		}),
	}
}

func (a *app) blockImportCommand() *cobra.Command {
	var confirmed bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Block what a list names",
		Long: `Block what a list names: CSV as Mastodon exports it (#domain,#severity,...), with
or without that header, or a domain on each line. Severity suspend is a block;
lines that ask for less and lines that cannot be read are reported and left out, and
the rest is taken. If more than ten accounts follow no longer by that, nothing is done
until you say --confirm. The file name - means standard input.`,
		Example: `  communique block import blocklist.csv`,
		Args:    arguments("FILE"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			list, err := a.readBlocklist(args[0])
			if err != nil {
				return err
			}
			for _, line := range append(list.Weaker, list.Bad...) {
				fmt.Fprintf(a.Stderr, "%s:%s\n", args[0], plain(line.String()))
			}
			done, err := a.block(ctx, in, list.Blocks, confirmed)
			if err != nil {
				return err
			}
			done.Weaker, done.Bad = len(list.Weaker), len(list.Bad)
			if err := a.printApplied(ctx, in, done); err != nil {
				return err
			}
			if n := len(list.Bad); n > 0 {
				return fmt.Errorf("%d lines of %s could not be read; correct them and import the list again, what is blocked already stays", n, args[0])
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&confirmed, "confirm", false, "also if more than ten accounts follow no longer")
	return c
}

func (a *app) readBlocklist(name string) (moderation.Blocklist, error) {
	var r = a.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return moderation.Blocklist{}, fmt.Errorf("read the list: %w", err)
		}
		defer file.Close()
		r = file
	}
	list, err := moderation.ReadBlocklist(r)
	if err != nil {
		return list, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

func (a *app) blockExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Write what is blocked as a list that other servers import",
		Long: `Write the blocked domains on standard output, as CSV in the form of Mastodon's
export. Blocked actors are in it, too; other servers reject those lines, which are
not domains.`,
		Example: `  communique block export > blocklist.csv`,
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			w, err := moderation.NewBlocklistWriter(a.Stdout)
			if err != nil {
				return err
			}
			err = in.eachBlock(ctx, w.Write)
			return errors.Join(err, w.Flush())
		}),
	}
}
