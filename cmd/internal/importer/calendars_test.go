package importer

import (
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestConversions holds calendars to days that are known.
func TestConversions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		convert          func(int, int, int) span
		year, month, day int
		want             string
	}{
		{"new year of Ethiopia", ethiopian, 2016, 1, 1, "2023-09-12"},
		{"new year of Ethiopia after a leap day", ethiopian, 2015, 1, 1, "2022-09-11"},
		{"October in Ethiopia", ethiopian, 2016, 2, 7, "2023-10-18"},
		{"the last day of a leap year", ethiopian, 2015, 13, 6, "2023-09-11"},
		{"new year of Islam", islamic, 1445, 1, 1, "2023-07-19"},
		{"Ramadan", islamic, 1445, 9, 1, "2024-03-11"},
		{"new year of Nepal", bikramSambat, 2080, 1, 1, "2023-04-14"},
		{"Magh in Nepal", bikramSambat, 2080, 10, 1, "2024-01-15"},
	} {
		s := tt.convert(tt.year, tt.month, tt.day)
		want, err := time.Parse(time.DateOnly, tt.want)
		if err != nil {
			t.Fatal(err)
		}
		if apart := int(s.day.Sub(want).Abs() / (24 * time.Hour)); apart > s.about {
			t.Errorf("%s is %s, give or take %d days, want %s", tt.name, s.day.Format(time.DateOnly), s.about, tt.want)
		}
	}
}

// TestOtherCalendars: a date in figures on pages of countries with a calendar of their
// own is no date, unless metadata names that day.
func TestOtherCalendars(t *testing.T) {
	t.Parallel()
	words := map[press.Language]string{
		"am": "የኢትዮጵያ ውጭ ጉዳይ ሚኒስቴር መግለጫ ሰጥቷል። ሁለቱ ሚኒስትሮች በወደብ ጉዳይ ላይ ተወያይተዋል።",
		"ne": "परराष्ट्र मन्त्रालयले विज्ञप्ति जारी गरेको छ। दुवै मन्त्रीहरूले बन्दरगाहको विषयमा छलफल गरे।",
		"ar": "أصدرت وزارة الخارجية بيانا في هذا الشأن. وبحث الوزيران التعاون في مجال الموانئ على هامش الاجتماع.",
		"th": "กระทรวงการต่างประเทศออกแถลงการณ์ รัฐมนตรีทั้งสองหารือเรื่องท่าเรือและความร่วมมือระหว่างสองประเทศ",
		"fa": "وزارت امور خارجه بیانیه\u200cای در این باره صادر کرد. دو وزیر درباره همکاری در بندرها گفتگو کردند که این را است.",
	}
	for _, tt := range []struct {
		name     string
		language press.Language
		shown    string
		meta     string
		want     string // the date, or what the problem says
	}{
		{"Amharic", "am", "2016-02-07", "", "the date 2016-02-07 is in figures"},
		{"Amharic, with the month first or last", "am", "07/02/2016", "", "is in figures"},
		{"Amharic, our calendar by metadata", "am", "18/10/2023", "2023-10-18", "2023-10-18"},
		{"Amharic, theirs by metadata", "am", "07/02/2016", "2023-10-18T09:30:00+03:00", "2023-10-18"},
		{"Amharic, another day of metadata", "am", "07/02/2016", "2023-10-25", "no metadata names that day"},
		{"Amharic, only metadata", "am", "", "2023-10-18", "2023-10-18"},
		{"Amharic, in words of another language", "am", "18 October 2023", "", "2023-10-18"},
		{"Nepali", "ne", "२०८०/०७/०१", "", "is in figures"},
		{"Nepali, theirs by metadata", "ne", "२०८०/०७/०१", "2023-10-18", "2023-10-18"},
		{"Nepali, ours by metadata", "ne", "2023/10/18", "2023-10-18", "2023-10-18"},
		{"Nepali, ours without", "ne", "2023/10/18", "", "is in figures"},
		{"Hijri", "ar", "1445/04/03 هـ", "", "is in figures"},
		{"Hijri by metadata", "ar", "1445/04/03 هـ", "2023-10-18", "2023-10-18"},
		{"Hijri, another day of metadata", "ar", "1445/04/03 هـ", "2023-11-18", "no metadata names that day"},
		{"Hijri with our day", "ar", "18/10/2023 الموافق 1445/04/03", "", "2023-10-18"},
		{"Hijri before our day", "ar", "1445/04/03 الموافق 18/10/2023", "", "2023-10-18"},
		{"Thai", "th", "18/10/2566", "", "2023-10-18"},
		{"Persian", "fa", "1402/07/26", "", "2023-10-18"},
		{"Hijri in Persian", "fa", "1445/04/03 قمری", "", "is in figures"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page := `<html lang="` + string(tt.language) + `"><head><title>T</title>`
			if tt.meta != "" {
				page += `<meta property="article:published_time" content="` + tt.meta + `">`
			}
			page += `</head><body><main><h1>` + string([]rune(words[tt.language])[:20]) + `</h1><p class="date">` + tt.shown + `</p><p>` +
				strings.Repeat(words[tt.language]+" ", 6) + `</p></main></body></html>`
			p, err := ReadPage("page.html", []byte(page), Options{Zone: time.UTC, Language: tt.language})
			if err != nil {
				t.Fatal(err)
			}
			got := string(p.Local)
			if p.Local == "" && !p.Published.IsZero() {
				got = p.Published.Format(time.DateOnly)
			}
			if got == "" {
				got = strings.Join(p.Problems, "; ")
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q (%v)", got, tt.want, p.Problems)
			}
		})
	}
}

