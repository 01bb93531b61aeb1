package fingerprint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"communique/storage/press"
)

var (
	foreign = strings.NewReplacer("The minister", "Тhе mіnіѕtеr", "signed", "ѕіgnеԁ", "Almira", "Αlmіrа", "It was", "Ιt wаѕ", "late", "1аtе")
	accents = strings.NewReplacer("minister", "mïnïstér", "signed", "sıgneđ", "Al", "Ål", "late", "ļate")
)

const treaty = "<p>The minister signed the treaty of <a href=\"https://almira.example/\">Almira</a>. It was <em>late</em>.</p>"

// TestAlike: what readers take for the same has the same digests, and nothing else has.
func TestAlike(t *testing.T) {
	t.Parallel()
	first := Wording{Title: "The treaty: signed", Body: treaty}
	for name, tt := range map[string]struct {
		Wording

		titled, text bool
	}{
		"itself":                 {first, true, true},
		"case, marks and blanks": {Wording{Title: "THE TREATY – signed!", Body: "<p>The minister signed the treaty of\u00a0Almira; it was late</p>"}, true, true},
		"what nobody sees":       {Wording{Title: "The tre\u200baty signed", Body: treatyWith("late", "la&shy;te")}, true, true},
		"Cyrillic and Greek":     {Wording{Title: "Тhе trеаtу sіgnеd", Body: press.HTML(foreign.Replace(treaty))}, true, true},
		"accents":                {Wording{Title: "Thé treatý signéd", Body: press.HTML(accents.Replace(treaty))}, true, true},
		"wide letters":           {Wording{Title: "Ｔｈｅ treaty signed", Body: treaty}, true, true},
		"blocks":                 {Wording{Title: first.Title, Body: "<h2>The minister</h2><ul><li>signed the treaty of Almira.</li><li>It was late.</li></ul>"}, true, true},
		"a line break":           {Wording{Title: first.Title, Body: treatyWith(". It", ".<br>It")}, true, true},
		"half a word in bold":    {Wording{Title: first.Title, Body: treatyWith("minister", "<strong>min</strong>ister")}, true, true},
		"what is struck through": {Wording{Title: first.Title, Body: treatyWith("signed", "<s>broke</s> signed")}, true, true},
		"a picture":              {Wording{Title: first.Title, Body: treaty + `<img src="a.png" alt="A pier">`, Images: []press.Image{{Src: "b.png"}}}, true, true},
		"a lead":                 {Wording{Title: first.Title, Lead: "It was late.", Body: treaty}, true, true},
		"its first half as lead": {Wording{Title: first.Title, Lead: "The minister signed the treaty of Almira.", Body: "<p>It was late.</p>"}, true, true},
		"another title":          {Wording{Title: "A treaty", Body: treaty}, false, true},
		"another word":           {Wording{Title: first.Title, Body: treatyWith("late", "early")}, false, false},
		"its title alone":        {Wording{Title: first.Title}, false, false},
	} {
		if got := meet(first.Titled(), tt.Titled()); got != tt.titled {
			t.Errorf("%s: the same title and text: %t", name, got)
		}
		if got := meet(first.Text(), tt.Text()); got != tt.text {
			t.Errorf("%s: the same text: %t", name, got)
		}
	}
	pier := Wording{Title: "Picture of the day", Body: `<img src="pier.png">`}
	if other := (Wording{Title: pier.Title, Body: `<img src="quay.png">`}); !meet(pier.Titled(), pier.Titled()) || meet(pier.Titled(), other.Titled()) || len(pier.Text()) > 0 {
		t.Error("an article without words is not told by its pictures")
	}
}

// TestShortTexts are none by themselves.
func TestShortTexts(t *testing.T) {
	t.Parallel()
	for text, known := range map[string]bool{
		"Statement to follow.": false, "The office is closed today.": false,
		"Almira and Brand have signed a treaty.": true,
		"声明稍后发布。":                                false, "外交部发言人今天就有关问题发表谈话。": true,
		"Заявление позже.": false, "Министерство осуждает нападение.": false, "Министр иностранных дел подал в отставку.": true,
	} {
		w := Wording{Title: "A statement", Body: press.HTML("<p>" + text + "</p>")}
		if len(w.Text()) > 0 != known || len(w.Titled()) == 0 {
			t.Errorf("%s: %d digests of the text, and %d with the title", text, len(w.Text()), len(w.Titled()))
		}
	}
}

// TestShingles: of texts with a few other words, and of those with one passage in common,
// also in a title or below a picture, some are the same, of others none.
func TestShingles(t *testing.T) {
	t.Parallel()
	text := func(topic string) string {
		var all strings.Builder
		for i := range 60 {
			fmt.Fprintf(&all, "%s%d ", topic, i)
		}
		return all.String()
	}
	fish := Wording{Title: "Fish", Body: press.HTML("<p>" + text("fish") + "</p>")}
	for name, tt := range map[string]struct {
		Wording

		near bool
	}{
		"three other words": {Wording{Title: "Cod", Body: press.HTML("<p>" + strings.NewReplacer("fish7 ", "cod ", "fish20 ", "cod ", "fish41 ", "cod ").Replace(text("fish")) + "</p>")}, true},
		"more words":        {Wording{Body: press.HTML("<p>They said: " + text("fish") + "and so on</p>")}, true},
		"a passage":         {Wording{Body: press.HTML("<p>" + strings.ReplaceAll(text("trade"), "trade30 ", "fish50 fish51 fish52 fish53 fish54 fish55 fish56 fish57 ") + "</p>")}, true},
		"a title":           {Wording{Title: "fish50 fish51 fish52 fish53 fish54 fish55 fish56 fish57"}, true},
		"a caption":         {Wording{Images: []press.Image{{Caption: "fish50 fish51 fish52 fish53 fish54 fish55 fish56 fish57"}}}, true},
		"a description":     {Wording{Body: `<img src="a.png" alt="fish50 fish51 fish52 fish53 fish54 fish55 fish56 fish57">`}, true},
		"another text":      {Wording{Body: press.HTML("<p>" + text("trade") + "</p>")}, false},
	} {
		if got := meet(fish.Shingles(), tt.Shingles()); got != tt.near {
			t.Errorf("%s: %t", name, got)
		}
	}
	if short := (Wording{Body: "<p>The minister signed the treaty of Almira.</p>"}); len(short.Shingles()) != 0 {
		t.Error("a short text has shingles")
	}
}

// TestStored: databases have these numbers. Others take a migration that makes them anew.
func TestStored(t *testing.T) {
	t.Parallel()
	w := Wording{Title: "The treaty", Lead: "It was lаte, 0ther, Привет ΕΛΛΆΔΑ ꓮ ո ⲟ ø.", Body: press.HTML(strings.Repeat(treaty, 4))}
	got := fmt.Sprint(w.Titled(), w.Text(), w.Shingles()[:2])
	if want := "[-7496557257512616498 -7284069851025755328] [6557967129659433261 -2542106490843046089] [-8511563869824344201 -8077173484848988813]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// treatyWith is the text of the treaty with other words.
func treatyWith(words, others string) press.HTML {
	return press.HTML(strings.Replace(treaty, words, others, 1))
}

// meet reports whether two lists of numbers have one in common.
func meet(some, others []int64) bool {
	return slices.ContainsFunc(some, func(n int64) bool { return slices.Contains(others, n) })
}
