package newsroom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// Markdown is the document of an article's newest text, to correct it by: the bytes
// that were filed, with the article and the edition in the front matter, by which
// [Desk.Correct] knows whether another correction came between. What was imported is
// written down anew; pictures are named by their addresses then. It returns
// press.ErrInvalid if Markdown cannot say it.
func (d Desk) Markdown(ctx context.Context, id press.ArticleID) (text []byte, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		text, err = d.markdown(tx, id)
		return err
	})
	return text, err
}

// MarkdownAt is the document that an earlier revision of an article was filed as, marked as
// [Desk.Markdown] is: to be read, for a correction by it is refused. Of what was hidden, and
// of what was not filed as a document, there is none: press.ErrNotFound.
func (d Desk) MarkdownAt(ctx context.Context, id press.ArticleID, revision int) (text []byte, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		edition, document, err := tx.FiledAt(id, revision)
		if err == nil {
			text = mark(document, id, edition)
		}
		return err
	})
	return text, err
}

func (d Desk) markdown(tx *storage.Tx, id press.ArticleID) ([]byte, error) {
	edition, document, err := tx.Filed(id)
	if err != nil {
		return nil, err
	}
	a, err := tx.Article(id)
	if err != nil {
		return nil, err
	}
	switch {
	case a.State == press.Cancelled:
		return nil, fmt.Errorf("%w: article %s was cancelled, and its text is gone: publish a new one", press.ErrNotFound, id)
	case len(document) > 0:
		return mark(document, id, edition), nil
	}
	tree, err := tx.Tree()
	if err != nil {
		return nil, err
	}
	section, ok := tree.Section(a.Section)
	if !ok {
		return nil, fmt.Errorf("%w: article %s is in no section", press.ErrNotFound, id)
	}
	document = restate(a, section.Path, "")
	d.bare = true // a description is for whoever corrects it to write
	again, err := d.Read(string(id), document, nil)
	if err != nil || blocks(again.Body) != blocks(a.Body) {
		return nil, fmt.Errorf("%w text: article %s was not filed as Markdown, which cannot say all that is in it: write a document anew to correct it by", press.ErrInvalid, id)
	}
	return mark(document, id, edition), nil
}

// checkEdition refuses a document that was made of another article, or of an edition
// that has been corrected since: whoever made it did not see what it would undo.
func (d Document) checkEdition(tx *storage.Tx, a press.Article) error {
	if d.Article != "" && d.Article != a.ID {
		of, err := tx.Article(d.Article)
		if err != nil {
			return d.because("article", err)
		}
		p := d.Problem("article", fmt.Sprintf("the document is a text of article %s, and is to correct %s: %s take out the fields article and revision", d.Article, a.ID, correctable(of, "correct that one, or")))
		p.Cause = press.ErrConflict
		return p
	}
	newest, _, err := tx.Filed(a.ID)
	if err != nil || d.Edition == (press.Edition{}) || d.Edition.Same(newest) {
		return err
	}
	p := d.Problem("revision", fmt.Sprintf("the document is a text of revision %s, and the article is at revision %s: bring your changes into the newest text", d.Edition, newest))
	p.Cause = ErrStale
	return p
}

// ErrStale is at the root of the [*Problem] of a document that was made of an edition
// which has been corrected since. It is press.ErrConflict.
var ErrStale = fmt.Errorf("%w: corrected since", press.ErrConflict)

// checkUnmarked refuses to file as a new article what is the text of another.
func (d Document) checkUnmarked(tx *storage.Tx) error {
	if d.Article == "" && d.Edition == (press.Edition{}) {
		return nil
	}
	field := "article"
	if d.Article == "" {
		field = "revision"
	}
	what := "correct that one, or"
	if d.Article != "" {
		of, err := tx.Article(d.Article)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return err
		}
		if err == nil {
			what = correctable(of, what)
		}
	}
	p := d.Problem(field, fmt.Sprintf("the document is a text of an article that exists: %s take out the fields article and revision to file another", what))
	p.Cause = press.ErrConflict
	return p
}

