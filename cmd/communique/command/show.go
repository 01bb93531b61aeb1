package command

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
)

// articleDetails is an article as show prints it with --json.
type articleDetails struct {
	articleLine
	Object   string        `json:"object"`
	Lead     string        `json:"lead"`
	BodyHTML press.HTML    `json:"body_html"`
	Images   []press.Image `json:"images"`
	Tags     []string      `json:"tags"`
	press.Particulars
	SourceURL    string              `json:"source_url"`
	Translations []translationDetail `json:"translations"`
	// Alone tells that a draft may be public before the original of its set.
	Alone bool `json:"alone,omitempty"`
	// Together tells that a draft goes out with all languages of its set or not at all, Older
	// that a translation is older than its original, which was corrected since.
	Together    bool             `json:"all_or_none,omitempty"`
	Older       bool             `json:"older,omitempty"`
	History     []revisionDetail `json:"history"`
	Entries     []entryDetail    `json:"entries"`
	WithdrawnAt string           `json:"withdrawn_at,omitempty"`
	Reason      string           `json:"reason,omitempty"`
}

// translationDetail is another of the set of an article: a translation of it, or its
// original, public or under embargo.
type translationDetail struct {
	ID        press.ArticleID `json:"id"`
	Language  press.Language  `json:"language"`
	URL       string          `json:"url"`
	State     press.State     `json:"state"`
	Published string          `json:"published"`
	Held      string          `json:"held,omitempty"`
	Original  bool            `json:"original,omitempty"` // of the set, which translates nothing

	when string
}

// line is the other one for people.
func (t translationDetail) line() (name, value string) {
	name, value = "In "+string(t.Language), t.URL
	if t.Original {
		name += ", the original"
	}
	switch {
	case t.Held != "":
		value = string(t.ID) + ", under embargo and held"
	case t.State == press.Embargoed:
		value = string(t.ID) + ", under embargo until " + t.when
	}
	return name, value
}

type revisionDetail struct {
	Number int    `json:"number"`
	At     string `json:"at"`
	Note   string `json:"note"`
	Minor  bool   `json:"minor"`
	// Hidden tells that neither the wording nor the note is public any more.
	Hidden bool `json:"hidden,omitempty"`

	when string // At, in the zone of the site
}

type entryDetail struct {
	Seq  press.Seq  `json:"seq"`
	Kind press.Kind `json:"kind"`
	At   string     `json:"at"`
}

func newShowCommand(a *app) *cobra.Command {
	var markdown bool
	var revision int
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show an article with its history, or its document",
		Long: `Show an article with its history. With --markdown, print the document of its newest
text as it was filed, with two more fields, article and revision, by which correct
knows whether somebody else has corrected the article meanwhile. Pictures and files that
were beside it need not be beside it again: correct takes those that are kept. With
--revision it is that of an earlier one, to be read: correct refuses it as such.`,
		Example: `  communique show k3tq5m2zr7ab4cde
  communique show https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty --json
  communique show --markdown k3tq5m2zr7ab4cde > treaty.md`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if named := cmd.Flags().Changed("revision"); named && (!markdown || revision < 1) {
				return usagef("--revision takes the number of a revision, and goes with --markdown")
			}
			in, id, err := a.lookAtArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			if markdown {
				return a.printMarkdown(cmd.Context(), in, id, revision)
			}
			var d articleDetails
			var article press.Article
			err = in.store.View(cmd.Context(), func(tx *storage.Tx) error {
				if article, err = tx.Article(id); err != nil {
					return err
				}
				d, err = in.details(tx, article)
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.object(d)
			}
			return a.printDetails(in, article, d)
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "print the document of its newest text, to correct it by")
	c.Flags().IntVar(&revision, "revision", 0, "with --markdown: print the document of this revision, unless it is hidden")
	return c
}

// printMarkdown prints the bytes of a document, or with --json what they say; revision 0 is
// the newest.
func (a *app) printMarkdown(ctx context.Context, in *installation, id press.ArticleID, revision int) error {
	var text []byte
	var err error
	if desk := a.desk(in); revision == 0 {
		text, err = desk.Markdown(ctx, id)
	} else {
		text, err = desk.MarkdownAt(ctx, id, revision)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.object(map[string]any{"id": id, "markdown": string(text)})
	}
	_, err = a.Stdout.Write(text)
	return err
}

