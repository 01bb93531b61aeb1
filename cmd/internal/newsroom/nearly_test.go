package newsroom

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/press"
)

const (
	visit = "The minister of foreign affairs of Almira received the ambassador of Brand in the ministry this morning. They spoke of fish, of harbours and of the dues that ships of both states pay there, " +
		"and they agreed that 12 delegates from each side will meet in Port Almira on 3 May to write a treaty. The minister thanked the ambassador for his work."
	form = "On the day of its independence the minister of foreign affairs congratulates the people of Brand and its government. He wishes them peace and good harvests, and looks forward to working together " +
		"with Brand in the council of the sea, where both states have stood side by side for many years. The friendship of the two peoples is old and deep."
	formArabic = "يهنئ وزير الخارجية شعب براند وحكومته بمناسبة يوم الاستقلال ويتمنى لهم السلام والازدهار ويتطلع إلى العمل معهم في مجلس البحر حيث وقفت الدولتان جنبا إلى جنب منذ سنوات طويلة " +
		"والصداقة بين الشعبين قديمة وعميقة وسيواصل الوزير العمل من أجلها في العام القادم مع جميع زملائه في المنطقة"
)

// TestNearlyTheSameText of the last days is filed once, under whichever title; a form that
// is filled in otherwise is another text.
func TestNearlyTheSameText(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	publish := func(doc Document) (press.Article, error) {
		filed, err := r.File(t.Context(), doc, Filing{})
		return filed.Article, err
	}
	must := func(name, title, body string, fields ...string) press.Article {
		t.Helper()
		a, err := publish(r.texts(title, body, fields...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return a
	}
	first := must("the first", "A visit", visit)
	r.clock.Pass(2 * 24 * time.Hour)
	if _, err := publish(r.texts("Une visite", visit, "language: fr")); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(first.ID)) {
		t.Errorf("in another language: %v", err)
	}
	for name, body := range map[string]string{
		"under another title":    visit,
		"a paragraph more":       visit + "\n\nThe delegations will then travel on to the islands, where the council of the sea has its seat.",
		"a mistake mended":       strings.Replace(visit, "harbours", "harbors", 1),
		"a few words more":       visit + " The talks were long and they were friendly.",
		"a few words less":       strings.Replace(visit, "in the ministry this morning", "this morning", 1),
		"in another order":       visit[strings.Index(visit, "They"):] + " " + visit[:strings.Index(visit, "They")],
		"in other letters of it": strings.ToUpper(visit),
	} {
		_, err := publish(r.texts("The ambassador came", body))
		if !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(first.ID)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	digest := "The week in the ministry: " + strings.Repeat("The Minister opened the harbour, and many sailors came from all sides of the sea. ", 8)
	if filed, err := r.File(t.Context(), r.texts("The week", digest+visit), Filing{}); err != nil || len(filed.Notes) != 1 || !strings.HasPrefix(filed.Notes[0].What, hasInIt+" article "+string(first.ID)) {
		t.Errorf("a collection: %+v, %v", filed.Notes, err)
	}
	if _, err := r.File(t.Context(), r.texts("The ambassador came", visit), Filing{Again: true}); err != nil {
		t.Errorf("as it is meant: %v", err)
	}
	must("another figure", "A visit of more", strings.Replace(visit, "12", "14", 1))
	must("another date", "A visit of later", strings.Replace(visit, "3 May", "4 May", 1))
	must("a form", "To Brand", form)
	must("the form for another state", "To Sarel", strings.ReplaceAll(form, "Brand", "Sarel"))
	must("a form in Arabic", "إلى براند", formArabic, "language: ar")
	must("the form in Arabic for another state", "إلى ساريل", strings.ReplaceAll(formArabic, "براند", "ساريل"), "language: ar")
	must("a short notice", "Closed", "The office is closed today.")
	must("the short notice again", "Closed again", "The office is closed today, too.")
	r.clock.Pass(7 * 24 * time.Hour)
	if filed, err := r.File(t.Context(), r.texts("Visite", visit, "language: fr"), Filing{}); err != nil || len(filed.Notes) != 1 || !strings.HasPrefix(filed.Notes[0].What, saysWhat) {
		t.Errorf("of days ago, under another title: %+v, %v", filed.Notes, err)
	}
	weekly := must("what comes each week", "To Brand once more", form)
	if _, err := r.Withdraw(t.Context(), weekly.ID, "A mistake in it."); err != nil {
		t.Fatal(err)
	}
	for _, doc := range []Document{
		r.texts("To Brand, mended", strings.Replace(form, "old and deep", "old and wide", 1)),
		r.texts("To Brand once more", strings.ReplaceAll(form, "Brand", "Ruvenia")),
		r.texts("Au Brand", strings.Replace(form, "old and deep", "old and wide", 1), "language: fr"),
	} {
		if _, err := publish(doc); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(weekly.ID)) {
			t.Errorf("%q, of what was withdrawn: %v", doc.Title, err)
		}
	}
	must("the form for a third state after it was withdrawn for another", "To Ruvenia", strings.ReplaceAll(form, "Brand", "Ruvenia"))
	r.clock.Pass(4 * 24 * time.Hour)
	must("under the title of what was withdrawn days ago", "To Brand once more", strings.ReplaceAll(form, "Brand", "Noumara"))
	if _, err := publish(r.texts("To Brand, mended", strings.Replace(form, "old and deep", "old and wide", 1))); !errors.Is(err, ErrAgain) {
		t.Errorf("what was withdrawn days ago: %v", err)
	}
	secret := must("a draft", "A secret visit", visit, "published: 2027-01-24 10:00")
	if _, err := publish(r.texts("A secret visit of an ambassador", visit)); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(secret.ID)) {
		t.Errorf("what is under embargo: %v", err)
	}
}

