package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"communique/storage/press"
)

// trio is a statement in three languages, and what is known of who may go out alone.
type trio struct {
	*room
	ids   map[press.Language]press.ArticleID
	alone map[press.Language]bool
	said  []string
}

var titles = map[press.Language]string{"en": "Treaty signed", "fr": "Traité signé", "ar": "توقيع المعاهدة"}

// hours are the dates that drafts have here, the third of which is the original's.
var hours = []string{"", "2026-11-27 10:00", "2026-11-27 11:00", "2026-11-27 12:00"}

// act is a command to one of three.
type act struct {
	does  string // file, correct, lift, withdraw
	lang  press.Language
	of    press.Language // what it translates
	hour  int
	alone bool
}

func (a act) String() string {
	return fmt.Sprintf("%s %s of %q at %q, alone %v", a.does, a.lang, a.of, hours[a.hour], a.alone)
}

func (s *trio) fields(a act) []string {
	fields := []string{"language: " + string(a.lang)}
	if a.of != "" {
		fields = append(fields, "translation_of: "+string(s.ids[a.of]))
	}
	switch {
	case a.does == "lift":
		fields = append(fields, "published: 2026-11-26")
	case a.hour > 0:
		fields = append(fields, "published: "+hours[a.hour])
	}
	return fields
}

// do does an act, or leaves all as it is if it is refused.
func (s *trio) do(a act) {
	s.t.Helper()
	before := s.now()
	var r Result
	var err error
	switch a.does {
	case "file":
		r, err = s.File(s.t.Context(), s.document(titles[a.lang], s.fields(a)...), Filing{Alone: a.alone, Again: true})
		if err == nil {
			s.ids[a.lang] = r.Article.ID
		}
	case "withdraw":
		r, err = s.Withdraw(s.t.Context(), s.ids[a.lang], "Not agreed.")
	default:
		c := Correction{Alone: a.alone, Lift: a.does == "lift"}
		if before[a.lang].State == press.Published {
			c.Minor = true
		}
		r, err = s.Correct(s.t.Context(), s.ids[a.lang], s.document(titles[a.lang], s.fields(a)...), c)
	}
	s.said = append(s.said, fmt.Sprintf("%s: %v", a, err))
	if err == nil && a.does != "withdraw" && a.alone && r.Article.Group != r.Article.ID && !r.Article.Inherits {
		s.alone[a.lang] = true
	}
	s.told(a, r, before)
	s.check()
}

func (s *trio) now() map[press.Language]press.Article {
	all := map[press.Language]press.Article{}
	for lang, id := range s.ids {
		all[lang] = s.stored(id)
	}
	return all
}

// told checks that whatever became another by an act was named by it.
func (s *trio) told(a act, r Result, before map[press.Language]press.Article) {
	s.t.Helper()
	for lang, now := range s.now() {
		was, there := before[lang]
		if was.State == press.Published && was.Group != now.Group {
			s.alone[lang] = true // it was public when it became a translation
		}
		at := slices.IndexFunc(r.Siblings, func(b Sibling) bool { return b.Article.ID == now.ID })
		if at >= 0 && r.Siblings[at].Fate == Alone {
			s.alone[lang] = true
		}
		if !there || lang == a.lang || was.State == now.State && was.Published.Equal(now.Published) && was.Held == now.Held {
			continue
		}
		want := Moved
		switch {
		case now.Held:
			want = Held
		case was.Held && now.State == press.Embargoed:
			want = Freed
		case now.State == press.Published:
			want = Released
		}
		if at < 0 || r.Siblings[at].Fate != want {
			s.t.Errorf("%s\n%s became %s at %s, held %v, and it says %v", strings.Join(s.said, "\n"), lang, now.State, now.Published, now.Held, r.Siblings)
		}
	}
}