func (in *installation) details(tx *storage.Tx, a press.Article) (articleDetails, error) {
	tree, err := tx.Tree()
	if err != nil {
		return articleDetails{}, err
	}
	clock, err := tx.ClockHeld()
	if err != nil {
		return articleDetails{}, err
	}
	d := articleDetails{
		articleLine: in.articleLine(tree, a, clock), Object: in.site.Object(a.ID), Lead: a.Lead, BodyHTML: a.Body,
		Images: a.Images, Tags: a.Tags, Particulars: a.Particulars, SourceURL: a.SourceURL, Alone: a.Alone, Together: a.Together, Reason: a.Reason, WithdrawnAt: stamp(a.WithdrawnAt),
	}
	older, err := tx.Older([]press.Article{a})
	if err != nil {
		return d, err
	}
	d.Older = older[a.ID] > 0
	set, err := tx.Set(a.Group)
	if err != nil {
		return d, err
	}
	for _, t := range set {
		if t.ID == a.ID {
			continue
		}
		d.Translations = append(d.Translations, translationDetail{
			ID: t.ID, Language: t.Language, URL: in.site.Article(t), State: t.State, Published: in.published(t),
			Held: heldBecause(t, clock), Original: t.ID == t.Group, when: in.when(t),
		})
	}
	return d, in.past(tx, a, &d)
}

// past fills in revisions and entries.
func (in *installation) past(tx *storage.Tx, a press.Article, d *articleDetails) error {
	history, err := tx.NotedHistory(a.ID, a.Revision)
	if err != nil {
		return err
	}
	for _, r := range history {
		d.History = append(d.History, revisionDetail{
			Number: r.Number, At: r.At.Format(time.RFC3339), Note: r.Note, Minor: r.Minor, Hidden: r.Hidden, when: in.second(r.At),
		})
	}
	entries, err := tx.EntriesOf(a.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		d.Entries = append(d.Entries, entryDetail{e.Seq, e.Kind, e.At.Format(time.RFC3339)})
	}
	return nil
}

// cancelledTitle stands where an article's title would, of one whose text is gone.
const cancelledTitle = "(cancelled; nothing of its text is kept)"

func (a *app) printDetails(in *installation, article press.Article, d articleDetails) error {
	if article.State == press.Cancelled {
		article.Title = cancelledTitle
	}
	a.say("%s", article.Title)
	a.say("")
	t := &table{}
	if d.Held == "" {
		t.row("State", string(article.State))
	} else {
		t.row("State", heldState)
		t.row("Why", d.Held)
	}
	dated := map[press.State]string{press.Embargoed: "Embargo until", press.Cancelled: "Was to be public"}[article.State]
	t.row(cmp.Or(dated, "Published"), in.when(article))
	t.row("Section", string(d.Section))
	t.row("Language", string(d.Language))
	t.row("Page", d.URL)
	t.row("ActivityPub", d.Object)
	if len(d.Tags) > 0 {
		t.row("Tags", strings.Join(d.Tags, ", "))
	}
	if d.Kind != "" {
		t.row("Kind", string(d.Kind))
	}
	if d.Place != "" {
		t.row("Place", d.Place)
	}
	for _, c := range d.Contacts {
		t.row("Contact", strings.Join(slices.DeleteFunc([]string{c.Name, c.Role, c.Telephone, c.Email}, func(s string) bool { return s == "" }), ", "))
	}
	for _, note := range d.NotesToEditors {
		t.row("Note to editors", note)
	}
	for _, tr := range d.Translations {
		t.row(tr.line())
	}
	if d.Older {
		t.row("Older", "than what it translates, which was corrected since")
	}
	if d.Together {
		t.row("All or none", "it goes out with all languages of its set, or not at all")
	}
	if d.Alone {
		t.row("Released alone", "it may be public before the original, or without it")
	}
	for _, r := range d.History[1:] {
		note := r.Note
		if r.Minor {
			note = "(minor)"
		}
		if r.Hidden {
			note = strings.TrimSpace(note + " (hidden)")
		}
		t.row("Corrected "+r.when, note)
	}
	switch article.State {
	case press.Withdrawn:
		t.row("Withdrawn "+in.second(article.WithdrawnAt), d.Reason)
	case press.Cancelled:
		t.row("Cancelled", in.second(article.WithdrawnAt))
	}
	if err := t.print(a.Stdout); err != nil {
		return err
	}
	a.say("")
	if article.Lead != "" {
		a.say("%s\n", article.Lead)
	}
	a.say("%s", richtext.Text(article.Body))
	return nil
}
