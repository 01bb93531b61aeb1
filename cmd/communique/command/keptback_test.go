package command

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// statement is what somebody tries to have out by each of the doors.
const statement = "The minister of foreign affairs received the ambassador of Brand in the ministry this morning. They spoke of fish, of harbours and of the dues that ships of both states pay there, " +
	"and they agreed that 12 delegates from each side will meet in Port Almira on 3 May to write a treaty."

// other is a text in which somebody changed what is different from a statement.
type other struct{ title, language, text string }

// retold are the texts that are the statement all the same.
var retold = map[string]other{
	"nothing":               {"On a visit", "en", statement},
	"the language":          {"On a visit", "fr", statement},
	"the title":             {"The ambassador came", "en", statement},
	"title and language":    {"The ambassador came", "fr", statement},
	"two words":             {"On a visit", "en", fewWords.Replace(statement)},
	"figures and a name":    {"On a visit", "en", strings.NewReplacer("12", "14", "Brand", "Sarel").Replace(statement)},
	"letters":               {"The ambassador came", "en", strings.NewReplacer("a", "а", "e", "é", "o", "ο").Replace(statement)},
	"title and first words": {"The ambassador came", "en", "Today it came to this. " + statement},
}

var fewWords = strings.NewReplacer("received", "welcomed", "to write", "to draft")

// markdown writes a text as a document.
func (w *terminal) markdown(o other, fields ...string) string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "statement.md")
	text := fmt.Sprintf("---\ntitle: %s\nlanguage: %s\nsection: the-ministry\n%s\n---\n\n%s\n", o.title, o.language, strings.Join(fields, "\n"), o.text)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

// saved writes a text as a page of a site.
func (w *terminal) saved(o other) string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "statement.html")
	text := fmt.Sprintf(`<!DOCTYPE html><html lang="%s"><head><title>%s</title></head><body><article><h1>%s</h1>
<time datetime="2026-11-25T09:00:00+00:00">25 November 2026 09:00</time><p>%s</p></article></body></html>`, o.language, o.title, o.title, o.text)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

// TestWhatIsKeptBackComesByNoDoor: what is under embargo, was withdrawn or hidden goes out
// by no command unless somebody says that this is meant, whatever is different about it;
// and what is out already does not go out a second time.
func TestWhatIsKeptBackComesByNoDoor(t *testing.T) {
	t.Parallel()
	all := slices.Collect(maps.Keys(retold))
	// Of a text that is public, other figures and names make another one.
	words := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "figures and a name" })
	for _, tt := range []struct {
		state string
		// What may be different and it is refused all the same, by door.
		publish, imports, correct []string
	}{
		{"under embargo", all, all, all},
		{"withdrawn", all, all, all},
		{"hidden", all, all, all},
		{"public", words, []string{"nothing", "the language"}, nil},
		{"cancelled", nil, nil, nil},
	} {
		t.Run(tt.state, func(t *testing.T) {
			t.Parallel()
			w := newTerminal(t)
			another := w.publish(w.markdown(other{"On fish", "en", "There are more of them in the harbour than there were in any year before."}))
			id := w.inState(tt.state)
			for name, o := range retold {
				page := w.saved(o)
				w.door(name, id, tt.publish, "--again", "publish", w.markdown(o))
				w.door(name, id, tt.publish, "--again", "publish", w.markdown(o, "published: 2027-02-01 10:00"))
				w.door(name, id, tt.imports, "--accept=again", "import", "--section", "the-ministry", page)
				w.door(name, id, tt.correct, "--again", "correct", another, w.markdown(o), "--replace", "--minor")
			}
		})
	}
}

// door tries a command on a copy of the site: it refuses a text which is that of an article
// but for what is different, if that is listed, with the article's id and with the flag
// that lets it pass. A dry run says the same.
func (w *terminal) door(different, id string, refused []string, meant string, line ...string) {
	w.t.Helper()
	site := &terminal{t: w.t, data: filepath.Join(w.t.TempDir(), "press"), clock: w.clock}
	if err := os.CopyFS(site.data, os.DirFS(w.data)); err != nil {
		w.t.Fatal(err)
	}
	want := 0
	if slices.Contains(refused, different) {
		want = 1
	}
	if line[0] != "correct" { // which has none
		if out, problems, status := site.run(append(line, "--dry-run")...); status != want {
			w.t.Errorf("%s, of which %s is different: the dry run has status %d: %s%s", line[0], different, status, out, problems)
		}
	}
	out, problems, status := site.run(line...)
	if status != want {
		w.t.Errorf("%s, of which %s is different: status %d: %s%s", line[0], different, status, out, problems)
	}
	if want == 0 {
		return
	}
	if flag := strings.Replace(meant, "=", " ", 1); !strings.Contains(problems, "article "+id) || !strings.Contains(problems, flag) {
		w.t.Errorf("%s, of which %s is different, does not say that it is article %s, or what %s does: %s", line[0], different, id, flag, problems)
	}
	site.must(append(line, meant)...)
}

