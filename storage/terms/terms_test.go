package terms_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"communique/storage/terms"
)

// What people take for the same word has the same terms.
func TestAlike(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{
		{"Treaty", "TREATY", "treaties", "treaty’s", "ｔｒｅａｔｙ"},
		{"traité", "traite", "Traités", "l’traité", "traite\u0301"},
		{"énergie", "energies", "Energy"},
		{"church", "churches"},
		{"classe", "classes", "class"},
		{"embajador", "embajadores"},
		{"accordo", "accordi", "accord"},
		{"Straße", "strasse"},
		{"İstanbul", "istanbul"},
		{"Łódź", "lodz"},
		{"Nguyễn", "nguyen"},
		{"Αθήνα", "ΑΘΗΝΑ"},
		{"λόγος", "ΛΟΓΟΣ"},
		{"Королёв", "королев"},
		{"министр", "Министра", "министрами", "министров"},
		{"заявление", "заявления", "заявлений", "заявлением"},
		{"Лавров", "Лаврова", "Лавровым"},
		{"соглашение", "соглаше́ние"}, // with a stress mark
		{"إعلان", "اعلان", "الإعلان", "والإعلان", "إِعْلَان", "إعـــلان"},
		{"معاهدة", "معاهده", "المعاهدات", "والمعاهدة"},
		{"مصطفى", "مصطفي"},
		{"وزارة", "الوزارة", "وزارات"},
		{"وزير", "الوزير", "والوزير"},
		{"٢٠٢٦", "2026", "۲۰۲۶"},
		{"王毅", "王毅"},
		{"カス", "ｶｽ"},
		{"שלום", "שָׁלוֹם"},
		{"ប្រទេសកម្ពុជា", "ប្រទេស\u200bកម្ពុជា"}, // where a line may be broken
		{"H₂O", "H2O", "h2o"},
		{"CO₂", "CO2"},
		{"10⁶", "10^6"},
		{"m²", "m2", "m^2"},
		{"Ca²⁺", "Ca2+"},
		{"1ᵉʳ", "1er"},
		{"Mᵐᵉ", "Mme"},
		{"quotas²", "quotas 2"},
		{"5½", "5 1/2"},
		{"①", "1"},
		{"COVID-19", "COVID19"},
		{"²³⁵U", "235 U", "₂₃₅U"},
		{"Donaudampfschiff", "Donau\u200bdampfschiff"},
		{"葛城市", "葛\U000e0100城市", "葛城\u2060市\ufe00"}, // the variant of a character
	} {
		want := terms.Index(words[0])
		if want == "" {
			t.Errorf("%q has no term", words[0])
		}
		for _, w := range words[1:] {
			if got := terms.Index(w); got != want {
				t.Errorf("%q is %q, but %q is %q", words[0], want, w, got)
			}
		}
	}
}

