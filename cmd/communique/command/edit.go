package command

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/wording"
)

func newEditCommand(a *app) *cobra.Command {
	var correction newsroom.Correction
	c := &cobra.Command{
		Use:   "edit ID",
		Short: "Correct an article in your editor",
		Long: `Open the newest text of an article, as it was filed, in the editor that $VISUAL or
$EDITOR names; when it is closed, show what was changed and correct the article by it, as
correct does and under the same guards. If readers are to be told what was corrected and
neither --note nor --minor says it, you are asked.

Pictures and files beside the document need not be there: those that stay are kept, new
ones are taken from the folder where you are. A text that is not taken is lost in no
case: it stays in a file that nobody else can read, and its name is said.`,
		Example: `  communique edit k3tq5m2zr7ab4cde --note "The date of signing was wrong."
  EDITOR=nano communique edit https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty --minor`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			correction.Note = strings.TrimSpace(correction.Note)
			if correction.Minor && correction.Note != "" {
				return usagef(sayNote)
			}
			editor := cmp.Or(a.Env("VISUAL"), a.Env("EDITOR"))
			if editor == "" {
				return errors.New("no editor is named: set VISUAL or EDITOR, as in EDITOR=nano communique edit ID; or print the text with communique show --markdown and use correct")
			}
			return a.edit(cmd.Context(), args[0], editor, correction)
		},
	}
	correctionFlags(c, &correction)
	return c
}

// edited is a text that is edited, in a file of its own.
type edited struct {
	id           press.ArticleID
	state        press.State
	file         string
	before, text []byte
}

func (a *app) edit(ctx context.Context, ref, editor string, c newsroom.Correction) error {
	e, err := a.takeOut(ctx, ref)
	if err != nil {
		return err
	}
	if err := a.runEditor(ctx, editor, e.file); err != nil {
		return a.keep(e, fmt.Errorf("the editor %s: %w", editor, err))
	}
	if e.text, err = os.ReadFile(e.file); err != nil {
		return a.keep(e, fmt.Errorf("%s: it cannot be read: %w", e.file, unwrapPath(err)))
	}
	if bytes.Equal(e.before, e.text) && !c.HideEarlier && !c.Alone { // which do something to the text as it is
		if err := a.sayUnchanged(e.id); err != nil {
			return err
		}
		return e.remove()
	}
	if !a.json {
		a.printChanges(e.before, e.text)
	}
	if e.state == press.Published && !c.Minor && c.Note == "" {
		if c.Note = a.ask("What was corrected? Readers are told it. An empty line corrects nothing: "); c.Note == "" {
			return a.keep(e, errors.New("nothing was corrected"))
		}
	}
	if err := a.correctEdited(ctx, e, c); err != nil {
		return a.keep(e, err)
	}
	return e.remove()
}

// takeOut writes the newest text of an article into a file that nobody else can read.
// The site is not held open while somebody edits.
func (a *app) takeOut(ctx context.Context, ref string) (edited, error) {
	in, id, err := a.lookAtArticle(ctx, ref)
	if err != nil {
		return edited{}, err
	}
	defer in.Close()
	e := edited{id: id}
	if e.before, err = a.desk(in).Markdown(ctx, id); err != nil {
		return e, err
	}
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		article, err := tx.Article(id)
		e.state = article.State
		return err
	})
	if err != nil {
		return e, err
	}
	if e.state == press.Withdrawn || e.state == press.Cancelled {
		return e, fmt.Errorf("%w: article %s was %s, and cannot be corrected: publish a new one", press.ErrConflict, id, e.state)
	}
	folder, err := os.MkdirTemp("", "communique-edit-")
	if err != nil {
		return e, fmt.Errorf("make a folder for the text: %w", err)
	}
	e.file, err = writePrivate(folder, string(id)+".md", e.before)
	return e, err
}

// runEditor runs what a variable names, which may have arguments, at the terminal.
func (a *app) runEditor(ctx context.Context, editor, file string) error {
	c := exec.CommandContext(ctx, "/bin/sh", "-c", editor+` "$1"`, editor, file)
	c.Stdout, c.Stderr = a.Stdout, a.Stderr
	if a.json {
		c.Stdout = a.Stderr // the other one is for who reads objects
	}
	if terminal, ok := a.Stdin.(*os.File); ok { // of anything else nothing would be left for our question
		c.Stdin = terminal
	}
	return c.Run()
}

// ask asks who is at the terminal; nobody has said anything there if it ends.
func (a *app) ask(question string) string {
	fmt.Fprint(a.Stderr, question)
	line, _ := bufio.NewReader(a.Stdin).ReadString('\n') // what came before its end is the answer
	return strings.TrimSpace(line)
}

func (a *app) correctEdited(ctx context.Context, e edited, c newsroom.Correction) error {
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	doc, err := a.readText(ctx, in, e.file, e.text, newsroom.Beside(folderFS(filepath.Dir(e.file)), folderFS(".")))
	if err != nil {
		return err
	}
	r, err := a.desk(in).Correct(ctx, e.id, doc, c)
	if errors.Is(err, newsroom.ErrReview) {
		return fmt.Errorf("%w, for there are people of the desk: communique correct --as hands a file in for review", err)
	}
	if err != nil {
		return a.withCorrectionHint(err, e.id)
	}
	return a.printCorrected(ctx, in, r, c)
}

// unchanged is what edit prints with --json if nothing was corrected.
type unchanged struct {
	ID      press.ArticleID `json:"id"`
	Changed bool            `json:"changed"`
}

func (a *app) sayUnchanged(id press.ArticleID) error {
	if a.json {
		return a.object(unchanged{ID: id})
	}
	a.say("Nothing was changed.")
	return nil
}

// keep leaves the text where it is, and says so.
func (a *app) keep(e edited, err error) error {
	return fmt.Errorf("%w; your text is kept: mend it and run communique correct %s %s%s", err, e.id, e.file, a.here())
}

func (e edited) remove() error {
	if err := os.RemoveAll(filepath.Dir(e.file)); err != nil {
		return fmt.Errorf("remove the text: %w", err)
	}
	return nil
}

// printChanges prints the lines of a text that were taken out and put in.
func (a *app) printChanges(before, after []byte) {
	from, to := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	for _, e := range wording.Align(from, to) {
		if e.Kept {
			continue
		}
		for _, line := range from[e.FromStart:e.FromEnd] {
			a.say("- %s", line)
		}
		for _, line := range to[e.ToStart:e.ToEnd] {
			a.say("+ %s", line)
		}
	}
}