// inState has an article say the statement and be in a state, and returns its id.
func (w *terminal) inState(state string) string {
	w.t.Helper()
	first := retold["nothing"]
	switch state {
	case "under embargo":
		return w.publish(w.markdown(first, "published: 2027-01-01 10:00"))
	case "cancelled":
		id := w.publish(w.markdown(first, "published: 2027-01-01 10:00"))
		w.must("withdraw", id)
		return id
	}
	id := w.publish(w.markdown(first))
	switch state {
	case "withdrawn":
		w.must("withdraw", id, "--reason", "An error.")
	case "hidden":
		w.must("correct", id, w.markdown(other{first.title, first.language, "Nobody came, and nothing was said of fish."}), "--minor", "--hide-earlier")
	}
	w.clock.Pass(time.Hour)
	return id
}

// TestATranslationMaySayTheSame, such as one that is all names, but not before what it
// translates is public, nor when that is so no more.
func TestATranslationMaySayTheSame(t *testing.T) {
	t.Parallel()
	const names = "Ada Lund, Bela Marr, Cleo Varga, Dora Quist, Emil Tarn."
	english, french := other{"Delegates", "en", names}, other{"Delegates", "fr", names}
	w := newTerminal(t)
	id := w.publish(w.markdown(english, "published: 2027-01-01 10:00"))
	of := "translation_of: " + id
	w.say([]said{
		{"publish " + w.markdown(french), 1, []string{"article " + id, "under embargo"}},
		{"publish --release-alone " + w.markdown(french, of, "published: 2026-12-01 10:00"), 1, []string{"article " + id, "under embargo", "--again"}},
		{"publish --dry-run " + w.markdown(french, of), 0, []string{"would be under embargo until"}},
		{"publish --dry-run " + w.markdown(french, of, "published: 2027-01-02 10:00"), 0, []string{"would be under embargo until"}},
		{"withdraw " + id, 0, nil},
		{"publish " + w.markdown(english) + " " + w.markdown(french), 0, nil},
	})
	w.must("withdraw", w.only("--language", "en", "--state", "published"), "--reason", "An error.")
	of = "translation_of: " + w.only("--language", "fr")
	w.say([]said{{"publish " + w.markdown(english, of), 1, []string{"was withdrawn on"}}})
}

// only lists one article, and returns its id.
func (w *terminal) only(filter ...string) string {
	w.t.Helper()
	var a struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(w.must(append([]string{"list", "--json"}, filter...)...)), &a); err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

// TestShortTextsRepeat: a line that stands under many titles is no statement by itself.
func TestShortTextsRepeat(t *testing.T) {
	t.Parallel()
	const line = "Statement to follow."
	w := newTerminal(t)
	id := w.publish(w.markdown(other{"On a visit", "en", line}, "published: 2027-01-01 10:00"))
	w.say([]said{
		{"publish " + w.markdown(other{"On fish", "en", line}), 0, nil},
		{"publish " + w.markdown(other{"Sur les poissons", "fr", line}), 0, nil},
		{"publish " + w.markdown(other{"On a visit", "fr", line}), 1, []string{"article " + id}},
		{"import --section the-ministry " + w.saved(other{"On ships", "en", line}), 0, []string{"1 of 1 page imported"}},
		{"import --section the-ministry " + w.saved(other{"On fish", "en", line}), 0, []string{"1 of 1 page imported"}},
		{"import --section the-ministry " + w.saved(other{"On a visit", "en", line}), 1, []string{"article " + id}},
	})
}

// TestAPageIsKnownBeforeItIsCompared: what was imported and comes again is known, also when
// it was withdrawn; of two pages that say the same one is imported.
func TestAPageIsKnownBeforeItIsCompared(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	page := w.saved(retold["nothing"])
	text, err := os.ReadFile(page)
	for name, address := range map[string]string{page: "https://old.example/1", filepath.Join(filepath.Dir(page), "twin.html"): "https://old.example/2"} {
		if err == nil {
			err = os.WriteFile(name, []byte(strings.Replace(string(text), "<head>", `<head><link rel="canonical" href="`+address+`">`, 1)), 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	both := "import --section the-ministry " + filepath.Dir(page)
	w.say([]said{
		{both + " --dry-run", 1, []string{"1 of 2 pages would be imported, 0 known, 1 put aside", "twin.html: conflict: filed already: it says what", "--accept again"}},
		{both, 1, []string{"1 of 2 pages imported, 0 known, 1 put aside", "twin.html: conflict: filed already: it is article", "--accept again"}},
		{both, 1, []string{"0 of 2 pages imported, 1 known, 1 put aside"}},
	})
	w.must("withdraw", w.only(), "--reason", "An error.")
	w.say([]said{
		{both + " --dry-run", 1, []string{"0 of 2 pages would be imported, 1 known, 1 put aside", "which was withdrawn on 2026-11-26"}},
		{both, 1, []string{"0 of 2 pages imported, 1 known, 1 put aside", "which was withdrawn on 2026-11-26"}},
		{both + " --accept again --dry-run", 0, []string{"1 of 2 pages would be imported, 1 known, 0 put aside"}},
		{both + " --accept again", 0, []string{"1 of 2 pages imported, 1 known, 0 put aside"}},
	})
}
