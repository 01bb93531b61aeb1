package command

import (
	"regexp"
	"strings"
	"testing"
)

// TestWhatIsHeldGoesOn: a translation that is held, because what it translated was taken
// back, goes out by what each refusal names, and is not said to lack an original that is
// there.
func TestWhatIsHeldGoesOn(t *testing.T) {
	t.Parallel()
	const (
		taken = "because what it translated was withdrawn or cancelled"
	)
	for _, tt := range []struct {
		name string
		// set files what is needed, and returns the draft that is held, and the original
		// of its set if that is there.
		set func(w *terminal) (held, original string)
		say func(held, original string, w *terminal) []said
	}{
		{"its original is gone", (*terminal).orphaned, func(held, _ string, w *terminal) []said {
			same, dated := w.document("language: fr"), w.document("language: fr", "published: 2026-12-03 10:00")
			return []said{
				{"correct " + held + " " + same, 1, []string{taken, "add --release-alone"}},
				{"correct " + held + " " + dated, 1, []string{"the original of its set, was withdrawn", "add --release-alone"}},
				{"correct --lift-embargo " + held + " " + same, 1, []string{"the original of its set, was withdrawn", "add --release-alone"}},
				{"correct " + held + " " + w.document("language: fr", "lead: More."), 0, []string{"under embargo and held"}},
				{"correct --release-alone " + held + " " + dated, 0, []string{"under embargo until 2026-12-03 10:00 WET", "It is held no longer."}},
			}
		}},
		{"its original is gone, as it is", (*terminal).orphaned, func(held, _ string, w *terminal) []said {
			return []said{
				{"correct --release-alone " + held + " " + w.document("language: fr"), 0, []string{"under embargo until 2026-12-01 10:00 WET", "It is held no longer."}},
			}
		}},
		{"another of its set is public", (*terminal).leftBehind, func(held, german string, w *terminal) []said {
			of := "translation_of: " + german
			return []said{
				{"correct " + held + " " + w.document("language: fr", "lead: More.", of), 1, []string{"article " + german, "is public, and so would this one be at once", "add --lift-embargo"}},
				{"correct --lift-embargo " + held + " " + w.document("language: fr", "lead: More.", of), 0, []string{"Published: ", "It was held, and is public now."}},
			}
		}},
		{"another of its set is public, with a date", (*terminal).leftBehind, func(held, german string, w *terminal) []said {
			return []said{
				{"correct " + held + " " + w.document("language: fr", "translation_of: "+german, "published: 2026-12-04 10:00"), 0, []string{"under embargo until 2026-12-04 10:00 WET", "It is held no longer."}},
			}
		}},
		{"what it translated is gone, and its original is there", (*terminal).passedOver, func(held, original string, w *terminal) []said {
			same := w.document("language: de")
			return []said{
				{"show " + held, 0, []string{"Why", "what it translated was withdrawn or cancelled; correct it with --release-alone, or withdraw it"}},
				{"correct " + held + " " + same, 1, []string{taken + "; article " + original + ", the original of its set, is there", "add --lift-embargo"}},
				{"correct " + held + " " + w.document("language: de", "lead: Mehr."), 0, []string{"under embargo and held"}},
				{"correct --lift-embargo " + held + " " + w.document("language: de", "lead: Mehr."), 0, []string{"Published: ", "It was held, and is public now."}},
			}
		}},
		{"the same, with a date", (*terminal).passedOver, func(held, _ string, w *terminal) []said {
			return []said{
				{"correct " + held + " " + w.document("language: de", "published: 2026-12-03 10:00"), 0, []string{"under embargo until 2026-12-03 10:00 WET", "It is held no longer."}},
			}
		}},
		{"the same, with a date that is past", (*terminal).passedOver, func(held, _ string, w *terminal) []said {
			past := w.document("language: de", "published: 2026-11-26 09:00")
			return []said{
				{"correct " + held + " " + past, 1, []string{"is held, and would be public at once", "add --lift-embargo"}},
				{"correct --lift-embargo " + held + " " + past, 0, []string{"Published: "}},
			}
		}},
		{"the same, alone", (*terminal).passedOver, func(held, _ string, w *terminal) []said {
			return []said{
				{"correct --release-alone " + held + " " + w.document("language: de"), 0, []string{"under embargo until 2026-12-01 10:00 WET", "It is held no longer."}},
			}
		}},
		{"its set has a new original", (*terminal).joined, func(held, original string, w *terminal) []said {
			arabic := w.document("language: ar", "lead: Also.", "translation_of: "+held)
			return []said{
				{"publish --again " + arabic, 1, []string{taken + ": write translation_of: " + original}},
				{"publish --again " + w.document("language: ar", "lead: Also.", "translation_of: "+original), 0, []string{"Published: "}},
				{"correct " + held + " " + w.document("language: fr"), 1, []string{"article " + original + ", the original of its set, is there", "add --lift-embargo"}},
				{"correct --lift-embargo " + held + " " + w.document("language: fr"), 0, []string{"Published: ", "It was held, and is public now."}},
			}
		}},
		{"its set has a new original, with a date", (*terminal).joined, func(held, _ string, w *terminal) []said {
			return []said{
				{"correct " + held + " " + w.document("language: fr", "published: 2026-12-03 10:00"), 0, []string{"It is held no longer."}},
			}
		}},
		{"another of its set is gone, which goes out all or none", (*terminal).torn, func(held, _ string, _ *terminal) []said {
			return []said{
				{"show " + held, 0, []string{"communique release lets the rest go in one step"}},
				{"release " + held, 0, []string{"Missing, for it was taken back: the text in fr.", "With --confirm these go out"}},
				{"release --confirm " + held, 0, []string{"2 articles go out together, without what is missing"}},
				{"show " + held, 0, []string{"Embargo until"}},
				{"release --confirm " + held, 1, []string{"no set of languages of article " + held + " is held"}},
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newTerminal(t)
			w.configure("languages: [en, fr]", "languages: [en, fr, de, ar]")
			held, original := tt.set(w)
			if out := w.must("list", "--state", "held"); !strings.Contains(out, held) {
				t.Fatalf("it is not held:\n%s", out)
			}
			w.say(tt.say(held, original, w))
		})
	}
}

// torn is a draft in German that is held, because the French one was cancelled without which its set
// does not go out.
func (w *terminal) torn() (held, original string) {
	w.t.Helper()
	filed := w.must("publish", "--all-or-none", "--json", w.document("lead: In English.", "published: 2026-12-01 10:00"), w.document("language: fr"), w.document("language: de"))
	ids := regexp.MustCompile(`"id":\s*"([a-z2-7]{16})"`).FindAllStringSubmatch(filed, -1)
	if len(ids) != 3 {
		w.t.Fatalf("three languages were filed as\n%s", filed)
	}
	w.must("withdraw", ids[1][1])
	return ids[2][1], ids[0][1]
}

// orphaned is a draft in French that is held, because the original was withdrawn.
func (w *terminal) orphaned() (held, original string) {
	w.t.Helper()
	english := w.publish(w.document("lead: In English."))
	held = w.publish(w.document("language: fr", "translation_of: "+english, "published: 2026-12-01 10:00"))
	w.must("withdraw", english, "--reason", "Issued in error.")
	return held, ""
}

// leftBehind is a draft in French that is held, because the original was withdrawn; its
// German translation stays up.
func (w *terminal) leftBehind() (held, german string) {
	w.t.Helper()
	english := w.publish(w.document("lead: In English."))
	german = w.publish(w.document("language: de", "translation_of: "+english))
	held = w.publish(w.document("language: fr", "translation_of: "+english, "published: 2026-12-01 10:00"))
	w.must("withdraw", english, "--reason", "Issued in error.")
	return held, german
}

// passedOver is a draft in German that is held, because the French one was cancelled, of
// which it was a translation; the original is public.
func (w *terminal) passedOver() (held, original string) {
	w.t.Helper()
	original = w.publish(w.document("lead: In English."))
	french := w.publish(w.document("language: fr", "translation_of: "+original, "published: 2026-12-01 10:00"))
	held = w.publish(w.document("language: de", "translation_of: "+french))
	w.must("withdraw", french)
	return held, original
}

// joined is a draft in French that is held and came along into the set of an original that
// is public.
func (w *terminal) joined() (held, original string) {
	w.t.Helper()
	held, german := w.leftBehind()
	original = w.publish(w.document("lead: In English, anew."))
	w.must("correct", german, "--minor", w.document("language: de", "translation_of: "+original, "lead: Auf Deutsch."))
	return held, original
}
