package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// withdrawnFile is a picture or file that was withdrawn, as withdraw prints it with --json.
type withdrawnFile struct {
	Hash     string             `json:"hash"`
	Kind     newsdesk.MediaKind `json:"kind"`
	At       string             `json:"at"`
	Note     string             `json:"note,omitempty"`
	Public   bool               `json:"was_public"`
	Names    []string           `json:"names"`
	Entries  []press.Seq        `json:"entries"`
	Articles []press.ArticleID  `json:"articles,omitempty"`
	Drafts   []press.ArticleID  `json:"drafts,omitempty"`
	// Servers are those that may have the articles, each once; of files only.
	Servers *counts `json:"servers,omitempty"`
}

func withdrawnLine(w newsdesk.WithdrawnMedia) withdrawnFile {
	return withdrawnFile{Hash: w.Hash, Kind: w.Kind, At: stamp(w.At), Note: w.Note, Public: w.Shown, Names: append([]string{}, w.Names...), Entries: append([]press.Seq{}, w.Entries...)}
}

func newWithdrawFileCommand(a *app) *cobra.Command {
	var note, as string
	c := &cobra.Command{
		Use:   "file ADDRESS",
		Short: "Withdraw a picture, or a file beside articles",
		Long: `Withdraw a picture with all its sizes, or a file: it is taken out of every article,
draft under embargo and earlier version that has it, its addresses say that it was
withdrawn (410), caches are told, and every server that may have one of the articles
gets it anew without it. The articles keep their text. --note stands where it was, and
in their history, for readers; without one the corrections are minor.

Its content is deleted, and refused from then on, under whichever name. It is known by
its bytes: a copy that was cut, scaled or saved anew by another program is another
picture, and has to be withdrawn as well. What the configuration shows, such as a
logo, is changed there. What others have copied stays with them.

ADDRESS is its address, its name in that (9f86d081884c7d659a2feaa0c55ad015.jpg), or
the file on this machine that was handed in. It can't be undone.

Where there are people of the desk, --as says who withdraws; one is enough who may
withdraw each of the articles.`,
		Example: `  communique withdraw file https://press.mfa.example/media/9f86d081884c7d659a2feaa0c55ad015.jpg
  communique withdraw file signing.jpg --note "The picture showed a wrong person." --as a.silva`,
		Args: arguments("ADDRESS"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			hash, err := fileNamed(args[0])
			if err != nil {
				return err
			}
			desk, _, err := (&personFlags{as: as}).desk(ctx, a, in)
			if err != nil {
				return err
			}
			older := in.olderCopies()
			w, err := desk.WithdrawFile(ctx, hash, note)
			var barred *newsdesk.BarredError
			switch {
			case errors.As(err, &barred):
				return fmt.Errorf("%w: it was withdrawn on %s: communique withdraw files lists it", press.ErrConflict, in.moment(barred.At))
			case errors.Is(err, press.ErrNotFound):
				return fmt.Errorf("%w, and nothing shows it", err)
			case err != nil:
				return withPersonHint(err)
			}
			if a.json {
				line := withdrawnLine(w.WithdrawnMedia)
				for _, one := range w.Articles {
					line.Articles = append(line.Articles, one.ID)
				}
				for _, one := range w.Drafts {
					line.Drafts = append(line.Drafts, one.ID)
				}
				return a.objectServed(ctx, in, line)
			}
			a.say("Withdrawn: the %s %s", w.Kind, w.Hash)
			for _, one := range w.Articles {
				a.say("  It is out of %s, which goes out anew: %s", in.site.Article(one), richtext.Quoted(one.Title))
			}
			for _, one := range w.Drafts {
				a.say("  It is out of the draft %s", one.ID)
			}
			if len(w.Drafts) > 0 {
				a.sayCopiesGone(ctx, in, older)
			}
			if len(w.Articles) > 0 {
				a.say("Who has them without it: communique reach %s", w.Articles[0].ID)
				a.sayServing(ctx, in, goesOut)
			}
			return nil
		}),
	}
	c.Flags().StringVar(&note, "note", "", "what stands where it was, for the public")
	c.Flags().StringVar(&as, "as", "", "who does it, by the login of one of the people of the desk")
	return c
}

// maxNamedFile bounds a file that is read to know what was made of it.
const maxNamedFile = 64 << 20

// fileNamed is the hash of a picture or file as it is named: by its address, or by the file
// that was handed in.
func fileNamed(named string) (string, error) {
	if hash := newsroom.FileHash(named); hash != "" {
		return hash, nil
	}
	f, err := os.Open(named)
	if err != nil {
		return "", usagef("%q is no address of a picture or file, and no file: %v", named, unwrapPath(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxNamedFile))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", named, unwrapPath(err))
	}
	if m, err := newsdesk.NewMedia(content); err == nil {
		return m.Hash, nil
	}
	return newsdesk.HashOf(content), nil
}

// listedFiles is how many withdrawn pictures and files are listed.
const listedFiles = 1000

func newWithdrawnFilesCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "files",
		Short: "List the pictures and files that were withdrawn",
		Long: `List the pictures and files that were withdrawn, with how many servers have accepted all
articles without them, of how many that may have them; a server with several counts once.`,
		Example: "  communique withdraw files",
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			all, err := a.desk(in).FilesWithdrawn(ctx, listedFiles)
			if err != nil {
				return err
			}
			t := newTable("WITHDRAWN", "KIND", "HASH", "WAS PUBLIC", "ARTICLES", "SERVERS", "NOTE")
			for _, w := range slices.Backward(all) {
				if a.json {
					line := withdrawnLine(w.WithdrawnMedia)
					line.Servers = &counts{Total: w.Servers.All, Reached: w.Servers.Reached, Behind: w.Servers.Behind, Refused: w.Servers.Refused, Gone: w.Servers.Gone}
					if err := a.object(line); err != nil {
						return err
					}
					continue
				}
				public := "no"
				if w.Shown {
					public = "yes"
				}
				t.row(in.moment(w.At), string(w.Kind), w.Hash, public, fmt.Sprint(len(w.Entries)), fmt.Sprintf("%d of %d", w.Servers.Reached, w.Servers.All), orDash(plain(w.Note)))
			}
			if a.json {
				return nil
			}
			return t.print(a.Stdout)
		}),
	}
}
