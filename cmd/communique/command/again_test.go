package command

import (
	"regexp"
	"strings"
	"testing"
)

// TestWhatWasWithdrawnIsNotCorrected: where a text that is refused is that of an article
// which cannot be corrected, no message says to correct it, and what it says instead works.
func TestWhatWasWithdrawnIsNotCorrected(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	document := w.document()
	gone := w.publish("--key", "mfa-1", document)
	marked := w.must("show", "--markdown", gone)
	w.must("withdraw", gone, "--reason", "Issued in error.")
	markedFile := w.write("marked.md", marked)
	other := w.publish(w.document("lead: Another."))
	draft := w.publish(w.document("published: 2026-12-01 10:00"))
	w.must("withdraw", draft)
	const cannot = "cannot be corrected"
	for _, refused := range []said{
		{"publish " + document, 1, []string{"which was withdrawn on 2026-11-26", cannot, "add --again"}},
		{"publish --dry-run " + document, 1, []string{cannot, "add --again"}},
		{"publish --key mfa-1 " + w.document("lead: Other."), 1, []string{"article " + gone + ": which was withdrawn: take another key"}},
		{"publish --key mfa-1 " + document, 1, []string{"which was withdrawn; if it is to be published again, use another key"}},
		{"publish " + markedFile, 1, []string{"that one was withdrawn, and " + cannot + ": take out the fields article and revision to file another"}},
		{"correct " + gone + " " + document + " --minor", 1, []string{"was withdrawn on 2026-11-26, and " + cannot + ": publish a new one"}},
		{"correct " + other + " " + markedFile + " --minor", 1, []string{"that one was withdrawn, and " + cannot + ": take out the fields article and revision"}},
		{"correct " + draft + " " + document + " --minor", 1, []string{"before it was public, and " + cannot + ": publish a new one"}},
	} {
		w.say([]said{refused})
		if out, problems, _ := w.run(split(refused.line)...); strings.Contains(out+problems, "correct that") {
			t.Errorf("%s says to correct what cannot be: %s", refused.line, problems)
		}
	}
	unmarked := w.write("unmarked.md", regexp.MustCompile(`(?m)^(article|revision):.*\n`).ReplaceAllString(marked, ""))
	w.say([]said{
		{"publish --again --key mfa-2 " + unmarked, 0, []string{"Published: "}},
		{"publish --again " + document, 0, []string{"Published: "}},
	})
}

// TestTheKeyOfACancelledDraftIsFree: nothing of the draft is left, and its key files the
// next document, once.
func TestTheKeyOfACancelledDraftIsFree(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	document := w.document("published: 2026-12-01 10:00")
	first := w.publish("--key", "mfa-1", document)
	w.must("withdraw", first)
	w.say([]said{{"publish --dry-run --key mfa-1 " + document, 0, []string{"would be under embargo until 2026-12-01 10:00 WET"}}})
	out := w.must("publish", "--key", "mfa-1", document)
	if !strings.Contains(out, "Under embargo until 2026-12-01 10:00 WET: ") || strings.Contains(out, first) {
		t.Errorf("published under the key of what was cancelled: %s", out)
	}
	w.say([]said{
		{"publish --key mfa-1 " + document, 0, []string{"Nothing was published: the key mfa-1 was used for this article before"}},
		{"publish --key mfa-1 " + w.document("lead: Other."), 1, []string{"the key mfa-1 was used for another text"}},
	})
}

// TestADryRunTellsNoIDs: what it made for itself is called by its title.
func TestADryRunTellsNoIDs(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	english := w.write("en.md", "---\ntitle: Treaty signed\nsection: the-ministry\npublished: 2026-12-02 10:00\n---\n\nIt was signed.\n")
	french := w.write("fr.md", "---\ntitle: Traité signé\nsection: the-ministry\nlanguage: fr\npublished: 2026-12-01 10:00\n---\n\nIl a été signé.\n")
	out := w.must("publish", "--dry-run", "--release-alone", english, french)
	if !strings.Contains(out, `Still under embargo until 2026-12-02 10:00 WET in en (English): "Treaty signed"`) {
		t.Errorf("it does not tell of the original: %s", out)
	}
	if id := regexp.MustCompile(`\b[a-z2-7]{16}\b`).FindString(out); id != "" {
		t.Errorf("there is no %s: %s", id, out)
	}
	original := w.publish(english)
	translation := w.write("of.md", "---\ntitle: Traité signé\nsection: the-ministry\nlanguage: fr\ntranslation_of: "+original+"\npublished: 2026-12-01 10:00\n---\n\nIl a été signé.\n")
	w.say([]said{{"publish --dry-run --release-alone " + translation, 0, []string{"in en (English): " + original}}})
}

// TestImportOfWhatCallsItselfADraft: a page that says so, or that it is under embargo, where
// readers would see it, is put aside until somebody has looked.
func TestImportOfWhatCallsItselfADraft(t *testing.T) {
	t.Parallel()
	const crumbs = `<nav><a href="/">Home</a> &gt; <a href="/m">The Ministry</a></nav>`
	for _, tt := range []struct{ title, says, accept string }{
		{"DRAFT: Treaty signed in Aldreth", "its title calls it a draft", "draft"},
		{"[ENTWURF] Treaty signed in Aldreth", "its title calls it a draft", "draft"},
		{"EMBARGOED UNTIL 24 DECEMBER: Treaty signed in Aldreth", "its title says that it is under embargo", "embargo"},
		{"[EMBARGO] Treaty signed in Aldreth", "its title says that it is under embargo", "embargo"},
		{"Draft treaty signed in Aldreth", "", ""},
		{"Embargo on arms for Aldreth ends", "", ""},
	} {
		w := newTerminal(t)
		folder := t.TempDir()
		w.page(folder, "page.html", tt.title, crumbs)
		if tt.says == "" {
			w.say([]said{{"import " + folder, 0, []string{"1 of 1 page imported"}}})
			continue
		}
		w.say([]said{
			{"import --dry-run " + folder, 1, []string{tt.says, "--accept " + tt.accept}},
			{"import " + folder, 1, []string{tt.says, "--accept " + tt.accept}},
			{"import --accept menu " + folder, 1, []string{tt.says}},
			{"import --accept " + tt.accept + " " + folder, 0, []string{"1 of 1 page imported"}},
			{"import " + folder, 0, []string{"1 known"}},
		})
		all := newTerminal(t)
		all.say([]said{{"import --accept-doubts " + folder, 0, []string{"1 of 1 page imported"}}})
	}
}
