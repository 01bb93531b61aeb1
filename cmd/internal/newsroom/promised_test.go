package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestWhatNamesItsDateElsewhere is not public before that date, in whichever place and
// words it is named: the article would be out before anybody has seen the mistake.
func TestWhatNamesItsDateElsewhere(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const text = "\n\nThe minister received the ambassador of Almira in the morning.\n"
	for name, tt := range map[string]struct{ fields, body string }{
		"an embargo in words":                 {"", "Embargoed until 2026-12-24 10:00" + text},
		"in capitals":                         {"", "EMBARGOED UNTIL 10:00 CET ON THURSDAY, 24 DECEMBER 2026" + text},
		"in bold":                             {"", "**STRICTLY EMBARGOED UNTIL 24 December 2026, 10 a.m.**" + text},
		"in a sentence":                       {"", "This statement is embargoed until 24 December 2026." + text},
		"before the first sentence":           {"", "Embargoed until 2026-12-24 10:00 – the minister of foreign affairs received the ambassador of Almira, who has come to speak of fish and of harbours for many hours."},
		"until an event":                      {"", "Embargoed until delivery" + text},
		"without an end":                      {"", "PRESS RELEASE – EMBARGOED" + text},
		"under an embargo":                    {"", "Under embargo until 10:00" + text},
		"below a heading":                     {"", "# Statement\n\nEmbargo until 24.12.2026, 10 Uhr" + text},
		"in brackets":                         {"", "Check against delivery (embargoed until 10:00)" + text},
		"below the text":                      {"", text + "\nNot for publication before 10:00 on 24 December 2026\n"},
		"in the middle of it":                 {"", text + "\nDo not publish before 24 December.\n" + text},
		"in a comment":                        {"", "<!-- embargoed until 2026-12-24 10:00 -->" + text},
		"with letters in bold":                {"", "**Embar**goed until 2026-12-24 10:00" + text},
		"in French":                           {"", "SOUS EMBARGO JUSQU’AU 24 décembre 2026, 10 h 00" + text},
		"in Spanish":                          {"", "Embargado hasta el 24 de diciembre de 2026 a las 10:00" + text},
		"in German":                           {"", "Sperrfrist: 24. Dezember 2026, 10 Uhr" + text},
		"in Russian":                          {"", "Эмбарго до 24 декабря 2026, 10:00" + text},
		"in Arabic":                           {"", "حظر النشر حتى 24 ديسمبر 2026 الساعة 10:00" + text},
		"in Chinese":                          {"", "禁止在2026年12月24日10:00前发布" + text},
		"in the title":                        {"title: \"Embargoed until 24 December 2026: the treaty\"", text},
		"in the lead":                         {"title: A\nlead: Embargoed until 10:00", text},
		"a date without a colon":              {"", "published 2026-12-24 10:00" + text},
		"with a dash":                         {"", "Published – 2026-12-24 10:00" + text},
		"in a bracket":                        {"", "[published: 2026-12-24 10:00]" + text},
		"behind slashes":                      {"", "// published 2026-12-24 10:00" + text},
		"as others say it":                    {"", "Date of publication: 24 December 2026" + text},
		"as a request":                        {"", "Please publish on 24 December at 10:00" + text},
		"for release":                         {"", "FOR RELEASE 24 December 2026, 10:00" + text},
		"a date of publication in French":     {"", "Date de publication : 24 décembre 2026" + text},
		"a date of publication in Chinese":    {"", "发布时间：2026年12月24日 10:00" + text},
		"below the text, a date":              {"", text + "\nPublished: 24 December 2026\n"},
		"a date as the first line":            {"", "Date: 2026-12-24 10:00" + text},
		"a date in words":                     {"", "**Date:** 24 December 2026" + text},
		"a date in German":                    {"", "Datum: 24.12.2026" + text},
		"behind a comment":                    {"title: A\n#published: 2026-12-24 10:00", text},
		"behind a comment with a space":       {"title: A\n  # published: 2026-12-24", text},
		"behind a comment, by another name":   {"title: A\n# publish_at: 2026-12-24 10:00", text},
		"behind a comment, in words":          {"title: A\n# embargoed until 24 December", text},
		"behind a comment, without a colon":   {"title: A\n## published 2026-12-24 10:00", text},
		"later than the date":                 {"title: A\npublished: 2026-12-24 10:00", "Published: 2026-12-25 10:00" + text},
		"an embargo beside the date":          {"title: A\npublished: 2026-12-24 10:00", "Embargoed until 2026-12-24 10:00" + text},
		"the word alone":                      {"", "Embargo" + text},
		"the word alone, below":               {"", text + "\n**EMBARGO**\n"},
		"the word and true":                   {"", "embargo: true" + text},
		"in brackets before the text":         {"", "[EMBARGO] The minister received the ambassador of Almira in the morning, and spoke with her of fish and of harbours."},
		"with an hour alone":                  {"", "embargo 10h" + text},
		"with a day before the text":          {"", "EMBARGO 24/12: the minister received the ambassador of Almira in the morning, and spoke with her of fish and of harbours."},
		"held for release":                    {"", "Hold for release: 24 December" + text},
		"not before a day":                    {"", "Not before 2026-12-24" + text},
		"not before a day in German":          {"", "Nicht vor dem 24. Dezember 2026" + text},
		"free from a day":                     {"", "Frei ab 24.12.2026, 10 Uhr" + text},
		"not allowed before, in Chinese":      {"", "2026年12月24日前不得发布" + text},
		"forbidden before, in Arabic":         {"", "يحظر النشر قبل 24 ديسمبر 2026" + text},
		"as a feed has it":                    {"", "pubDate: 2026-12-24" + text},
		"as metadata have it":                 {"", "date_published: 2026-12-24" + text},
		"with a letter missing":               {"", "pulished: 2026-12-24" + text},
		"with two letters exchanged":          {"", "pubilshed: 2026-12-24" + text},
		"a title with the participle":         {"title: \"EMBARGOED: the treaty\"", text},
		"a title with a day":                  {"title: \"EMBARGO 24/12: the treaty\"", text},
		"a title in square brackets":          {"title: \"[EMBARGO] The treaty\"", text},
		"a title with brackets behind":        {"title: \"The treaty (embargo 24 December)\"", text},
		"a title with the bare word behind":   {"title: \"The treaty [embargo]\"", text},
		"a title with a dash":                 {"title: \"EMBARGO - the treaty\"", text},
		"a title under an embargo":            {"title: \"Under embargo - the treaty\"", text},
		"a title in German":                   {"title: \"Sperrfrist 24.12.: der Vertrag\"", text},
		"a title in French":                   {"title: \"Embargo jusqu’au 24 décembre La signature du traité avec Almira et des accords de pêche\"", text},
		"a title not to be published":         {"title: \"DO NOT PUBLISH: the treaty\"", text},
		"a title in Russian":                  {"title: \"Эмбарго: договор\"", text},
		"a lead with a label":                 {"title: A\nlead: \"EMBARGO: the minister received the ambassador of Almira in the morning, and spoke with her of fish and harbours.\"", text},
		"a lead with a field":                 {"title: A\nlead: \"published: 2026-12-24 10:00\"", text},
		"a lead with a field without colon":   {"title: A\nlead: published 2026-12-24 10:00", text},
		"a lead that goes on with a field":    {"title: A\nlead: The minister received the ambassador of Almira in the morning, and spoke of fish and of harbours\n  published 2026-12-24 10:00", text},
		"a lead in words":                     {"title: A\nlead: Published 24 December 2026", text},
		"a title that ends with a date":       {"title: A is published 2026-12-24 10:00", text},
		"a title for release":                 {"title: Treaty – for release 24 December 2026", text},
		"a title for release, in brackets":    {"title: Treaty (for publication on 24 December 2026)", text},
		"a title to be published, in German":  {"title: Vertrag – zur Veröffentlichung am 24. Dezember 2026", text},
		"for release, with an hour":           {"", "For release on 24 December 2026 at 10 a.m." + text},
		"for release behind a label":          {"", "Press release – for release 24 December 2026, 10:00" + text},
		"to publish, in French":               {"", "A publier le 24 décembre 2026" + text},
		"to send out, in French":              {"", "À diffuser le 24 décembre 2026 à 10 h" + text},
		"released, in German":                 {"", "Freigabe: 24.12.2026, 10 Uhr" + text},
		"to publish, in German":               {"", "Zur Veröffentlichung am 24. Dezember 2026" + text},
		"to publish, in Spanish":              {"", "Para publicar el 24 de diciembre de 2026" + text},
		"to publish, in Portuguese":           {"", "A publicar em 24 de dezembro de 2026" + text},
		"to publish, in Italian":              {"", "Da pubblicare il 24 dicembre 2026" + text},
		"to publish, in Russian":              {"", "Для публикации 24 декабря 2026" + text},
		"to publish, in Arabic":               {"", "للنشر في 24 ديسمبر 2026" + text},
		"to publish, in Chinese":              {"", "发布日期：2026年12月24日" + text},
		"below the text, in French":           {"", text + "\nA publier le 24 décembre 2026\n"},
		"the date in a row of a table at top": {"", "| published | 24 December 2026 |\n|---|---|\n| a | b |" + text},
	} {
		if tt.fields == "" {
			tt.fields = "title: A"
		}
		doc, err := r.Read("a.md", []byte("---\nsection: the-ministry/statements\n"+tt.fields+"\n---\n"+tt.body), nil)
		if err == nil {
			_, err = r.File(t.Context(), doc, Filing{})
		}
		problem, ok := errors.AsType[*Problem](err)
		if !ok || problem.Line == 0 || !errors.Is(err, press.ErrInvalid) || r.articles() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHonestDates are those of what a text speaks of.
func TestHonestDates(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const text = "\n\nThe minister received the ambassador of Almira in the morning.\n"
	for name, tt := range map[string]struct{ fields, body string }{
		"an embargo on arms":              {"title: \"Embargo on arms extended until 31 December 2027\"", "The embargo on arms to Almira was extended until 31 December 2027." + text},
		"goods under embargo":             {"", "The goods stayed embargoed until 2024." + text},
		"a list of sanctions":             {"", "The sanctions:\n\n- Arms embargo until 31 December 2027\n- Travel ban" + text},
		"a state under embargo":           {"", "Almira is under embargo, the council said on 12 May 2026." + text},
		"an embargo in the first words":   {"", "Embargo: the council decides." + text},
		"an advisory":                     {"", "**Date:** 24 December 2026\n\n**Time:** 10:00\n\n**Place:** Port Almira" + text},
		"an advisory in one paragraph":    {"", "Date: 24 December 2026\nPlace: Port Almira" + text},
		"a date of today":                 {"", "Date: 26 November 2026" + text},
		"a date of the past":              {"", "Published 12 May 2026, in the gazette" + text},
		"released in the past":            {"", "For immediate release\n\n24 November 2026" + text},
		"a publication that lies ahead":   {"", "The report will be published on 24 December 2026, and its annexes in the spring of the year after that." + text},
		"publication in a list":           {"", "The calendar of the tender for the harbour, in short words for all who want to take part in it:\n\n- Publication of the shortlist: 10 January 2027\n- Award: 3 March 2027" + text},
		"a date in the first sentence":    {"", "On 24 December 2026 the ministers will meet." + text},
		"meant":                           {"", "Embargoed until 2026-12-24\\." + text},
		"meant, a date":                   {"", "Published\\: 24 December 2026" + text},
		"the date that it has":            {"title: A\npublished: 2026-12-24 10:00", "Published on 2026-12-24 10:00" + text},
		"a comment on something else":     {"title: A\n# to be seen by Ada", text},
		"a comment beside the date":       {"title: A\npublished: 2026-12-24 10:00\n# published: 2026-12-25", text},
		"a comment with a date gone by":   {"title: A\n# published: 2026-05-12", text},
		"a released prisoner":             {"", "Released on 12 May 2026, Ivo Tarmas came home." + text},
		"a release that is asked for":     {"", "The minister demands the release of all who are held. They must be free on 24 December 2026." + text},
		"what is not to be used":          {"", "Visas are not to be used before they are signed, which takes some weeks for those who apply in the summer." + text},
		"a book":                          {"", "Published in 2026 by the ministry." + text},
		"an embargo that is spoken of":    {"", "The guide for editors says what is refused when it stands in a text (\"Embargoed until 24 December\"), and what is not." + text},
		"a title on arms":                 {"title: Embargo on arms lifted", text},
		"a title that says who extends":   {"title: EU extends embargo until 24 December 2027", text},
		"a title with a colon":            {"title: \"Embargo against Almira: the minister’s statement\"", text},
		"a title on arms with a colon":    {"title: \"Arms embargo: 24 December is the end\"", text},
		"a title on trade":                {"title: Trade under embargo since 2014", text},
		"a title on goods":                {"title: \"Embargoed goods: a guide\"", text},
		"a title with a year":             {"title: \"Embargo 1973: fifty years later\"", text},
		"a title with a number":           {"title: Embargo of 12 goods, until the council decides", text},
		"a title with two nouns":          {"title: \"Sanctions and embargo: what holds\"", text},
		"a title that ends with it":       {"title: \"Almira - the end of the embargo\"", text},
		"a title in quotation marks":      {"title: \"“Embargo”: a film of the ministry\"", text},
		"a title on several":              {"title: \"Embargoes: what they do\"", text},
		"a title on film":                 {"title: Frei ab 18 Jahren", text},
		"the word in a heading within":    {"", text + "\n## Embargo\n" + text},
		"hostages":                        {"", "The talks are done." + "\n\nRelease of hostages: 24 December 2026" + text},
		"prisoners":                       {"", "Release of all prisoners on 24 December 2026" + text},
		"lifted":                          {"", "The embargo was lifted." + text},
		"nothing before a day":            {"", "Not before 24 December will the ministers of both sides meet again" + text},
		"a book of a day":                 {"", "Issued: stamps" + text},
		"a title on a report":             {"title: Report will be published 24 December 2026", text},
		"a title on an event":             {"title: The summit will take place on 24 December 2026", text},
		"a lead on an event":              {"title: A\nlead: The summit will be published on the site, and will take place on 24 December 2026.", text},
		"a lead on a report":              {"title: A\nlead: \"The ministers agreed: the report will be published on 24 December 2026\"", text},
		"a title of the past":             {"title: Report published 24 November 2026", text},
		"a title on a list":               {"title: \"Tender: publication of the list on 24 December 2026\"", text},
		"a bridge":                        {"", "Freigabe der Brücke: 24.12.2026" + text},
		"an hour":                         {"", "10:30: the minister arrives." + text},
		"a dateline":                      {"", "PORT ALMIRA, 26 November 2026 – The minister came." + text},
		"a date below the text, far away": {"", text + "\nNext meeting: 24 December 2026\n"},
	} {
		if tt.fields == "" {
			tt.fields = "title: A"
		}
		doc, err := r.Read("a.md", []byte("---\nsection: the-ministry/statements\n"+tt.fields+"\n---\n"+tt.body), nil)
		if err == nil {
			_, err = r.File(t.Context(), doc, Filing{Again: true})
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestACorrectionNamesItsDateElsewhere, of what is public or goes out before.
func TestACorrectionNamesItsDateElsewhere(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft := r.file("A treaty", "published: 2026-12-24 10:00")
	for _, tt := range []struct {
		date string
		ok   bool
	}{{"25 December 2026", false}, {"24 December 2026", true}} {
		_, err := r.Correct(t.Context(), draft.ID, r.texts("A treaty", "Date: "+tt.date+"\n\nText of A treaty."), Correction{})
		if (err == nil) != tt.ok || err != nil && !strings.Contains(err.Error(), "lies ahead") {
			t.Errorf("%s: %v", tt.date, err)
		}
	}
}
