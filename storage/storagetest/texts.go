package storagetest

import (
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// unstorable are texts that one engine would store and another refuse, or that
// both would store wrongly.
var unstorable = map[string]string{
	"cut in mid-rune": "caf\xc3",
	"a NUL":           "nothing\x00ness",
	"too long":        strings.Repeat("á", press.MaxBody+1),
}

var textTests = map[string]func(*testing.T, *world){
	"no unstorable text gets in": func(t *testing.T, w *world) {
		fields := map[string]func(d *press.Draft, text string){
			"title":    func(d *press.Draft, s string) { d.Title = s },
			"lead":     func(d *press.Draft, s string) { d.Lead = s },
			"body":     func(d *press.Draft, s string) { d.Body = press.HTML(s) },
			"tag":      func(d *press.Draft, s string) { d.Tags = []string{s} },
			"alt":      func(d *press.Draft, s string) { d.Images = []press.Image{{Src: "https://mfa.example/a.png", Alt: s}} },
			"src":      func(d *press.Draft, s string) { d.Images = []press.Image{{Src: s}} },
			"identity": func(d *press.Draft, s string) { d.Identity = s },
			"source":   func(d *press.Draft, s string) { d.SourceURL = s },
		}
		standing, _ := w.publish(w.draft("Standing"))
		for field, set := range fields {
			for flaw, text := range unstorable {
				d := w.draft("Fine")
				set(&d, text)
				t.Log(field, flaw)
				w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
					_, _, err := tx.Publish(d)
					return err
				})
				w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
					_, _, err := tx.Correct(standing.ID, newsdesk.Correction{Draft: d, Note: "Fine."})
					return err
				})
			}
		}
		for flaw, text := range unstorable {
			t.Log(flaw)
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, _, err := tx.Correct(standing.ID, newsdesk.Correction{Draft: w.draft("Fine"), Note: text})
				return err
			})
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, _, err := tx.Withdraw(standing.ID, text)
				return err
			})
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, err := tx.NameSection(w.ministry, "en", text)
				return err
			})
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, err := tx.AddSection(w.ministry, "fine", "en", text)
				return err
			})
		}
	},

	"any other text comes back as it was": func(t *testing.T, w *world) {
		d := w.draft("بيان صحفي \u202b\U0001F54A ']]>\" \\ %s \u0008")
		d.Lead = strings.Repeat("長", press.MaxLead)
		d.Body = press.HTML("<p>" + strings.Repeat("x", press.MaxBody-7) + "</p>")
		d.Tags = []string{"<b>", "ünï", "'; DROP TABLE articles; --"}
		d.Images = []press.Image{{Src: "https://mfa.example/a.png", Alt: "Two \"chairs\"\nand a table"}, {Src: "https://mfa.example/b.png"}}
		d.Particulars = press.Particulars{
			Kind: "press-release", Place: "Pörto <Almira>", NotesToEditors: []string{"'; DROP TABLE", "é"},
			Contacts: []press.Contact{{Name: "Rosa \"R.\" Vale", Telephone: "+351 21 555 0100"}, {Role: "Desk", Email: "desk@mfa.example"}},
		}
		a, _ := w.publish(d)
		got := w.article(a.ID)
		w.same("particulars", d.Particulars, got.Particulars)
		w.same("title", d.Title, got.Title)
		w.same("lead", d.Lead, got.Lead)
		w.same("body", d.Body, got.Body)
		w.same("tags", d.Tags, got.Tags)
		w.same("images", d.Images, got.Images)
	},
}
