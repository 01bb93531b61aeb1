package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestDraftLabels: what calls itself a draft goes out only if somebody says so.
func TestDraftLabels(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const text = "The Minister received the delegation."
	for _, title := range []string{
		"DRAFT: The budget", "Draft – The budget", "[DRAFT] The budget", "[Draft v2] The budget", "(draft) The budget", "The budget (DRAFT)", "The budget – draft", "The budget [first draft]",
		"Draft for approval: The budget", "DRAFT 3 | The budget", "WIP: The budget", "Not final draft: The budget", "BROUILLON : Le budget", "Entwurf: Der Haushalt", "Borrador: El presupuesto",
		"[RASCUNHO] O orçamento", "Bozza - Il bilancio", "Черновик: Бюджет", "مسودة: الميزانية", "草稿：预算", "Taslak: Bütçe", "Utkast: Budsjettet",
		"DRAFT The budget", "The budget DRAFT", "DRАFT: The budget", "To be approved: The budget", "Projet de communiqué : le budget",
	} {
		for field, doc := range map[string]Document{
			"title": r.texts(quoted(title), text),
			"lead":  r.texts("The budget", text, "lead: "+quoted(title)),
		} {
			_, err := r.File(t.Context(), doc, Filing{})
			if !errors.Is(err, ErrDraftLabel) || !strings.Contains(err.Error(), ": "+field+": it says ") {
				t.Errorf("%s in the %s: %v", title, field, err)
			}
			if err := r.Rehearse(t.Context(), func(d Desk) error {
				_, err := d.File(t.Context(), doc, Filing{Final: true, Again: true})
				return err
			}); err != nil {
				t.Errorf("%s in the %s, meant: %v", title, field, err)
			}
		}
	}
	if _, err := r.File(t.Context(), r.texts("The budget", "**DRAFT – not final**\n\n"+text), Filing{}); !errors.Is(err, ErrDraftLabel) {
		t.Errorf("above the text: %v", err)
	}
	for _, first := range []string{
		"DRAFT: The Minister said so.", "[Entwurf] The Minister said so.", "(draft) The Minister said so.", "DRAFT – The Minister received the delegation of Almira in the morning, and spoke with its head of fish and harbours.",
		"BROUILLON : Le Ministre l’a dit.", "BORRADOR: El ministro lo dijo.", "ЧЕРНОВИК: Министр сказал это.", "草稿：部长说了。", "مسودة: قال الوزير ذلك.", text + "\n\nDraft v2, not for publication",
	} {
		if _, err := r.File(t.Context(), r.texts("The budget", first), Filing{}); !errors.Is(err, ErrDraftLabel) {
			t.Errorf("%s: %v", first, err)
		}
	}
	for i, first := range []string{
		"Draft: a word that some take for an order – so says the ministry.", "The draft (of 12 May) is public.", "Draft law: the ministers agreed on it.", "The treaty [draft of May] was read.",
	} {
		if _, err := r.File(t.Context(), r.texts("The bill "+strings.Repeat("I", i+1), first), Filing{}); (err != nil) != (i == 0) {
			t.Errorf("%s: %v", first, err)
		}
	}
	for _, title := range []string{
		"DRAFT TREATY ON SHIPS SIGNED", "NATO's DRAFT treaty", "Projet de loi : les points", "Draft treaty on fish published", "The draft: what it says", "Draft law: the main points", "Ministers discuss a draft", "A draft of the treaty", "The budget – a draft law", "Draft beer exports", "Military draft: exemptions", "Overdraft", "Entwurf des Gesetzes: die Punkte",
	} {
		if _, err := r.File(t.Context(), r.texts(quoted(title), text), Filing{}); err != nil {
			t.Errorf("%s: %v", title, err)
		}
	}
}

// TestALabelThatReadersKnow does not keep a correction from being made, and one that is
// new does.
func TestALabelThatReadersKnow(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	filed, err := r.File(t.Context(), r.texts(quoted("Draft: The budget"), "It is of 100 milion."), Filing{Final: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		title string
		want  error
	}{{"Draft: The budget", nil}, {"The budget", nil}, {"[Draft] The budget", ErrDraftLabel}} {
		_, err := r.Correct(t.Context(), filed.Article.ID, r.texts(quoted(tt.title), "It is of 100 million. "+tt.title), Correction{Minor: true})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.title, err, tt.want)
		}
	}
}

