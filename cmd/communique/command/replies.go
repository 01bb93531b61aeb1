package command

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"communique/cmd/internal/answers"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
	"communique/storage/richtext"
)

// replyLine is a reply as replies prints it with --json.
type replyLine struct {
	ID        string              `json:"id"`
	State     audience.ReplyState `json:"state"`
	Article   press.ArticleID     `json:"article,omitempty"`
	Quote     bool                `json:"quote,omitempty"`
	Public    bool                `json:"public"`
	Author    string              `json:"author"`
	Actor     string              `json:"actor"`
	URL       string              `json:"url"`
	Received  string              `json:"received"`
	Published string              `json:"published"`
	Text      string              `json:"text"`
}

func lineOfReply(r audience.Reply) replyLine {
	return replyLine{
		ID: r.Token, State: r.State, Article: r.Article, Quote: r.Quotes, Public: r.Public, Author: author(r), Actor: r.Actor, URL: r.URL,
		Received: stamp(r.Received), Published: stamp(r.Published), Text: richtext.Text(r.Content),
	}
}

// author is who wrote a reply, by name and handle. Who has no name to show has the
// handle in its place.
func author(r audience.Reply) string {
	if r.Name == r.Handle {
		return r.Handle
	}
	return r.Name + " " + r.Handle
}

// excerptLength is how much of a reply a list shows, in characters.
const excerptLength = 60

func newRepliesCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "replies",
		Short: "Review the replies to articles",
		Long: `Review the replies that come from the fediverse. With "replies: review" in the
configuration, a reply is shown on its article's page once it is approved, and
removed when it is rejected, or edited or deleted by its author.

A reply is named by the ID that replies list shows. When its author edits it, it gets
another ID, so that nobody approves a text that they have not read.

What may be needed as evidence is kept with replies keep, before its author or you take
it away.`,
		Example: `  communique replies list
  communique replies show k3tq5m2zr7ab4cde
  communique replies approve k3tq5m2zr7ab4cde`,
	}
	c.AddCommand(a.repliesListCommand(), a.repliesShowCommand(),
		a.decideCommand("approve", "Show replies on their articles' pages", "Approved", audience.ReplyApproved),
		a.decideCommand("reject", "Keep replies off the pages, or take them off; take quotes back", "Rejected", audience.ReplyRejected),
		a.keepCommand(), a.evidenceCommand())
	return c
}

func (a *app) repliesListCommand() *cobra.Command {
	state, after := string(audience.ReplyPending), ""
	limit := listLength
	c := &cobra.Command{
		Use:   "list",
		Short: "List the replies that wait for review, the longest waiting first",
		Long: `List the replies that wait for review, the longest waiting first, or with --state
those that were approved or rejected. Posts that only mention the institution and
posts that are not public are listed, too; they are never shown on a page. Quotes of
articles are permitted at once, as the configuration says: they are listed among
those that were approved, and rejecting one takes its permission back.`,
		Example: `  communique replies list
  communique replies list --state approved --limit 500 --json`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			if !slices.Contains(answers.States(), audience.ReplyState(state)) {
				return usagef("--state: %q is not pending, approved or rejected", state)
			}
			if err := checkLimit(limit); err != nil {
				return err
			}
			var replies []audience.Reply
			err := in.store.View(ctx, func(tx *storage.Tx) error {
				var last audience.Reply
				var err error
				if after != "" {
					if last, err = answers.Find(tx, after); err != nil {
						return err
					}
				}
				replies, err = answers.Page(tx, audience.ReplyState(state), last, limit)
				return err
			})
			if err != nil {
				return err
			}
			return a.printReplies(in, replies, limit)
		}),
	}
	c.Flags().StringVar(&state, "state", state, "pending, approved or rejected")
	c.Flags().StringVar(&after, "after", "", "begin after this reply")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	return c
}

func (a *app) printReplies(in *installation, replies []audience.Reply, limit int) error {
	t := newTable("ID", "RECEIVED", "ARTICLE", "FROM", "TEXT")
	for _, r := range replies {
		if a.json {
			if err := a.object(lineOfReply(r)); err != nil {
				return err
			}
			continue
		}
		t.row(r.Token, in.moment(r.Received), about(r), plain(r.Handle), plain(richtext.Excerpt(r.Content, excerptLength)))
	}
	if a.json {
		return nil
	}
	last := ""
	if len(replies) > 0 {
		last = replies[len(replies)-1].Token
	}
	return a.printPage(t, len(replies) == limit, last)
}

// about is what a post replies to, in a word.
func about(r audience.Reply) string {
	switch {
	case r.Quotes:
		return "quote of " + string(r.Article)
	case !r.Public:
		return "(private)"
	case r.Article == "":
		return "(mention)"
	}
	return string(r.Article)
}

func (a *app) repliesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Show a reply in full",
		Example: "  communique replies show k3tq5m2zr7ab4cde",
		Args:    arguments("ID"),
		RunE: a.atSite(func(ctx context.Context, in *installation, args []string) error {
			var r audience.Reply
			err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
				r, err = answers.Find(tx, args[0])
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.object(lineOfReply(r))
			}
			a.say("%s, %s", plain(author(r)), in.moment(r.Published))
			a.say("%s", plain(r.URL))
			if r.Quotes {
				a.say("%s, a quote of %s", r.State, r.Article)
			} else {
				a.say("%s, to %s", r.State, about(r))
			}
			a.say("")
			for _, line := range plainLines(richtext.Text(r.Content)) {
				a.say("%s", line)
			}
			return nil
		}),
	}
}

// decideCommand makes a subcommand that decides on replies.
func (a *app) decideCommand(name, short, done string, state audience.ReplyState) *cobra.Command {
	return &cobra.Command{
		Use:     name + " ID...",
		Short:   short,
		Example: "  communique replies " + name + " k3tq5m2zr7ab4cde",
		Args:    cobra.ArbitraryArgs,
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			if len(args) == 0 {
				return usagef("expected ID; communique replies list shows the IDs")
			}
			if err := answers.Decide(ctx, a.desk(in), state, args...); err != nil {
				return err
			}
			for _, token := range args {
				if a.json {
					if err := a.objectServed(ctx, in, map[string]string{"id": token, "state": string(state)}); err != nil {
						return err
					}
					continue
				}
				a.say("%s: %s", done, token)
			}
			a.sayServing(ctx, in, takesHold)
			return nil
		}),
	}
}
