package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// texts makes a document of fields and a body.
func (r *room) texts(title, body string, fields ...string) Document {
	r.t.Helper()
	front := "title: " + title + "\n" + strings.Join(fields, "\n")
	if !strings.Contains(front, "\nsection: ") {
		front += "\nsection: the-ministry/statements"
	}
	doc, err := r.Read("statement.md", []byte("---\n"+front+"\n---\n\n"+body+"\n"), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// TestACorrectionIsNotUndoneUnseen: an editor who begins with an old file takes back
// what was corrected since, wherever in the document that is. It is refused with the
// passage, unless it is meant.
func TestACorrectionIsNotUndoneUnseen(t *testing.T) {
	t.Parallel()
	const field = "\x00"
	for _, tt := range []struct{ name, first, corrected, old, shown string }{
		{"a figure", "The budget is 100 million. It is for harbours", "The budget is 200 million. It is for harbours", "The budget is 100 million. It is for harbours.", "100 million"},
		{"a comma in the same place", "The budget is 100 million", "The budget is 200 million", "The budget, is 100, million", "100, million"},
		{"a mistake beside it", "The budget is 100 milion", "The budget is 200 million", "The budget is 100 million", "100 million"},
		{"a paragraph added", "One was signed.\n\nThree were not.", "One was signed.\n\nTwo was signed under protest.\n\nThree were not.", "One was signed.\n\nThree were not!", "protest"},
		{"a sentence added at the end", "One was signed", "One was signed. Nobody objected", "One was signed!", "Nobody objected"},
		{"a sentence taken out", "He came. He was late. He left", "He came. He left", "He came. He was late. He left.", "He was late"},
		{"a mark", "Let us eat ministers", "Let us eat, ministers", "Let us eat ministers!", "eat ministers"},
		{"where a link leads", "The [treaty](https://one.example/) was signed", "The [treaty](https://two.example/) was signed", "The [treaty](https://one.example/) was signed.", "https://one.example/"},
		{"a struck passage", "Of 100 dead one was a sailor. It rained", "Of ~~100~~ dead one was a sailor. It rained", "Of 100 dead one was a sailor. It rained!", `"Of 100 dead`},
		{"a mark of weight", "One **sailor** was lost. It rained", "One sailor was lost. It rained", "One **sailor** was lost. It rained!", "**sailor**"},
		{"a heading", "One came.\n\n## Two left\n\nIt rained", "One came.\n\nTwo left\n\nIt rained", "One came.\n\n## Two left\n\nIt rained!", "<h2>"},
		{"characters", "预算为一亿元。用于港口", "预算为两亿元。用于港口", "预算为一亿元。用于港口。", "一"},
		{"the title", "Text" + field + "title: Treaty with Ruvenia signed", "Text" + field + "title: Treaty with Aldreth signed", "Text." + field + "title: Treaty with Ruvenia signed", "Ruvenia"},
		{"the lead", "Text" + field + "lead: He is a friend", "Text" + field + "lead: He is a partner", "Text." + field + "lead: He is a friend", "friend"},
		{"a tag taken out", "Text" + field + "tags: [war, trade]", "Text" + field + "tags: [trade]", "Text." + field + "tags: [war, trade]", "war"},
		{"a tag put in", "Text" + field + "tags: [trade]", "Text" + field + "tags: [peace, trade]", "Text." + field + "tags: [trade]", "peace"},
		{"a caption", "Text" + field + "images: [{src: 'https://a.example/1.jpg', alt: The minister, caption: The king}]",
			"Text" + field + "images: [{src: 'https://a.example/1.jpg', alt: The minister, caption: The queen}]",
			"Text." + field + "images: [{src: 'https://a.example/1.jpg', alt: The minister, caption: The king}]", "king"},
		{"the kind", "Text" + field + "kind: speech", "Text" + field + "kind: statement", "Text." + field + "kind: speech", "speech"},
		{"the place", "Text" + field + "place: Port Almira", "Text" + field + "place: Ruvenia", "Text." + field + "place: Port Almira", "Almira"},
		{"a number", "Text" + field + "contacts: [{role: Desk, telephone: 555 0100}]", "Text" + field + "contacts: [{role: Desk, telephone: 555 0199}]", "Text." + field + "contacts: [{role: Desk, telephone: 555 0100}]", "0100"},
		{"a note to editors", "Text" + field + "notes_to_editors: [He is a friend.]", "Text" + field + "notes_to_editors: [He is a partner.]", "Text." + field + "notes_to_editors: [He is a friend.]", "friend"},
		{"the section", "Text" + field + "section: the-ministry/statements", "Text" + field + "section: press-room", "Text." + field + "section: the-ministry/statements", "the-ministry/statements"},
	} {
		r := newRoom(t)
		r.sections("Press Room")
		document := func(text string) Document {
			body, line, _ := strings.Cut(text, field)
			title := "Treaty signed"
			if after, ok := strings.CutPrefix(line, "title: "); ok {
				title, line = after, ""
			}
			return r.texts(title, body, line)
		}
		filed, err := r.File(t.Context(), document(tt.first), Filing{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		id := filed.Article.ID
		r.clock.Pass(time.Hour)
		if _, err := r.Correct(t.Context(), id, document(tt.corrected), Correction{Note: "It was wrong."}); err != nil {
			t.Fatal(tt.name, err)
		}
		// Another one in between changes nothing of what the first corrected.
		more := document(tt.corrected)
		more.Body += "\n<p>For the press.</p>"
		if _, err := r.Correct(t.Context(), id, more, Correction{Minor: true}); err != nil {
			t.Fatal(tt.name, err)
		}
		_, err = r.Correct(t.Context(), id, document(tt.old), Correction{Minor: true})
		if !errors.Is(err, ErrBack) || !strings.Contains(err.Error(), tt.shown) {
			t.Errorf("%s: %v, want it refused with %q", tt.name, err, tt.shown)
		}
		if _, err := r.Correct(t.Context(), id, document(tt.old), Correction{Note: "It was right.", Back: true}); err != nil {
			t.Errorf("%s, meant: %v", tt.name, err)
		}
	}
}

// TestCorrectionsGoOn: what goes on from the newest text is taken, also in the place
// that was corrected before.
func TestCorrectionsGoOn(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	filed, err := r.File(t.Context(), r.texts("Budget", "The budget is 100 million. The ministers met in Rome. They were tired."), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		"The budget is 200 million. The ministers met in Rome. They were tired.",
		"The budget is 300 million. The ministers met in Rome. They were tired.",
		"The budget is 300 million. The 100 ministers met in Rome. They were tired.",
		"The budget is 300 million. The 100 ministers met in Rome, on Monday.",
		"The budget is 300 million. On Monday the 100 ministers met in Rome.",
		"On Monday the 100 ministers met in Rome. The budget is 300 million.",
		"On Monday the 100 ministers met in Rome. The budget is 300 million, and 200 more for harbours.",
	} {
		if _, err := r.Correct(t.Context(), filed.Article.ID, r.texts("Budget", body), Correction{Minor: true}); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestCorrectingAnotherText: the wrong file, or a translation, does not take an
// article's place by an oversight, and what changes nothing is no correction.
func TestCorrectingAnotherText(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const body = "The minister received the delegation, and they spoke of harbours."
	for _, state := range []string{"", "published: 2026-11-27 12:00"} {
		filed, err := r.File(t.Context(), r.texts("Visit", body, state), Filing{Again: true})
		if err != nil {
			t.Fatal(err)
		}
		id := filed.Article.ID
		for name, tt := range map[string]struct {
			doc  Document
			c    Correction
			want error
		}{
			"the same":                 {r.texts("Visit", body), Correction{Minor: true}, ErrSame},
			"the same with a note":     {r.texts("Visit", body), Correction{Note: "It is now right."}, ErrSame},
			"the same, replaced":       {r.texts("Visit", body), Correction{Minor: true, Replace: true}, ErrSame},
			"another text":             {r.texts("Budget", "Parliament passed a budget of 100 million today after long debate."), Correction{Minor: true}, ErrAnother},
			"another language":         {r.texts("Visite", body, "language: fr"), Correction{Minor: true}, ErrAnother},
			"another title":            {r.texts("A visit", body), Correction{Minor: true}, nil},
			"another text, same title": {r.texts("Visit", "Nothing of it took place, as it seems now."), Correction{Minor: true}, nil},
			"replaced":                 {r.texts("Budget", "Parliament passed a budget of 100 million.", "language: es"), Correction{Minor: true, Replace: true}, nil},
		} {
			err := r.Rehearse(t.Context(), func(d Desk) error {
				_, err := d.Correct(t.Context(), id, tt.doc, tt.c)
				return err
			})
			if !errors.Is(err, tt.want) || (tt.want == nil) != (err == nil) {
				t.Errorf("%s (%s): %v, want %v", name, filed.Article.State, err, tt.want)
			}
			if errors.Is(tt.want, ErrAnother) && !strings.Contains(err.Error(), `"Visit" of 2026-11-2`) {
				t.Errorf("%s: %v does not say what it would replace", name, err)
			}
		}
	}
}

// TestWhatNobodyHasRead: a draft is corrected and cancelled without a word to the
// public; what is public is not.
func TestWhatNobodyHasRead(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft, public := r.file("A secret", "published: 2026-11-27 12:00"), r.file("Treaty signed")
	got, err := r.Correct(t.Context(), draft.ID, r.document("The secret"), Correction{})
	if err != nil || got.Before.Title != "A secret" || got.Article.State != press.Embargoed {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := r.Correct(t.Context(), public.ID, r.document("A treaty signed"), Correction{}); !errors.Is(err, ErrUnexplained) {
		t.Errorf("a public one: %v", err)
	}
	if got, err := r.Withdraw(t.Context(), draft.ID, " "); err != nil || got.Article.State != press.Cancelled {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := r.Withdraw(t.Context(), public.ID, " "); !errors.Is(err, ErrUnexplained) {
		t.Errorf("a public one: %v", err)
	}
}
