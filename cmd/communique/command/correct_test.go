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
		{"list --state held --json", 0, []string{`"id":"` + held + `"`, `"state":"embargoed"`, `"held":"what it translates was withdrawn or cancelled`}},
		{"show " + held, 0, []string{"held", "correct it with --release-alone"}},
		{"show " + original, 0, []string{"Was to be public", "Cancelled"}},
		{"show " + held, 0, []string{"Embargo until"}},
		{"list --language ar", 0, []string{"There are none.\n"}},
		{"withdraw " + original, 1, []string{"was cancelled on 2026-11-26", "before it was public"}},
		{"correct " + held + " " + fr, 1, []string{"there is nothing to correct"}},
		{"correct " + held + " " + fr + " --release-alone", 0, []string{"Replaced the draft, under embargo until 2026-12-01 10:00 WET: " + held}},
	})
	if out := w.must("list", "--state", "held"); strings.Contains(out, held) {
		t.Errorf("it is held still:\n%s", out)
	}
	w.say([]said{{"list --state embargoed", 0, []string{held}}})
}