// TestWhatANoteHasReplaced does not come back in another article, under whichever title; a
// form that is filled in otherwise, what the article says now, and a part that no correction
// touched do.
func TestWhatANoteHasReplaced(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const old = "The Ministry of Foreign Affairs presented its plan on Monday. The budget is 100 million. The minister thanked all partners in the room."
	right := strings.Replace(old, "100", "200", 1)
	budget := r.publish(r.texts("Budget of the ministry", old))
	long := r.publish(r.texts("A visit", visit))
	for id, doc := range map[press.ArticleID]Document{budget.ID: r.texts("Budget of the ministry", right), long.ID: r.texts("A visit", strings.Replace(visit, "12 delegates", "14 delegates", 1))} {
		if _, err := r.Correct(t.Context(), id, doc, Correction{Note: "Not as many."}); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.Pass(30 * 24 * time.Hour)
	other := r.publish(r.texts("Another", "Something else was said in the harbour."))
	for name, tt := range map[string]struct {
		title, body string
		of          press.Article
	}{
		"under its title":         {"Budget of the ministry", old, budget},
		"under another":           {"Budget", old, budget},
		"with more":               {"Budget", old + " More is to follow in the coming weeks from the press office.", budget},
		"a part":                  {"Budget", "The budget is 100 million. The minister thanked all partners in the room.", budget},
		"a word mended":           {"Budget", strings.Replace(old, "thanked", "thanks", 1), budget},
		"a long one":              {"The ambassador came", visit, long},
		"a long one with more":    {"The ambassador came", visit + " The talks were long and they were friendly.", long},
		"a long one, some of it":  {"The ambassador came", visit[strings.Index(visit, "They"):], long},
		"with a sentence of news": {"Budget", old + " Ana Pires spoke in Lagos.", budget},
	} {
		doc := r.texts(tt.title, tt.body)
		err := r.rehearsed(doc)
		if !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(tt.of.ID)) || !strings.Contains(err.Error(), "Not as many.") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.Correct(t.Context(), other.ID, doc, Correction{Replace: true, Minor: true}); !errors.Is(err, ErrAgain) {
			t.Errorf("%s, as a correction of another: %v", name, err)
		}
	}
	for name, body := range map[string]string{
		"the right figure":     right,
		"no figure":            strings.Replace(old, "The budget is 100 million. ", "", 1),
		"the form":             "The Ministry of Foreign Affairs presented its plan on Friday. The budget is 300 million. The minister thanked all partners in the room.",
		"a part that is right": "The Ministry of Foreign Affairs presented its plan on Monday. It is long.",
	} {
		if err := r.rehearsed(r.texts("Plans", body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Correct(t.Context(), other.ID, r.texts("Another", "Something else was said in the port."), Correction{Note: "It said: " + old}); err != nil {
		t.Errorf("a note that quotes it: %v", err)
	}
}

// TestTheSameTextOfTheseDays is refused under another title, unless it is very short or was
// said days ago.
func TestTheSameTextOfTheseDays(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, body := range []string{"The Minister will not be available for comment.", "The office is closed today."} {
		r.publish(r.texts(strconv.Itoa(len(body))+" letters", body))
	}
	if err := r.rehearsed(r.texts("Once more", "THE MINISTER will not be available for comment")); !errors.Is(err, ErrAgain) {
		t.Errorf("under another title: %v", err)
	}
	if err := r.rehearsed(r.texts("Once more", "The office is closed today.")); err != nil {
		t.Errorf("a very short one: %v", err)
	}
	r.clock.Pass(nearDays)
	if err := r.rehearsed(r.texts("Once more", "The Minister will not be available for comment.")); err != nil {
		t.Errorf("days later: %v", err)
	}
}

// lookAlike writes Latin in letters of Cyrillic and Greek.
var lookAlike = strings.NewReplacer("a", "а", "e", "е", "o", "ο", "p", "р", "c", "с", "x", "х", "i", "і", "s", "ѕ", "T", "Τ", "B", "В", "A", "Α")

// publish files a document that nothing is wrong with.
func (r *room) publish(doc Document) press.Article {
	r.t.Helper()
	filed, err := r.File(r.t.Context(), doc, Filing{})
	if err != nil {
		r.t.Fatal(err)
	}
	return filed.Article
}

// rehearsed is what would be wrong with a document if it was filed.
func (r *room) rehearsed(doc Document) error {
	return r.Rehearse(r.t.Context(), func(d Desk) error {
		_, err := d.File(r.t.Context(), doc, Filing{})
		return err
	})
}

// TestPartsOfWhatIsKeptBack are refused, as are longer texts that have it in them; what
// only shares a passage, or what a correction has left of a text, is another text.
func TestPartsOfWhatIsKeptBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const (
		more  = "\n\nThe delegations will then travel on to the islands, where the council of the sea has its seat, and will visit the school of seafaring, the yards and the lighthouse of the northern bay."
		crash = "The embassy in Brand confirms that among those who were hurt in the accident of this morning are Karl Kuster and Lucia Stein. Consular officers are with them in the hospital."
		rest  = "\n\nThe embassy can be reached by telephone at all hours. The minister wished all who were hurt a quick recovery and thanked the rescuers for what they have done in the rain, and the government of the country for its help to the families that have come there."
	)
	part := visit[strings.Index(visit, "They"):]
	draft := r.publish(r.texts("A visit", visit, "published: 2026-12-24 10:00"))
	accident := r.publish(r.texts("An accident", crash+rest))
	correction := r.texts("An accident", strings.Replace(crash, "Karl Kuster and Lucia Stein", "citizens", 1)+rest)
	if _, err := r.Correct(t.Context(), accident.ID, correction, Correction{Minor: true, HideEarlier: true}); err != nil {
		t.Fatal(err)
	}
	other := r.publish(r.texts("Fish", "There is a new office for fishers in the harbour."))
	names := "Among those who were hurt in the accident of this morning are Karl Kuster and Lucia Stein"
	for _, doc := range []Document{
		r.texts(names, "It rained."), r.texts("An accident in Brand", "It rained.", "lead: "+names),
		r.texts("An accident in Brand", "!["+names+"](https://a.example/x.png)"),
		r.texts("An accident in Brand", "It rained.", "images: [{src: 'https://a.example/x.png', alt: A road, caption: "+names+"}]"),
	} {
		if err := r.rehearsed(doc); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), hasSome) {
			t.Errorf("names elsewhere than in the text: %v", err)
		}
	}
	told := r.Rehearse(t.Context(), func(d Desk) error {
		_, err := d.Correct(t.Context(), other.ID, r.texts("Fish", "There is a new office for sailors in the harbour."), Correction{Note: names + "."})
		return err
	})
	if !errors.Is(told, ErrAgain) || !strings.HasPrefix(told.Error(), "the note: ") {
		t.Errorf("names in a note: %v", told)
	}
	for name, tt := range map[string]struct {
		body string
		of   press.Article
		how  string
	}{
		"a paragraph more":             {visit + more, draft, hasInIt},
		"with other words and more":    {strings.Replace(visit, "harbours", "harbors", 1) + more, draft, hasInIt},
		"a paragraph less":             {part, draft, isPartOf},
		"a part with a few words more": {"They met. " + part, draft, isPartOf},
		"the text but for a few words": {strings.Replace(visit, "thanked", "praised", 1), draft, isNearly},
		"hidden, and more":             {crash + rest + more, accident, hasInIt + ofHidden},
		"hidden, but for a few words":  {strings.Replace(crash, "hurt", "injured", 1) + rest, accident, isNearly + ofHidden},
		"another figure in it":         {strings.Replace(visit, "12", "14", 1) + more, draft, hasSome},
		"a sentence of it":             {"It rained." + part[strings.Index(part, ", and they"):strings.Index(part, ". The minister")] + more, draft, hasSome},
		"a sentence of what is hidden": {"The embassy confirms: " + crash[strings.Index(crash, "among"):strings.Index(crash, ". Consular")] + "." + more, accident, hasSome + ofHidden},
		"in small letters":             {strings.ToLower(crash), accident, hasSome + ofHidden},
		"in Cyrillic and Greek":        {lookAlike.Replace(visit), draft, is},
		"with accents":                 {strings.NewReplacer("a", "á", "e", "ë", "o", "ô").Replace(visit), draft, is},
		"in capitals, another word":    {strings.ToUpper(strings.Replace(visit, "harbours", "ports", 1)), draft, isNearly},
		"without its names":            {"The telephone is open all day." + rest, press.Article{}, ""},
		"a passage of it":              {"The minister thanked the ambassador for his work." + more, press.Article{}, ""},
		"what is public of what was":   {strings.TrimSpace(rest), press.Article{}, ""},
	} {
		doc := r.texts("Something else", tt.body)
		corrected := r.Rehearse(t.Context(), func(d Desk) error {
			_, err := d.Correct(t.Context(), other.ID, doc, Correction{Note: "Mended.", Replace: true})
			return err
		})
		for _, err := range []error{r.rehearsed(doc), corrected} {
			if tt.how == "" && err != nil || tt.how != "" && (!errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), ": "+tt.how+" article "+string(tt.of.ID))) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestNoticesOfOtherDays: a notice that comes each week under one title is another one if
// all its days are others, also while the next one is under embargo.
func TestNoticesOfOtherDays(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const notice = "The spokesperson of the ministry will brief the press on 10 December at 11:00 in the hall of the ministry. Journalists who want to take part are asked to register by 9 December with their names and the medium " +
		"that they work for. The briefing can be followed on the site of the ministry, too, where a transcript is published on the same day."
	r.publish(r.texts("Press briefing", notice, "published: 2026-12-04 10:00"))
	for body, refused := range map[string]bool{
		strings.NewReplacer("10 December", "3 December", "9 December", "2 December").Replace(notice): false,
		strings.Replace(notice, "11:00", "11:30", 1):                                                 true,
		strings.Replace(notice, "9 December", "8 December", 1):                                       true,
		strings.NewReplacer("10 December", "Friday", "9 December", "Thursday").Replace(notice):       true,
		strings.NewReplacer("10 December", "9 December", "9 December", "8 December").Replace(notice): false,
	} {
		if err := r.rehearsed(r.texts("Press briefing", body)); errors.Is(err, ErrAgain) != refused || !refused && err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	weekly := func(day, before string) string {
		return strings.NewReplacer("10 December", day, "9 December", before).Replace(notice)
	}
	r.publish(r.texts("Briefing", weekly("Thursday", "Wednesday"), "published: 2026-12-04 10:00"))
	r.publish(r.texts("Closed", "The consular section is closed on Thursday.", "published: 2026-12-04 10:00"))
	r.publish(r.texts("Congratulations", form, "published: 2026-12-04 10:00"))
	for _, tt := range []struct {
		title, body string
		refused     bool
	}{
		{"Briefing", weekly("Friday", "Thursday"), false},
		{"Briefing", weekly("Tuesday", "Monday"), false},
		{"Briefing", weekly("Thursday", "Monday"), true},
		{"Closed", "The consular section is closed on Friday.", false},
		{"Congratulations", strings.ReplaceAll(form, "Brand", "Sarel"), false},
		{"Congratulations", strings.Replace(form, "Brand", "Sarel", 1), true},
		{"Congratulations", strings.Replace(form, "peace", "health", 1), true},
	} {
		if err := r.rehearsed(r.texts(tt.title, tt.body)); errors.Is(err, ErrAgain) != tt.refused || !tt.refused && err != nil {
			t.Errorf("%s: %s: %v", tt.title, tt.body, err)
		}
	}
}

// TestNoticesOfTheSameWeekday: what comes each Thursday is told apart by its dates.
func TestNoticesOfTheSameWeekday(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	notice := func(day, before string, fields ...string) Document {
		return r.texts("Weekly press briefing", "The weekly briefing of the press takes place on "+day+" at 11:00 in the press room of the ministry. "+
			"Journalists with a valid accreditation may attend in person, if they have registered by "+before+", and may send questions in writing.", fields...)
	}
	r.publish(notice("Thursday, 10 December", "9 December", "published: 2026-12-04 10:00"))
	for _, tt := range []struct {
		day, before string
		refused     bool
	}{
		{"Thursday, 3 December", "2 December", false},
		{"Thursday, 10 December", "8 December", true},
		{"Friday, 10 December", "9 December", true},
	} {
		if err := r.rehearsed(notice(tt.day, tt.before)); errors.Is(err, ErrAgain) != tt.refused || !tt.refused && err != nil {
			t.Errorf("%s, by %s: %v", tt.day, tt.before, err)
		}
	}
}

// TestComparedBefore: what was compared before the transaction in which a document is filed
// is not compared in it, and what has come between is.
func TestComparedBefore(t *testing.T) {
	t.Parallel()
	text := func(of string) string {
		return strings.Repeat("The Minister received the delegation of Almira and spoke of harbours, fish and "+of+" at length. ", 4)
	}
	for _, between := range []string{"A visit", "Another visit"} {
		r := newRoom(t)
		for _, of := range []string{"trade", "timber"} {
			if _, err := r.File(t.Context(), r.texts("On "+of, strings.ReplaceAll(text(of), "Almira", "Almira, of "+strings.ToUpper(of))), Filing{}); err != nil {
				t.Fatal(err)
			}
		}
		docs := []Document{r.texts("A visit", text("grain"))}
		if err := r.compareBefore(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
		if len(docs[0].compared) != 2 {
			t.Errorf("compared with %v", docs[0].compared)
		}
		filed, err := r.File(t.Context(), r.texts(between, text("grain")), Filing{})
		if err != nil {
			t.Fatal(err)
		}
		err = r.update(t.Context(), func(tx *storage.Tx) error {
			_, err := r.Desk.file(t.Context(), tx, docs[0], Filing{})
			return err
		})
		if !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(filed.Article.ID)) {
			t.Errorf("%s, which has come between, is not found: %v", between, err)
		}
	}
}

// TestNamed: what tells texts of a form apart is not the word that a sentence begins with,
// unless the title has it.
func TestNamed(t *testing.T) {
	t.Parallel()
	got := named("To Brand", "Today they met.", `<p>Brand and <a href="https://a.example/?A.B">Sarel</a> agreed. "Fish" is 3.5 dear: Ada said so.</p><p>Then she left
Almira. <em>She</em> came.</p>`)
	var names []string
	for name := range got {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"3", "5", "aimira", "brahd", "sarei"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
