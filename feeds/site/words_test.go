package site

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	placeholders := map[string][]string{
		"Correction": {"{date}"}, "WithdrawnOn": {"{date}"}, "WithdrawnBecause": {"{date}", "{reason}"}, "InputOurs": {"{text}"}, "InputServer": {"{text}"}, "InputUser": {"{text}"}, "SectionClosed": {"{date}"}, "Date": {"{day}", "{month}", "{year}"},
		"DateTime": {"{date}", "{time}"}, "MonthYear": {"{month}", "{year}"}, "EarlierVersion": {"{date}"},
		"LetteringChanged": {"{text}", "{from}", "{to}"}, "LanguageChanged": {"{text}", "{from}", "{to}"}, "DirectionChanged": {"{text}", "{from}", "{to}"},
		"SourceChanged": {"{text}", "{from}", "{to}"}, "ScopeChanged": {"{text}", "{from}", "{to}"}, "SizeChanged": {"{text}", "{from}", "{to}"},
		"BlankChanged": {"{text}", "{from}", "{to}"}, "SideChanged": {"{text}", "{from}", "{to}"}, "FormChanged": {"{text}", "{from}", "{to}"}, "HeadMade": {"{text}"}, "HeadUnmade": {"{text}"},
		"VersionNumber": {"{number}"}, "CompareWith": {"{number}"}, "ComparedTitle": {"{from}", "{to}"}, "Time": {"{hour}", "{minute}"},
	}
	english := reflect.ValueOf(*all[fallback])
	for lang, w := range all {
		v := reflect.ValueOf(*w)
		for i := range v.NumField() {
			name, field := v.Type().Field(i).Name, v.Field(i)
			if field.IsZero() || field.Kind() == reflect.Map && field.Len() != english.Field(i).Len() {
				t.Errorf("%s: %s is missing", lang, name)
			}
			for _, p := range placeholders[name] {
				if !strings.Contains(field.String(), p) {
					t.Errorf("%s: %s lacks %s", lang, name, p)
				}
			}
		}
		for i, m := range w.Months {
			if m == "" || w.MonthsAlone[i] == "" {
				t.Errorf("%s: month %d is missing", lang, i+1)
			}
		}
	}
}

// TestPunctuation: a date that ends a sentence brings no second full stop, French
// has a no-break space before its high punctuation, and Italian no article before a
// date, which would be elided on the 8th and the 11th.
func TestPunctuation(t *testing.T) {
	t.Parallel()
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 9, 1, 20, 40, 0, 0, time.UTC)
	for lang, w := range all {
		for _, text := range []string{w.Correction + w.Colon, w.WithdrawnOn, w.EarlierVersion, w.SectionClosed} {
			for _, date := range []string{w.FormatDate(at), w.FormatTime(at)} {
				if said := strings.ReplaceAll(text, "{date}", date); strings.Contains(said, "..") {
					t.Errorf("%s: %s", lang, said)
				}
			}
		}
	}
	eachText(reflect.ValueOf(*all["fr"]), func(text string) {
		if found := plainBeforeHigh.FindString(text); found != "" {
			t.Errorf("fr: no no-break space before the sign in %q", found)
		}
	})
	eachText(reflect.ValueOf(*all["it"]), func(text string) {
		if strings.Contains(text, "il {date}") || strings.Contains(text, "del {date}") {
			t.Errorf("it: an article before the date in %q", text)
		}
	})
}

// plainBeforeHigh is high punctuation after a letter or a plain space.
var plainBeforeHigh = regexp.MustCompile(`[^\x{a0}\x{202f}]+[\pL»})\x{20}][:;?!]( |$)`)

// eachText calls fn for every string in a value.
func eachText(v reflect.Value, fn func(string)) {
	switch v.Kind() {
	case reflect.String:
		fn(v.String())
	case reflect.Struct:
		for _, field := range v.Fields() {
			eachText(field, fn)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			eachText(v.MapIndex(key), fn)
		}
	case reflect.Array:
		for i := range v.Len() {
			eachText(v.Index(i), fn)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	at := time.Date(2026, 9, 1, 20, 40, 0, 0, time.UTC) // 00:10 on the second in the zone
	for lang, want := range map[press.Language]string{
		"en": "2 September 2026, 00:10 (UTC+3:30)", "fr": "2 septembre 2026, 00 h 10 (UTC+3:30)",
		"de": "2. September 2026, 00:10 Uhr (UTC+3:30)", "es": "2 de septiembre de 2026, 00:10 (UTC+3:30)",
		"ru": "2 сентября 2026 года, 00:10 (UTC+3:30)", "zh": "2026年9月2日 00:10 (UTC+3:30)",
		"ar": "2 سبتمبر 2026، 00:10 (UTC+3:30)", "pt-BR": "2 de setembro de 2026, 00:10 (UTC+3:30)",
		"it": "2 settembre 2026, 00:10 (UTC+3:30)", "ja": "2 September 2026, 00:10 (UTC+3:30)",
	} {
		got := s.published(press.Article{Published: at, Precision: press.ToTheMinute}, s.Words(lang))
		if got.Text != want || got.Machine != "2026-09-02T00:10:00+03:30" {
			t.Errorf("%s: %+v, want %q", lang, got, want)
		}
	}
	if got := s.published(press.Article{Published: at, Precision: press.ToTheDay}, s.Words("fr")); got.Text != "2 septembre 2026" || got.Machine != "2026-09-02" {
		t.Errorf("to the day: %+v", got)
	}
	if got := s.Words("fr").FormatDate(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)); got != "1er mai 2026" {
		t.Errorf("the first of a month: %q", got)
	}
}