// check is the rule: nothing is public before the original of its set, or without it, of
// which nobody has said so.
func (s *trio) check() {
	s.t.Helper()
	for lang, a := range s.now() {
		original := s.stored(a.Group)
		if a.ID == original.ID || s.alone[lang] || isGone(a) || a.Held {
			continue
		}
		early := original.State == press.Embargoed && (a.State == press.Published || a.Published.Before(original.Published))
		if early || a.State == press.Embargoed && isGone(original) {
			s.t.Errorf("%s\n%s is %s at %s, and the original %s %s at %s", strings.Join(s.said, "\n"), lang, a.State, a.Published, original.Language, original.State, original.Published)
		}
	}
}

// TestNothingIsPublicBeforeItsOriginal of which nobody has said so, whatever is done to
// the three of a set, in whatever order, and each act names all that it changed.
func TestNothingIsPublicBeforeItsOriginal(t *testing.T) {
	t.Parallel()
	starts := map[string][]act{
		"two of the first":         {{"file", "en", "", 2, false}, {"file", "fr", "en", 0, false}, {"file", "ar", "en", 0, false}},
		"a chain":                  {{"file", "en", "", 2, false}, {"file", "fr", "en", 0, false}, {"file", "ar", "fr", 0, false}},
		"of one released alone":    {{"file", "en", "", 2, false}, {"file", "fr", "en", 1, true}, {"file", "ar", "fr", 0, false}},
		"dated as what is alone":   {{"file", "en", "", 2, false}, {"file", "fr", "en", 1, true}, {"file", "ar", "fr", 1, false}, {"file", "ar", "fr", 2, false}},
		"of one that is out alone": {{"file", "en", "", 2, false}, {"file", "fr", "en", 0, true}, {"file", "ar", "fr", 0, false}},
		"of one that is later":     {{"file", "en", "", 2, false}, {"file", "fr", "en", 3, false}, {"file", "ar", "fr", 0, false}},
		"later than the first out": {{"file", "en", "", 0, false}, {"file", "fr", "en", 3, false}, {"file", "ar", "fr", 0, false}},
		"each at its hour":         {{"file", "en", "", 1, false}, {"file", "fr", "en", 2, false}, {"file", "ar", "en", 3, false}},
		"two sets":                 {{"file", "en", "", 2, false}, {"file", "fr", "", 1, false}, {"file", "ar", "fr", 0, false}},
		"two sets, one out":        {{"file", "en", "", 2, false}, {"file", "fr", "", 0, false}, {"file", "ar", "fr", 1, false}},
		"two sets, one later":      {{"file", "en", "", 2, false}, {"file", "fr", "", 3, false}, {"file", "ar", "fr", 0, false}},
	}
	var acts []act
	for _, lang := range []press.Language{"en", "fr", "ar"} {
		acts = append(acts, act{does: "withdraw", lang: lang}, act{does: "lift", lang: lang}, act{does: "correct", lang: lang, hour: 1},
			act{does: "correct", lang: lang, hour: 3}, act{does: "correct", lang: lang, alone: true}, act{does: "correct", lang: lang, hour: 1, alone: true})
	}
	acts = append(acts, act{does: "lift", lang: "fr", alone: true}, act{does: "correct", lang: "en", hour: 3, alone: true},
		act{does: "correct", lang: "fr", of: "en"}, act{does: "correct", lang: "fr", of: "en", alone: true}, act{does: "correct", lang: "ar", of: "en"})
	for name, start := range starts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			for i, first := range acts {
				// All pairs take a minute; these are another choice of them for each start.
				second := acts[(i*5+len(name))%len(acts)]
				s := &trio{room: r, ids: map[press.Language]press.ArticleID{}, alone: map[press.Language]bool{}}
				for _, a := range append(slices.Clone(start), first, second) {
					s.do(a)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

// TestATranslationOfATranslation without a date of its own is public with that, or with the
// original of the set if that is later, in whatever order they were filed and moved; and who
// moves one is told of the others.
func TestATranslationOfATranslation(t *testing.T) {
	t.Parallel()
	const early, hour, late, later = "2026-11-27 10:00", "2026-11-27 11:00", "2026-11-27 12:00", "2026-11-27 13:00"
	type step struct{ lang, of, date, moves string } // correct, or file what is not there
	for name, tt := range map[string]struct {
		steps  []step
		en, ar string
		fr, el string
	}{
		"moved when all are filed":      {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"ar", "en", late, "fr"}}, early, late, late, ""},
		"filed when it has moved":       {[]step{{"en", "", early, ""}, {"ar", "en", late, ""}, {"fr", "ar", "", ""}}, early, late, late, ""},
		"moved and filed and moved":     {[]step{{"en", "", early, ""}, {"ar", "en", hour, ""}, {"fr", "ar", "", ""}, {"ar", "", late, "fr"}}, early, late, late, ""},
		"moved back":                    {[]step{{"en", "", hour, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"ar", "", later, "fr"}, {"ar", "", late, "fr"}}, hour, late, late, ""},
		"moved back to the original":    {[]step{{"en", "", hour, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"ar", "", late, "fr"}, {"ar", "", hour, "fr"}}, hour, hour, hour, ""},
		"a chain":                       {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"el", "fr", "", ""}, {"ar", "", late, "fr el"}}, early, late, late, late},
		"another of the original":       {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"el", "en", "", ""}, {"ar", "", late, "fr"}}, early, late, late, early},
		"it names the original now":     {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"fr", "en", "", ""}, {"ar", "", late, ""}}, early, late, early, ""},
		"it names the translation now":  {[]step{{"en", "", early, ""}, {"ar", "en", late, ""}, {"fr", "en", "", ""}, {"fr", "ar", "", ""}}, early, late, late, ""},
		"it has a date of its own":      {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", hour, ""}, {"ar", "", late, ""}}, early, late, hour, ""},
		"the original moves behind all": {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"en", "", late, "ar fr"}}, late, late, late, ""},
		"the original moves, not so far": {[]step{{"en", "", early, ""}, {"ar", "en", "", ""}, {"fr", "ar", "", ""}, {"ar", "", late, "fr"}, {"en", "", hour, ""}},
			hour, late, late, ""},
		"its set joins another": {[]step{{"ar", "", early, ""}, {"fr", "ar", "", ""}, {"en", "", late, ""}, {"ar", "en", late, "fr"}, {"ar", "", later, "fr"}}, late, later, later, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			ids := map[string]press.ArticleID{}
			for i, s := range tt.steps {
				fields := []string{"language: " + s.lang}
				if s.of != "" {
					fields = append(fields, "translation_of: "+string(ids[s.of]))
				}
				if s.date != "" {
					fields = append(fields, "published: "+s.date)
				}
				if ids[s.lang] == "" {
					ids[s.lang] = r.file("Treaty in "+s.lang, fields...).ID
					continue
				}
				got, err := r.Correct(t.Context(), ids[s.lang], r.document("Treaty in "+s.lang, fields...), Correction{})
				if err != nil {
					t.Fatalf("step %d: %v", i, err)
				}
				var moved []string
				for _, b := range got.Siblings {
					if b.Fate == Moved {
						moved = append(moved, string(b.Article.Language))
					}
				}
				want := strings.Fields(s.moves)
				slices.Sort(moved)
				slices.Sort(want)
				if !slices.Equal(moved, want) {
					t.Errorf("step %d moves %v, want %v", i, moved, want)
				}
			}
			for lang, want := range map[string]string{"en": tt.en, "ar": tt.ar, "fr": tt.fr, "el": tt.el} {
				if want == "" {
					continue
				}
				if at := r.stored(ids[lang]).Published.In(r.Zone).Format("2006-01-02 15:04"); at != want {
					t.Errorf("%s is public at %s, want %s", lang, at, want)
				}
			}
		})
	}
}