// TestDatelinesAhead: a text that begins with the day on which it is news is not public
// before, and one about an event is.
func TestDatelinesAhead(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.Languages = append(r.Languages, "de", "ru", "es", "zh")
	const later = "The Minister received the delegation of Almira today."
	for _, tt := range []struct {
		language, line string
		ahead          bool
	}{
		{"en", "Port Almira, 24 December 2026 – " + later, true},
		{"en", "PORT ALMIRA, 24 December 2026 -- " + later, true},
		{"en", "**Port Almira, 24 December 2026** – " + later, true},
		{"en", "PORT ALMIRA (24 December 2026) — " + later, true},
		{"en", "(Port Almira, 24 December 2026) " + later, true},
		{"en", "**Port Almira, 24 December 2026** " + later, true},
		{"en", "Port Almira, 24 December 2026. " + later, true},
		{"en", "Port Almira, December 24, 2026: " + later, true},
		{"en", "Port Almira 24 December 2026 – " + later, true},
		{"en", "Issued on 24 December 2026\n\n" + later, true},
		{"en", "The treaty ends on 24 December 2026. " + later, false},
		{"en", "24 December 2026: the office is closed. 25 December 2026: so it is.", false},
		{"en", "Christmas party, 24 December 2026. " + later, false},
		{"en", "(Until 24 December 2026) " + later, false},
		{"en", "**Closed on 24 December 2026** " + later, false},
		{"en", "Terminal 4 – " + later, false},
		{"en", "Port Almira, Dec. 24, 2026 - " + later, true},
		{"en", "Port Almira, Thursday, 24 December 2026 – " + later, true},
		{"en", "Port Almira, 2026-12-24 – " + later, true},
		{"fr", "Almira, le 24 décembre 2026 – Le ministre a reçu la délégation.", true},
		{"de", "Almira, den 24. Dezember 2026 – Der Minister empfing die Delegation.", true},
		{"es", "Almira, 24 de diciembre de 2026 – El ministro recibió a la delegación.", true},
		{"ru", "Алмира, 24 декабря 2026 г. – Министр принял делегацию.", true},
		{"ar", "الميرا، 24 ديسمبر 2026 – استقبل الوزير الوفد اليوم.", true},
		{"fr", "Port Almira, 24/12/2026 – Le Ministre a reçu la délégation.", true},
		{"fr", "Port Almira, 24/12/2026 – Le Ministre.", true},
		{"de", "Almira, den 24.12.2026 – Der Minister empfing die Delegation.", true},
		{"es", "Almira, 24 de diciembre de 2026.– El ministro recibió a la delegación.", true},
		{"en", "Port Almira, December 24 (MoF) – " + later, true},
		{"en", "Port Almira, Thursday, December 24 – " + later, true},
		{"en", "Port Almira, November 24 (MoF) – " + later, false},
		{"en", "Port Almira, December 3 – " + later, true},
		{"de", "Almira, 24. Dezember – Der Minister empfing die Delegation.", true},
		{"ru", "Алмира, 24 декабря – Министр принял делегацию.", true},
		{"zh", "本报阿尔米拉12月24日电 部长会见了代表团。", true},
		{"zh", "本报阿尔米拉11月24日电 部长会见了代表团。", false},
		{"fr", "Le 24 décembre 2026 – Le Ministre a reçu la délégation.", true},
		{"en", "24 December 2026 – " + later, true},
		{"de", "24.12.2026 – Der Minister empfing sie.", true},
		{"en", "24 December 2026 – conference on fish", false},
		{"en", "24 December 2026 – Christmas Eve – the ministry is closed.", false},
		{"fr", "Le 24 décembre 2026 – Conférence de presse", false},
		{"en", "Port Almira, 24 December 2026\n\n" + later, true},
		{"en", "24 December 2026\n\n" + later, true},
		{"en", "**Thursday, 24 December 2026**\n\n" + later, true},
		{"de", "Almira, den 24. Dezember 2026\n\nDer Minister empfing sie.", true},
		{"en", "24 November 2026\n\n" + later, false},
		{"en", "Thursday, 24 December 2026\n\nPlace: Port Almira", false},
		{"en", "Christmas Eve, 24 December 2026\n\nThe ministry is closed.", false},
		{"en", later + "\n\n24 December 2026", false},
		{"en", "Port Almira, 24–26 December 2026\n\nThe ministers meet.", false},
		{"en", "Port Almira, 24 November 2026 – " + later, false},
		{"en", "The talks will take place on 24 December 2026 – the last day of the year's work.", false},
		{"en", "On Thursday, 24 December 2026 – the eve of the feast – the ministry is closed.", false},
		{"en", "Christmas Eve, 24 December 2026 – the ministry is closed all day.", false},
		{"en", "Opening hours, 24 December 2026 – The ministry is closed.", false},
		{"es", "Puerto de la Almira, 24 de diciembre de 2026 – El ministro recibió a la delegación.", true},
		{"en", "On 24 December 2026 – a Thursday – the ministry is closed.", false},
		{"en", "Conference in Almira, 24 December 2026 – 26 December 2026, with guests of many countries.", false},
		{"en", "Where and when: Port Almira, 24 December 2026 – doors open to all at ten.", false},
		{"en", "Port Almira, 24–26 December 2026 – the ministers meet for three days.", false},
		{"en", "Port Almira will host the games of 24 December 2026 – and those that follow.", false},
		{"en", "Port Almira\\, 24 December 2026 – " + later, false},
		{"en", "It is known.\n\nPort Almira, 24 December 2026 – " + later, false},
	} {
		doc := r.texts("The visit", tt.line, "language: "+tt.language)
		err := r.Rehearse(t.Context(), func(d Desk) error {
			_, err := d.File(t.Context(), doc, Filing{})
			return err
		})
		if (err != nil) != tt.ahead || err != nil && !(errors.Is(err, press.ErrInvalid) && strings.Contains(err.Error(), datedAhead)) {
			t.Errorf("%s: %v", tt.line, err)
		}
		doc = r.texts("The visit", tt.line, "language: "+tt.language, "published: 2026-12-24 09:00")
		if err := r.Rehearse(t.Context(), func(d Desk) error {
			_, err := d.File(t.Context(), doc, Filing{})
			return err
		}); err != nil {
			t.Errorf("%s, at its date: %v", tt.line, err)
		}
	}
}
