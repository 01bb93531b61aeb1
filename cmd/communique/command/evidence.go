package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"communique/cmd/internal/answers"
	"communique/storage/richtext"
)

// evidenceLine is what is kept of a reply as replies evidence prints it with --json.
type evidenceLine struct {
	ID       string        `json:"id"`
	Kept     string        `json:"kept"`
	By       string        `json:"by"`
	Text     string        `json:"text_sha256"`
	Original string        `json:"original_sha256,omitempty"`
	Post     string        `json:"post"`
	Reply    replyLine     `json:"reply"`
	History  []historyLine `json:"history,omitempty"`
}

// historyLine is what our people did to it.
type historyLine struct {
	At  string `json:"at"`
	Who string `json:"who"`
	Did string `json:"did"`
}

func lineOfEvidence(k answers.Kept) evidenceLine {
	line := evidenceLine{ID: k.ID, Kept: stamp(k.Kept), By: k.By, Text: k.TextDigest(), Original: k.Digest, Post: k.Reply.ID, Reply: lineOfReply(k.Reply)}
	for _, l := range k.History {
		line.History = append(line.History, historyLine{stamp(l.At), l.Who, l.Did})
	}
	return line
}

func (a *app) keepCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "keep ID...",
		Short: "Keep replies and quotes as evidence",
		Long: `Keep replies and quotes as evidence: the text, its author and times, and the request
that brought it as its author's server signed it, if that is still here. Whatever becomes of
the reply, that stays until it is removed with replies evidence --remove, and is shown to
nobody outside.`,
		Example: "  communique replies keep k3tq5m2zr7ab4cde",
		Args:    arguments("ID..."),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			all, err := answers.Keep(ctx, a.desk(in), args...)
			if err != nil {
				return err
			}
			for _, e := range all {
				if a.json {
					if err := a.objectServed(ctx, in, lineOfEvidence(answers.Kept{Evidence: e})); err != nil {
						return err
					}
					continue
				}
				with := "with the signed original"
				if e.Digest == "" {
					with = "without the signed original, which is not here"
				}
				a.say("Kept as evidence %s, %s: %s", e.ID, with, e.Token)
			}
			return nil
		}),
	}
}

func (a *app) evidenceCommand() *cobra.Command {
	var remove, original, key bool
	var after string
	limit := listLength
	c := &cobra.Command{
		Use:   "evidence [ID]",
		Short: "Show what was kept as evidence",
		Long: `List what was kept as evidence, in the order of keeping, or show one piece in full with
what was done to it. With --original print the signed request that brought it, byte by byte,
and with --key the public key that verified it then: with both it can be verified again, also
where its author's server is gone. With --remove forget the piece for good; that
it was there stays in the audit, by its digests.`,
		Example: `  communique replies evidence
  communique replies evidence h2m4xq7ctn5yzb3w
  communique replies evidence h2m4xq7ctn5yzb3w --original > evidence.http`,
		Args: cobra.MaximumNArgs(1),
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 && (remove || original || key):
			return usagef("expected ID; communique replies evidence shows the IDs")
		case remove && (original || key) || original && key:
			return usagef("--original, --key and --remove exclude each other")
		case remove:
			return a.onSite(a.removeEvidence)(cmd, args)
		case original:
			return a.atSite(a.printOriginal)(cmd, args)
		case key:
			return a.atSite(a.printKey)(cmd, args)
		case len(args) == 1:
			return a.atSite(a.showEvidence)(cmd, args)
		}
		return a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			return a.listEvidence(ctx, in, after, limit)
		})(cmd, args)
	}
	c.Flags().BoolVar(&original, "original", false, "print the signed request that brought it")
	c.Flags().BoolVar(&key, "key", false, "print the public key that verified it")
	c.Flags().BoolVar(&remove, "remove", false, "forget it for good")
	c.Flags().StringVar(&after, "after", "", "begin after this piece")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	return c
}

func (a *app) listEvidence(ctx context.Context, in *installation, after string, limit int) error {
	if err := checkLimit(limit); err != nil {
		return err
	}
	all, on, err := answers.ListKept(ctx, a.desk(in), after, limit)
	if err != nil {
		return err
	}
	t := newTable("ID", "KEPT", "ARTICLE", "FROM", "TEXT")
	for _, k := range all {
		if a.json {
			if err := a.object(lineOfEvidence(k)); err != nil {
				return err
			}
			continue
		}
		t.row(k.ID, in.moment(k.Kept), about(k.Reply), plain(k.Handle), plain(richtext.Excerpt(k.Content, excerptLength)))
	}
	if a.json {
		return nil
	}
	return a.printPage(t, on != "", on)
}

func (a *app) showEvidence(ctx context.Context, in *installation, args []string) error {
	k, err := answers.LookAtKept(ctx, a.desk(in), args[0])
	if err != nil {
		return err
	}
	if a.json {
		return a.object(lineOfEvidence(k))
	}
	a.say("%s, %s", plain(author(k.Reply)), in.moment(k.Published))
	a.say("Author: %s", plain(k.Actor))
	a.say("Post: %s", plain(k.Reply.ID))
	a.say("Received %s, kept %s by %s; it was %s then: %s", in.moment(k.Received), in.moment(k.Kept), plain(k.By), k.State, about(k.Reply))
	a.say("SHA-256 of the text: %s", k.TextDigest())
	if k.Digest == "" {
		a.say("The signed original is not kept.")
	} else {
		a.say("SHA-256 of the signed original: %s", k.Digest)
		if k.Verified {
			a.say("The key that is kept beside it verifies it.")
		} else {
			a.say("It cannot be verified here: %s", plain(k.Unverified))
		}
	}
	a.say("")
	for _, line := range plainLines(richtext.Text(k.Content)) {
		a.say("%s", line)
	}
	a.say("")
	for _, l := range k.History {
		a.say("%s  %s: %s", in.moment(l.At), plain(l.Who), l.Did)
	}
	return nil
}

func (a *app) printOriginal(ctx context.Context, in *installation, args []string) error {
	content, err := answers.OriginalOf(ctx, a.desk(in), args[0])
	if err != nil {
		return err
	}
	_, err = a.Stdout.Write(content.Request)
	return err
}

func (a *app) printKey(ctx context.Context, in *installation, args []string) error {
	key, err := answers.KeyOf(ctx, a.desk(in), args[0])
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.Stdout, key)
	return err
}

func (a *app) removeEvidence(ctx context.Context, in *installation, args []string) error {
	if err := answers.RemoveKept(ctx, a.desk(in), args[0]); err != nil {
		return err
	}
	if a.json {
		return a.objectServed(ctx, in, map[string]string{"id": args[0], "did": "remove"})
	}
	a.say("Removed: %s", args[0])
	return nil
}
