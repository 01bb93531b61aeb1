package command

import "testing"

// TestPassagesAreShownAsTheyAreWritten: an editor reads what comes back as it stands in the
// text, with what is said of a link or a picture.
func TestPassagesAreShownAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, before, after, want string }{
		{"the title of a link", `Signed in [the hall](https://x.example/ "the old one").`, `Signed in [the hall](https://x.example/ "a new one").`,
			`it says "Signed in [https://x.example/ "the old one"] the hall." again, where "Signed in [https://x.example/ "a new one"] the hall." stands now`},
		{"what is said of a picture", "Signed.\n\n![Mr Ostrel](https://x.example/p.png)", "Signed.\n\n![The minister](https://x.example/p.png)",
			`it says "Signed. [https://x.example/p.png "Mr Ostrel"]" again`},
		{"a price", "It costs €4,500.50 (net).", "It costs €5,500.50 (net).", `it says "It costs €4,500.50 (net …" again`},
		{"Chinese", "协定于五月在阿尔梅拉港签署。", "协定于六月在阿尔梅拉港签署。", `it says "协定于五月在阿尔梅拉 …" again`},
		{"bold within a word", "The **Foreign**minister signed in May.", "The **Foreign**minister signed in June.", `it says "… Foreignminister signed in May." again`},
	} {
		w := newTerminal(t)
		file := func(text string) string {
			return w.write("a.md", "---\ntitle: Treaty\nsection: the-ministry\n---\n\n"+text+"\n")
		}
		id := w.publish(file(tt.before))
		w.must("correct", id, file(tt.after), "--minor")
		w.say([]said{{"correct " + id + " --minor " + file(tt.before), 1, []string{tt.want, "--back"}}})
	}
}

// TestAMinorCorrectionLeavesNoNoteUntrue: readers are shown the note on a correction, so
// what it tells is not changed without one.
func TestAMinorCorrectionLeavesNoNoteUntrue(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	file := func(text string) string { return w.document("lead: " + text) }
	id := w.publish(file("The budget is 100 million."))
	w.must("correct", id, file("The budget is 200 million."), "--note", "The budget is 200 million, not 100.")
	w.say([]said{
		{"correct " + id + " --minor " + file("The budget is 300 million."), 2, []string{`it no longer says what readers were told in a note, which would stay: "The budget is 200 million, not 100."`, "say with --note what is right", "--hide-earlier"}},
		{"correct " + id + " --minor " + file("The budget is 200 million, in all."), 0, []string{"Corrected: "}},
		{"correct " + id + " " + file("The budget is 300 million, in all.") + ` --note "The budget is 300 million."`, 0, []string{"Corrected: "}},
		{"correct " + id + " --minor --hide-earlier " + file("The budget is 400 million, in all."), 0, []string{"Corrected: "}},
		{"correct " + id + " --minor " + file("The budget is 500 million, in all."), 0, []string{"Corrected: "}},
	})
}
