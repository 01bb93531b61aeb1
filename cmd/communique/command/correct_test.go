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
	if out := w.must("correct", id, mistyped, "--minor", "--silent"); !strings.Contains(out, "\nCorrected: https://press.mfa.example/en/articles/"+id) {
		t.Errorf("silently: %s", out)
	}
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