// correctable is an advice to correct an article, or, of one that was withdrawn or cancelled,
// that this cannot be done.
func correctable(a press.Article, advice string) string {
	if isGone(a) {
		return fmt.Sprintf("that one was %s, and cannot be corrected:", a.State)
	}
	return advice
}

// ownMark finds the lines by which an earlier document says what it was made of.
var ownMark = lazyregexp.New(`(?m)^["']?(article|revision)["']?[ \t]*:.*\n`)

// blocks is a text without the ends of lines between its elements, which say nothing.
func blocks(body press.HTML) string { return strings.ReplaceAll(string(body), ">\n<", "><") }

// matterEnd finds the line that ends the front matter.
var matterEnd = lazyregexp.New(`(?m)^(---|\.\.\.)[ \t]*\r?$`)

// mark writes into a document what it is. All else stays as it was filed.
func mark(document []byte, id press.ArticleID, edition press.Edition) []byte {
	first := bytes.IndexByte(document, '\n') + 1
	end := "\n"
	if bytes.HasSuffix(document[:first], []byte("\r\n")) {
		end = "\r\n"
	}
	rest := document[first:]
	if closing := matterEnd.FindIndex(rest); closing != nil {
		rest = append(ownMark.ReplaceAll(rest[:closing[0]:closing[0]], nil), rest[closing[0]:]...)
	}
	var b bytes.Buffer
	b.Write(document[:first])
	fmt.Fprintf(&b, "article: %q%srevision: %q%s", id, end, edition, end)
	b.Write(rest)
	return b.Bytes()
}

// restate writes an article as a document. Without a date to write that stays out, as in
// corrections that do not change it.
func restate(a press.Article, section press.Path, published string) []byte {
	var b strings.Builder
	field := func(name string, value any) {
		text, _ := json.Marshal(value) //nolint:errchkjson // JSON is YAML; strings and lists always are JSON
		fmt.Fprintf(&b, "%s: %s\n", name, text)
	}
	b.WriteString("---\n")
	field("title", a.Title)
	field("section", section)
	field("language", a.Language)
	if published != "" {
		field("published", published)
	}
	if a.Lead != "" {
		field("lead", a.Lead)
	}
	if a.Kind != "" {
		field("kind", a.Kind)
	}
	if a.Place != "" {
		field("place", a.Place)
	}
	if len(a.Tags) > 0 {
		field("tags", a.Tags)
	}
	if images := restateImages(a.Images); len(images) > 0 {
		field("images", images)
	}
	if len(a.Contacts) > 0 {
		field("contacts", a.Contacts)
	}
	if len(a.NotesToEditors) > 0 {
		field(notesField, a.NotesToEditors)
	}
	b.WriteString("---\n\n")
	text := strings.ReplaceAll(string(a.Body), "~~", "&#126;&#126;") // which strikes nothing between tags
	b.WriteString(emptyLines.ReplaceAllStringFunc(text, func(lines string) string {
		return strings.ReplaceAll(lines, "\n", "&#10;")
	}))
	b.WriteString("\n")
	return []byte(b.String())
}

// emptyLines end HTML in Markdown, also in the middle of an element.
var emptyLines = lazyregexp.New(`\n(?:[ \t]*\n)+`)

// restateImages leaves out what storage finds out by itself.
func restateImages(images []press.Image) []map[string]any {
	var all []map[string]any
	for _, i := range images {
		fields := map[string]any{"src": i.Src, "alt": i.Alt}
		for name, text := range map[string]string{"caption": i.Caption, "credit": i.Credit, "terms": i.Terms} {
			if text != "" {
				fields[name] = text
			}
		}
		if i.Focus != nil {
			fields["focus"] = i.Focus
		}
		all = append(all, fields)
	}
	return all
}