func TestUnlike(t *testing.T) {
	t.Parallel()
	for _, words := range [][2]string{
		{"port", "part"}, {"address", "adder"}, {"мир", "мэр"}, {"王毅", "毅王"}, {"новость", "новый"},
		{"कि", "की"}, {"วัน", "วาน"}, {"May", "May 2026"}, {"gas", "ga"}, {"status", "statue"},
		{"10⁶", "106"}, {"10⁶", "10₆6"}, {"5½", "512"}, {"x₁²", "x12"}, {"3①", "31"},
	} {
		if got := terms.Index(words[0]); got == terms.Index(words[1]) {
			t.Errorf("%q and %q are both %q", words[0], words[1], got)
		}
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "",
		" — ! ":                           "",
		"The Minister's visit to Léopold": "the minister visit to leopold",
		"L'accord d’Alger":                "accord alger",
		"COVID-19, A/RES/61":              "covid 19 a res 61",
		"外交部":                             "外交 交部 部",
		"王毅在2026年访问A股":                    "王毅 毅在 在 2026 年访 访问 问 a 股",
		"東京タワー。京都":                        "東京 京タ タワ ワー ー 京都 都",
		"한국 정부":                           "한국 국 정부 부",
		"H₂O, 10⁶ m²; quotas²":            "h 2 o 10 6 m 2 quota 2",
		"٢⁶ x²n":                          "2 6 x 2 n",
		"a\xffb\x00c":                     "a b c",
	} {
		if got := terms.Index(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func words(text ...string) []terms.Phrase {
	var all []terms.Phrase
	for _, w := range text {
		p := terms.Phrase{}
		w, p.Prefix = strings.CutSuffix(w, "*")
		p.Terms = strings.Fields(w)
		all = append(all, p)
	}
	return all
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]terms.Query{
		"":                           {},
		"  \t ?! -- \" \" -":         {},
		"harbour treaty":             {Must: words("harbour", "treaty")},
		`"harbour treaty" signed`:    {Must: words("harbour treaty", "signed")},
		`"harbour treaty`:            {Must: words("harbour treaty")},
		`harbour" treaty`:            {Must: words("harbour", "treaty")},
		"treaty -fisheries":          {Must: words("treaty"), Not: words("fishery")},
		`treaty -"north sea" −east`:  {Must: words("treaty"), Not: words("north sea", "east")},
		"-treaty":                    {Not: words("treaty")},
		"COVID-19":                   {Must: words("covid 19")},
		"l'accord":                   {Must: words("accord")},
		"«accord de paix» „Vertrag“": {Must: words("accord de paix", "vertrag")},
		"王毅":                         {Must: words("王毅")},
		"外交部 「王毅 访问」":                {Must: words("外交 交部", "王毅 毅 访问")},
		"税":                          {Must: words("税*")},
		"2026年":                      {Must: words("2026 年*")},
		"A股":                         {Must: words("a 股*")},
		// Nothing that a search engine takes for its own syntax gets through.
		`title:x OR y* AND NEAR(a b, 2) ^c {d e}:f + g) --`: {Must: words("title x", "or", "y", "and", "near a", "b", "2", "c", "d", "e f", "g")},
	} {
		got, err := terms.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// A query finds what a text says in whatever normal form it comes.
func TestParseInEveryNormalForm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Київ", "йод", "가나", "한국 정부", "ガス", "「サーバー」", "traité", "أمن"} {
		want, err := terms.Parse(norm.NFC.String(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := terms.Parse(norm.NFD.String(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-composed +decomposed):\n%s", text, diff)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("x", terms.MaxCharacters+1), strings.Repeat("王", terms.MaxCharacters+1), strings.Repeat("a ", 1<<19)} {
		var long *terms.TooLongError
		if _, err := terms.Parse(text); !errors.As(err, &long) {
			t.Errorf("%d bytes: got %v, want a *TooLongError", len(text), err)
		}
	}
	if _, err := terms.Parse(strings.Repeat("😀", terms.MaxCharacters)); err != nil {
		t.Errorf("as many characters as are allowed: %v", err)
	}
	q, err := terms.Parse(strings.Repeat("a -b ", 10))
	if err != nil || len(q.Must)+len(q.Not) != terms.MaxPhrases || !q.Cut {
		t.Errorf("twenty words: got %+v, %v", q, err)
	}
	if got := terms.Index(strings.Repeat("x", 1<<20)); len(got) > 200 {
		t.Errorf("a word of a megabyte is a term of %d bytes", len(got))
	}
}

// show writes hits in brackets.
func show(fragments []terms.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		if f.Hit {
			b.WriteString("[" + f.Text + "]")
		} else {
			b.WriteString(f.Text)
		}
	}
	return b.String()
}

func TestMark(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, text, want string }{
		{"treaty", "Two Treaties, one treaty's text", "Two [Treaties], one [treaty]'s text"},
		{`"harbour treaty"`, "A harbour treaty is no treaty of harbours", "A [harbour treaty] is no treaty of harbours"},
		{"harbour treaty", "A harbour treaty", "A [harbour] [treaty]"},
		{"treaty -harbour", "A harbour treaty", "A harbour [treaty]"},
		{"王毅", "外交部长王毅访问", "外交部长[王毅]访问"},
		{"外交部", "中国外交部发言人", "中国[外交部]发言人"},
		{"税", "关税和税收", "关[税]和[税]收"},
		{"معاهدة", "وقّعت الوزيرة المعاهدات أمس", "وقّعت الوزيرة [المعاهدات] أمس"},
		{"traite", "Le Traité de paix", "Le [Traité] de paix"},
		{"x", `<script>"x"</script>`, `<script>"[x]"</script>`},
		{"?", "nothing", "nothing"},
	} {
		q, err := terms.Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(q.Mark(c.text)); got != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestExtract(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Something else was said. ", 40)
	for _, c := range []struct{ query, text, want string }{
		{"treaty", "A short text on a treaty.", "A short text on a [treaty]."},
		{"absent", "A short text on a treaty. " + long, "A short text on a treaty. Something else was said. Something…"},
		{"harbour", long + "Then the harbour was opened. " + long, "…said. Then the [harbour] was opened. Something else was said…"},
		{"pilot tugs", long + "One pilot. " + long + "A pilot and two tugs. " + long, "…was said. A [pilot] and two [tugs]. Something else was said…"},
		{"王毅", strings.Repeat("今天天气很好。", 30) + "外交部长王毅访问。" + strings.Repeat("今天天气很好。", 30),
			"…气很好。今天天气很好。外交部长[王毅]访问。今天天气很好。今天天气很好。今天天气很好。今天天气很好。今天天气很好。今天天气很…"},
	} {
		q, err := terms.Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(q.Extract(c.text, 60)); got != c.want {
			t.Errorf("%q:\ngot  %q\nwant %q", c.query, got, c.want)
		}
	}
}

// FuzzQuery: whatever is typed, terms are harmless, a text that says the query
// is marked, and marking changes no text.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{`"harbour treaty" -x`, "王毅访问2026年", "ｶﾞｽ ﷺ", "a\xff\x00\"'", "وَالْإعلان l’accord", "ß İ ẞ ǆ", "ก็ 한국A"} {
		f.Add(seed, seed+" and more")
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := terms.Parse(query)
		if err != nil {
			return
		}
		for _, p := range append(q.Must, q.Not...) {
			for _, term := range p.Terms {
				if term == "" || !utf8.ValidString(term) || strings.ContainsFunc(term, func(r rune) bool {
					return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r < 0x80
				}) {
					t.Errorf("%q has the term %q", query, term)
				}
			}
		}
		var plain strings.Builder
		for _, fragment := range q.Mark(text) {
			plain.WriteString(fragment.Text)
		}
		if want := strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(text); plain.String() != want {
			t.Errorf("marking %q by %q made %q of it", text, query, plain.String())
		}
		if extract := show(q.Extract(text, 60)); utf8.ValidString(text) && !utf8.ValidString(extract) {
			t.Errorf("the extract of %q by %q is %q", text, query, extract)
		}
	})
}
