package command

import (
	"strings"
	"testing"
)

// TestCorrectADraft: with a date of last year the draft stays under embargo, and the
// error names the flag by which it would go out; what the text has lost is noted.
func TestCorrectADraft(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("published: 2026-12-01 10:00"))
	mistyped := w.document("published: 2025-12-01 10:00")
	_, problems, status := w.run("correct", id, mistyped, "--minor")
	if status != 1 || !strings.Contains(problems, "treaty.md:4: published: it is more than 48 hours ago") || !strings.Contains(problems, "--silent") {
		t.Errorf("status %d, %s", status, problems)
	}
	out := w.must("correct", id, w.document("lead: It ends a dispute."))
	if !strings.Contains(out, "Replaced the draft, under embargo until 2026-12-01 10:00 WET") || !strings.Contains(out, "Note: ") {
		t.Errorf("without a date: %s", out)
	}
	w.say([]said{
		{"correct " + id + " " + mistyped + " --minor --silent", 1, []string{"is under embargo until 2026-12-01 10:00:00 WET, and would be public at once: add --lift-embargo"}},
		{"correct " + id + " " + w.document("published: 2026-12-01 09:00"), 0, []string{"Replaced the draft, under embargo until 2026-12-01 09:00 WET", "Before, it was to be public at 2026-12-01 10:00 WET."}},
		{"correct " + id + " " + w.document("published: 2026-12-01 08:00") + " --json", 0, []string{`"was_embargoed_until":"2026-12-01T09:00:00Z"`}},
		{"correct " + id + " " + mistyped + " --minor --silent --lift-embargo", 0, []string{"\nPublished: https://press.mfa.example/en/articles/" + id, "It was under embargo until 2026-12-01 08:00 WET, and is public now."}},
	})
}

// TestCorrectInItsLanguage: a French article stays French if the corrected file does
// not say so, though the site's first language is English.
func TestCorrectInItsLanguage(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("language: fr"))
	w.must("correct", id, w.document("lead: It ends a dispute."), "--note", "Un mot manquait.")
	if out := w.must("show", id); !strings.Contains(out, "https://press.mfa.example/fr/articles/"+id) {
		t.Errorf("it is now\n%s", out)
	}
}

// TestHeldDrafts are listed and shown under one name, and go out as they are.
func TestHeldDrafts(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	soon := "published: 2026-12-01 10:00"
	original := w.publish(w.document(soon))
	fr := w.document("language: fr", "translation_of: "+original)
	held := w.publish(fr)
	w.must("withdraw", original)
	w.say([]said{
		{"list --state held", 0, []string{held, "held", "communique show says why"}},
		{"list --state held --json", 0, []string{`"id":"` + held + `"`, `"state":"embargoed"`, `"held":"what it translated was withdrawn or cancelled`}},
		{"show " + held, 0, []string{"held", "correct it with --release-alone"}},
		{"show " + original, 0, []string{"Was to be public", "Cancelled"}},
		{"show " + held, 0, []string{"Embargo until"}},
		{"list --language fr --state withdrawn", 0, []string{"There are none.\n"}},
		{"withdraw " + original, 1, []string{"was cancelled on 2026-11-26", "before it was public"}},
		{"correct " + held + " " + fr, 1, []string{"there is nothing to correct, and it is held", "add --release-alone"}},
		{"correct " + held + " " + fr + " --release-alone", 0, []string{"Replaced the draft, under embargo until 2026-12-01 10:00 WET: " + held}},
	})
	if out := w.must("list", "--state", "held"); strings.Contains(out, held) {
		t.Errorf("it is held still:\n%s", out)
	}
	w.say([]said{{"list --state embargoed", 0, []string{held}}})
}

// TestWhatIsHidden is named, and is hidden once.
func TestWhatIsHidden(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("lead: It ends."))
	now := w.document("lead: It ends a dispute.")
	w.must("correct", id, now, "--note", "A word was missing.")
	hide := "correct " + id + " " + now + " --minor --hide-earlier"
	w.say([]said{
		{hide + " --json", 0, []string{`"hidden_revisions":[1,2],"hidden_notes":["A word was missing."]`}},
		{hide, 1, []string{"there is nothing to correct, and nothing to hide: no earlier wording is public"}},
		{"correct " + id + " " + w.document("lead: It ends a long dispute.") + " --minor --hide-earlier", 0, []string{"Hidden, what it said before: revision 3.\n"}},
		{hide, 1, []string{"--back"}},
		{"correct " + id + " " + now + " --back --note Shorter. --hide-earlier", 0, []string{"Hidden, what it said before: revision 4.\n"}},
		{hide, 0, []string{"Hidden, what it said before: revision 5.\n", `Hidden too, the note on an earlier correction: "Shorter."`}},
		{hide, 1, []string{"nothing to hide"}},
	})
}

// TestWhatIsReplaced is named with all that becomes another, also where the text hardly
// does: a document has it in one line.
func TestWhatIsReplaced(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.must("section", "add", "Press Room")
	id := w.publish(w.document("tags: [treaties]"))
	w.say([]said{
		{"correct " + id + " " + w.document("tags: [treaties]", "lead: It ends.") + " --minor", 0, []string{`Replaces "Treaty signed" of 2026-11-26 09:30:00 WET.` + "\n"}},
		{"correct " + id + " " + w.documentIn("press-room", "tags: [sea, land]") + " --minor --back", 0, []string{"; moved from the-ministry to press-room; the tags were [treaties] and are [sea, land].\n"}},
		{"correct " + id + " " + w.documentIn("press-room", "language: fr", "tags: [sea, land]") + " --minor --replace --json", 0, []string{`"replaces":{"title":"Treaty signed","published":"2026-11-26T09:30:00Z","language":"en","section":"press-room","tags":["sea","land"]}`}},
	})
}
