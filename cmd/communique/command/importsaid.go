package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/manuscripts"
	"communique/storage/richtext"
)

// aboutImport is what the help says of import.
const aboutImport = `Import pages, or all pages in folders: HTML (.html, .htm, .xhtml) or saved text
(.txt). Title, section, date, language, lead, text and pictures are taken; the
navigation around them is left out.

The address of a section is for ever. A page that names one that is not there is put
aside, and the new ones are listed, each with its address, the number of its pages and
examples; with --new-sections they are made.

What a page does not say is reported and never guessed: a page without a title, a
text, a date or a section is put aside, and the exit status is 1. Imported articles
are silent: they appear in feeds and pages and are not pushed to followers. A page
that is known already, by its canonical address or else by its content, is skipped,
so that an import can be stopped and run again. A page that says what another article
says, with its title, or what is under embargo, was withdrawn or hidden, under any title
and in any language and also with a few other words, is put aside, unless --accept again
says that this is meant; a text of fewer than 30 letters may be that of a public article.

Each word of a page is kept in its place or left out for a reason: --dry-run
--explain shows both. A page of which words were left out between the first and the
last of its text is put aside with a quotation of them, unless --accept-doubts says
that somebody has looked. So is a page that calls itself a draft, or says that it is
under embargo, in its title, its lead or the first line of its text.

What a page has lost on its way in, such as hidden words, an embedded frame or a
picture without an address, is told as a note with its line, with --json in notes.

A set of pages teaches its template: "communique import learn" compares them and
writes a profile, which says where title, date, section and text stand and what is
none of the text. Look at it, edit it, and import with --profile: what it says holds,
and a page that fits none of its profiles is put aside. Without a profile more than
20 pages are compared in the same way before the first of them is read.

Pictures and files that were saved beside a page, in the folder that is named or below,
are taken along; a dry run shows them at https://beside.invalid/. What a style sheet
there hides on every screen, and nothing shows again, is hidden text.

With --mirror a folder that wget or HTTrack made of a site has its addresses again:
pictures and files that the pages show and link to are taken out of the folder, and
redirects.map says where each old address is now. nginx and Apache read it.

Where there are people of the desk, --as says whose import it is. They need to be author
or editor where the pages belong, and editor above a section that --new-sections makes.
Each page is handed in as a manuscript, and is an article when a second person has
approved it on the desk. It is known meanwhile; once it was given up there it can be
handed in again. A page with a picture that stays on another site is put aside, for
that may be another one after the approval; so is one that a document of the desk
cannot say exactly. With --alone, too, pages are published without a second person.`

// show prints a page that is not stored, and what would become of it; aside is why it
// would be put aside.
func (i *importing) show(line pageLine, aside string) error {
	if i.json && i.flags.explain {
		return i.object(struct {
			pageLine
			Account []importer.Segment `json:"account"`
		}{line, line.Account})
	}
	if i.json {
		return i.object(line)
	}
	p, becomes := line.Page, "an article"
	switch {
	case aside != "":
		becomes = "put aside: " + aside
	case line.Status == string(manuscripts.InReview):
		becomes = "a manuscript of an article, which a second person has to approve"
	case line.Manuscript != "":
		becomes = fmt.Sprintf("nothing: it is known as manuscript %s, which is %s: %s", line.Manuscript, line.State, line.URL)
	case line.ID != "":
		becomes = "nothing: it is known as article " + string(line.ID)
	case line.Status == "known":
		becomes = "nothing: it is the same article as a page before it"
	}
	i.say("%s", p.File)
	t := &table{}
	t.row("  title", p.Title)
	t.row("  section", strings.Join(p.Section, " > "))
	t.row("  published", p.Date)
	t.row("  language", string(p.Language))
	t.row("  text", fmt.Sprintf("%d characters, %d pictures", len([]rune(string(p.Body))), len(p.Images)))
	for _, problem := range p.Problems {
		if !slices.ContainsFunc(p.Notes, func(n richtext.Note) bool { return n.What == problem }) {
			t.row("  problem", problem)
		}
	}
	for _, note := range p.Notes {
		t.row("  note", fmt.Sprintf("line %d: %s", note.Line, note.What))
	}
	t.row("  becomes", becomes)
	if err := t.print(i.Stdout); err != nil || !i.flags.explain {
		return err
	}
	return p.Explain(i.Stdout)
}

func (i *importing) print(line pageLine, aside string) error {
	switch {
	case i.flags.dryRun:
		return i.show(line, aside)
	case i.json:
		return i.objectWith(line, i.serving)
	}
	if line.Status == "imported" || line.Status == string(manuscripts.InReview) {
		for _, note := range line.Notes {
			i.say("Note: %s: line %d: %s", line.File, note.Line, note.What)
		}
	}
	return nil
}

// summary prints what came of it; a page put aside is a failure.
func (i *importing) summary(ctx context.Context, total int) error {
	if !i.json {
		did := "imported"
		if i.review {
			did = "handed in for review"
		}
		if i.flags.dryRun {
			did = "would be " + did
		}
		i.say("%d of %s %s, %d known, %d put aside.", i.stored, nPages(total), did, i.known, i.aside.lines)
		i.sayWaiting()
	}
	if !i.flags.dryRun && !i.review && i.stored > 0 {
		i.sayServing(ctx, i.in, takesHold)
	}
	listed := i.Stdout
	if i.json {
		listed = i.Stderr // what is printed is a line for each page
	}
	if err := i.sections.list(listed, i.flags.newSections); err != nil {
		return err
	}
	if i.aside.lines == 0 {
		return nil
	}
	err := i.aside.each(func(line string) error {
		_, err := fmt.Fprintln(i.Stderr, "put aside: "+line)
		return err
	})
	if err != nil {
		return err
	}
	were := "were"
	switch {
	case i.flags.dryRun:
		were = "would be"
	case i.aside.lines == 1:
		were = "was"
	}
	done := "imported"
	if i.review {
		done = "handed in"
	}
	return fmt.Errorf("%d of %s %s put aside; mend what is said of each, and run the same command again: what is %s is known", i.aside.lines, nPages(total), were, done)
}

// sayWaiting says how many pages wait to be approved, and where.
func (i *importing) sayWaiting() {
	if i.waiting == 0 {
		return
	}
	waits := "waits"
	if i.waiting > 1 {
		waits = "wait"
	}
	then := "."
	if i.desk.Mirror != nil {
		then = "; run the same command again then, and their old addresses are in " + i.flags.redirects + ".map."
	}
	if i.flags.dryRun {
		i.say("%s would wait to be approved by a second person: %s", nPages(i.waiting), i.manuscriptsURL())
		return
	}
	i.say("%s %s to be approved by a second person: %s%s", nPages(i.waiting), waits, i.manuscriptsURL(), then)
}

func (i *importing) manuscriptsURL() string { return i.in.config.Desk.URL + "/manuscripts?pile=review" }

func nPages(n int) string {
	if n == 1 {
		return "1 page"
	}
	return fmt.Sprintf("%d pages", n)
}