// TestCalendarOfThePage: an English text on a page of a country with a calendar of its
// own has the date of the page, whether the page says its language or only shows it.
func TestCalendarOfThePage(t *testing.T) {
	t.Parallel()
	const english = "The ministry has made a statement on the harbour. The two ministers spoke of the port and of fish, which is on their minds, and they have agreed to meet again in the spring of the year. "
	const menu = `<nav>የኢትዮጵያ ውጭ ጉዳይ ሚኒስቴር መግለጫ ሰጥቷል። ሁለቱ ሚኒስትሮች በወደብ ጉዳይ ላይ ተወያይተዋል። የኢትዮጵያ ውጭ ጉዳይ ሚኒስቴር መግለጫ ሰጥቷል። ሁለቱ ሚኒስትሮች በወደብ ጉዳይ ላይ ተወያይተዋል። ሚኒስቴር መግለጫ ሰጥቷል። የኢትዮጵያ ውጭ ጉዳይ ሚኒስቴር መግለጫ ሰጥቷል። ሁለቱ ሚኒስትሮች በወደብ ጉዳይ ላይ ተወያይተዋል። የኢትዮጵያ ውጭ ጉዳይ ሚኒስቴር መግለጫ ሰጥቷል። ሁለቱ ሚኒስትሮች</nav>`
	for _, tt := range []struct{ name, lang, menu, shown, meta, want string }{
		{"declared Amharic", "am", "", "2016-02-07", "", "the date 2016-02-07 is in figures"},
		{"declared Amharic, with its country", "am-ET", "", "07/02/2016", "", "is in figures"},
		{"declared Amharic, theirs by metadata", "am", "", "2016-02-07", "2023-10-18", "2023-10-18"},
		{"declared Amharic, a month in words", "am", "", "18 October 2023", "", "2023-10-18"},
		{"declared Nepali", "ne", "", "2080/07/01", "", "is in figures"},
		{"declared Nepali, theirs by metadata", "ne", "", "2080/07/01", "2023-10-18", "2023-10-18"},
		{"a menu in Amharic", "en", menu, "2016-02-07", "", "is in figures"},
		{"a menu in Amharic and nothing declared", "", menu, "2016-02-07", "", "is in figures"},
		{"a word in Amharic", "en", "<nav>አማርኛ</nav>", "2016-02-07", "", "2016-02-07"},
		{"a year of Nepal on an English page", "en", "", "2080-07-01", "", "the date 2080-07-01 is in figures"},
		{"a year of Nepal on an English page, by metadata", "en", "", "2080-07-01", "2023-10-18", "2023-10-18"},
		{"a year of Nepal on a Hindi page", "hi", "", "२०८०/०७/०१", "", "is in figures"},
		{"Hijri with a mark", "ar", "", "1445/04/03 AH", "", "is in figures"},
		{"English", "en", "", "2016-02-07", "", "2016-02-07"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page := `<html lang="` + tt.lang + `"><head><title>T</title>`
			if tt.meta != "" {
				page += `<meta property="article:published_time" content="` + tt.meta + `">`
			}
			page += "</head><body>" + tt.menu + `<main><h1>A statement on the harbour</h1><p class="date">` + tt.shown + `</p><p>` + strings.Repeat(english, 3) + `</p></main></body></html>`
			p, err := ReadPage("page.html", []byte(page), Options{Zone: time.UTC, Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(p.Problems, "; ")
			if !p.Published.IsZero() {
				got = p.Published.Format(time.DateOnly)
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q (%v)", got, tt.want, p.Problems)
			}
		})
	}
}
